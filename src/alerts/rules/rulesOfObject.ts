// Alerting rules of a PrometheusRule object as the cluster's API gives it.

import type { PlacedRule } from './alertRule.ts';

/** `file` says where the object lives, such as `monitoring/prometheusrules/node`. What has not the shape gives no rules. */
export function rulesOfObject(object: unknown, file: string): PlacedRule[] {
  const groups = fieldOf(fieldOf(object, 'spec'), 'groups') ?? fieldOf(object, 'groups');
  return listOf(groups).flatMap((group) =>
    listOf(fieldOf(group, 'rules')).flatMap((rule) => {
      const name = fieldOf(rule, 'alert');
      if (typeof name !== 'string') return [];
      const groupName = fieldOf(group, 'name');
      return [
        {
          name,
          expr: String(fieldOf(rule, 'expr') ?? ''),
          for: String(fieldOf(rule, 'for') ?? ''),
          labels: textsOf(fieldOf(rule, 'labels')),
          annotations: textsOf(fieldOf(rule, 'annotations')),
          group: typeof groupName === 'string' ? groupName : null,
          line: 0,
          file,
        },
      ];
    }),
  );
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
}
