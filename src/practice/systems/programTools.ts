// What the systems' programs share: wavering numbers, log lines, answers.

import type { ContainerView, HttpAnswer, Sample } from '../containers/program.ts';
import { parseQuantity } from '../kinds/quantity.ts';

/** Between 1 - `depth` and 1 + `depth`, smooth over minutes, another course for each pod. */
export function waver(view: ContainerView, depth = 0.1, periodMs = 300_000): number {
  let seed = 0;
  for (const letter of view.pod.metadata.uid) seed = (seed * 31 + letter.charCodeAt(0)) % 997;
  return 1 + depth * Math.sin((view.cluster.now() / periodMs) * 2 * Math.PI + seed);
}

export function memoryLimit(view: ContainerView): number {
  return parseQuantity(view.spec.resources?.limits?.memory) ?? Number.POSITIVE_INFINITY;
}

export function cpuLimit(view: ContainerView): number {
  return parseQuantity(view.spec.resources?.limits?.cpu) ?? 1;
}

export function factNumber(view: ContainerView, key: string, otherwise: number): number {
  const value = view.cluster.facts.get(key);
  return typeof value === 'number' ? value : otherwise;
}

/** Text lines turned out one after another, by their number; a line's `%` is its number. */
export function cycle(
  lines: readonly string[],
): (view: ContainerView, index: number, atMs: number) => string {
  return (_view, index, atMs) =>
    `${new Date(atMs).toISOString()} ${lines[index % lines.length]!.replaceAll('%', String(index))}`;
}

export function ok(body: HttpAnswer['body'] = { status: 'ok' }): HttpAnswer {
  return { status: 200, body };
}

export function unavailable(body: HttpAnswer['body']): HttpAnswer {
  return { status: 503, body };
}

/** The metrics of one container in Prometheus' text format; counters as totals since its start. */
export function metricsText(view: ContainerView, samples: readonly Sample[]): string {
  const seconds = (view.cluster.now() - view.startedAt) / 1000;
  const seen = new Set<string>();
  return samples
    .map(({ name, labels = {}, value, perSecond }) => {
      const told = Object.entries(labels).map(([key, text]) => `${key}=${JSON.stringify(text)}`);
      const type = seen.has(name) ? '' : `# TYPE ${name} ${perSecond === undefined ? 'gauge' : 'counter'}\n`;
      seen.add(name);
      return `${type}${name}${told.length ? `{${told.join(',')}}` : ''} ${value ?? (perSecond ?? 0) * seconds}\n`;
    })
    .join('');
}

/** A histogram's counters for requests that mostly take `medianSeconds`. */
export function histogram(
  name: string,
  perSecond: number,
  medianSeconds: number,
  labels: Record<string, string>,
): Sample[] {
  const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  const share = (bound: number): number => 1 / (1 + (medianSeconds / bound) ** 2.2);
  return [
    ...bounds.map((bound) => ({
      name: `${name}_bucket`,
      labels: { ...labels, le: String(bound) },
      perSecond: perSecond * share(bound),
    })),
    { name: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, perSecond },
    { name: `${name}_count`, labels, perSecond },
    { name: `${name}_sum`, labels, perSecond: perSecond * medianSeconds * 1.2 },
  ];
}
