// From the JSON of Prometheus's API to our types; what has not the shape is left out, never thrown.

import type {
  Labels,
  PrometheusAlert,
  PrometheusResult,
  PrometheusRule,
  PrometheusSeries,
} from './prometheusTypes.ts';

type Json = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function texts(value: unknown): Labels {
  return Object.fromEntries(Object.entries(fields(value)).map(([key, text]) => [key, String(text)]));
}

/** Milliseconds of an RFC 3339 time; null for Go's zero time, which means none. */
export function timeMs(value: unknown): number | null {
  const ms = typeof value === 'string' && !value.startsWith('0001-') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

export function readAlert(value: unknown): PrometheusAlert | null {
  const { labels, annotations, state, activeAt, value: sample } = fields(value);
  if (state !== 'firing' && state !== 'pending') return null;
  return {
    labels: texts(labels),
    annotations: texts(annotations),
    state,
    activeAtMs: timeMs(activeAt),
    value: readNumber(sample),
  };
}

export function readAlerts(value: unknown): PrometheusAlert[] {
  return list(value).flatMap((one) => readAlert(one) ?? []);
}

/** The alerting rules of `/api/v1/rules`. */
export function readRules(data: unknown): PrometheusRule[] {
  return list(fields(data).groups).flatMap((group) => {
    const { name: groupName, file, rules } = fields(group);
    return list(rules).flatMap((rule) => {
      const one = fields(rule);
      if (one.type !== 'alerting' || typeof one.name !== 'string') return [];
      const state = ['firing', 'pending', 'inactive'].find((known) => known === one.state);
      return [
        {
          name: one.name,
          query: String(one.query ?? ''),
          forMs: Math.round(Number(one.duration ?? 0) * 1000) || 0,
          labels: texts(one.labels),
          annotations: texts(one.annotations),
          state: (state ?? 'unknown') as PrometheusRule['state'],
          health: String(one.health ?? 'unknown'),
          lastError: typeof one.lastError === 'string' && one.lastError !== '' ? one.lastError : null,
          alerts: readAlerts(one.alerts),
          group: String(groupName ?? ''),
          file: String(file ?? ''),
        },
      ];
    });
  });
}

/** The `data` of a query; null where it is none. */
export function readResult(data: unknown): PrometheusResult | null {
  const { resultType, result } = fields(data);
  if (resultType === 'vector' || resultType === 'matrix') {
    const series = list(result).map((one): PrometheusSeries => {
      const { metric, value, values } = fields(one);
      const pairs = resultType === 'vector' ? [value] : list(values);
      return { labels: texts(metric), points: pairs.flatMap(readPoint) };
    });
    return { type: resultType, series, text: null };
  }
  if (resultType === 'scalar')
    return { type: 'scalar', series: [{ labels: {}, points: readPoint(result) }], text: null };
  if (resultType === 'string') return { type: 'string', series: [], text: String(list(result)[1] ?? '') };
  return null;
}

function readPoint(value: unknown): [number, number][] {
  const [time, sample] = list(value);
  return typeof time === 'number' && sample !== undefined
    ? [[Math.round(time * 1000), readNumber(sample)]]
    : [];
}

/** Samples are strings: `1.5`, `NaN`, `+Inf`, `-Inf`. */
function readNumber(value: unknown): number {
  const text = String(value);
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
