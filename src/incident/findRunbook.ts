// Which runbook answers an alert: by the rules of the server, the cluster and rule files where they lead to one, else
// by the name that a runbook declares.

import { nameKey } from '../alerts/alertName.ts';
import type { PrometheusRule } from '../alerts/live/prometheusTypes.ts';
import type { PlacedRule } from '../alerts/rules/alertRule.ts';
import { linkRunbooks } from '../alerts/rules/linkRunbooks.ts';
import { rulesOfObject } from '../alerts/rules/rulesOfObject.ts';
import type { RunbookEntry } from '../alerts/rules/runbookEntry.ts';
import { isClusterError } from '../cluster/clusterError.ts';
import type { SessionTarget } from './sessionTarget.ts';

export interface FoundRunbook {
  readonly file: string;
  /** Line of the section that answers, from 0; null where only the file is known. */
  readonly line: number | null;
  /** How it came to be, for people: `runbook_url of the rule in rules.yml:4`. */
  readonly via: string;
  readonly conflicts: readonly string[];
}

/** The server's own rules, in the shape that links are made of. */
export function placedRules(rules: readonly PrometheusRule[], server: string): PlacedRule[] {
  return rules.map(({ name, query, forMs, labels, annotations, group, file }) => ({
    name,
    expr: query,
    for: forMs > 0 ? `${forMs / 1000}s` : '',
    labels,
    annotations,
    group,
    line: 0,
    file: file || server,
  }));
}

const mostObjects = 500;
const atOnce = 8;

/** Rules of the cluster's PrometheusRule objects; none where it has no such kind. Throws ClusterError otherwise. */
export async function clusterRules(
  { cluster, pin }: Pick<SessionTarget, 'cluster' | 'pin'>,
  signal?: AbortSignal,
): Promise<PlacedRule[]> {
  const options = signal ? { signal } : {};
  const query = { resource: 'prometheusrules.monitoring.coreos.com', allNamespaces: true };
  let names: Awaited<ReturnType<typeof cluster.names>>;
  try {
    names = await cluster.names(query, options);
  } catch (error) {
    if (isClusterError(error, 'cluster-not-found')) return [];
    throw error;
  }
  const rules: PlacedRule[] = [];
  for (let from = 0; from < Math.min(names.length, mostObjects); from += atOnce) {
    const objects = await Promise.all(
      names.slice(from, from + atOnce).map(async ({ name: own, namespace = pin.namespace }) => {
        const name = { resource: query.resource, name: own, namespace };
        const state = await cluster.objectNow(name, options);
        return rulesOfObject(state?.object, `${namespace}/prometheusrules/${own}`);
      }),
    );
    rules.push(...objects.flat());
  }
  return rules;
}

/** The surest; of an alert at two severities the one with these labels. undefined where no runbook answers. */
export function findRunbook(
  alert: string,
  severity: string | undefined,
  { rules, runbooks }: { readonly rules: readonly PlacedRule[]; readonly runbooks: readonly RunbookEntry[] },
): FoundRunbook | undefined {
  const own = rules.filter((rule) => nameKey(rule.name) === nameKey(alert));
  const wanted = own.length > 0 ? own : [ruleless(alert)];
  const { links } = linkRunbooks(wanted, runbooks);
  const [link] = [...links].sort((one, other) => rank(one.severity) - rank(other.severity));
  if (!link) return undefined;
  const { rule, via, url } = link;
  const from = own.length > 0 ? ` of the rule in ${rule.file}:${rule.line + 1}` : '';
  return {
    file: link.runbook,
    line: link.line,
    via: url ? `${via}${from}` : `its ${via}`,
    conflicts: link.conflicts,
  };
  function rank(word: string | null): number {
    return severity !== undefined && word?.toLowerCase() === severity.toLowerCase() ? 0 : 1;
  }
}

/** An alert that no known rule fires: only its name can lead to a runbook. */
const ruleless = (name: string): PlacedRule => ({
  name,
  expr: '',
  for: '',
  labels: {},
  annotations: {},
  group: null,
  line: 0,
  file: '',
});
