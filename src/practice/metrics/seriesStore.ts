// Series over time: sampled from the cluster's state while it runs, and before that drawn out from the first
// sample, so that questions about last week have an answer.

import type { Sample } from '../containers/program.ts';
import type { Labels, Series, SeriesSource } from './promqlEvaluate.ts';

interface Kept {
  readonly labels: Labels;
  readonly points: [number, number][];
  perSecond: number | undefined;
  readonly firstValue: number;
  readonly firstRate: number;
}

const keptMs = 2 * 3_600_000;
const staleMs = 12_000;
const monthSeconds = 30 * 86_400;
/** How many points a stretch of drawn-out past has. */
const pastPoints = 60;

export class SeriesStore {
  readonly #series = new Map<string, Kept>();
  readonly #startedAt: number;
  #lastAt = 0;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  /** Takes in what the cluster shows at `atMs`. Counters grow by their rate since the sample before. */
  record(samples: readonly Sample[], atMs: number): void {
    if (atMs <= this.#lastAt) return;
    const seconds = this.#lastAt ? (atMs - this.#lastAt) / 1000 : 0;
    this.#lastAt = atMs;
    for (const { name, labels = {}, value, perSecond } of samples) {
      const all = { __name__: name, ...labels };
      const key = JSON.stringify(all);
      const known = this.#series.get(key);
      if (known) {
        const before = known.points.at(-1)?.[1] ?? 0;
        known.points.push([atMs, value ?? before + (perSecond ?? 0) * seconds]);
        while (known.points[0]![0] < atMs - keptMs) known.points.shift();
        continue;
      }
      const early = atMs - this.#startedAt < staleMs;
      const first = value ?? (early ? (perSecond ?? 0) * monthSeconds : 0);
      this.#series.set(key, {
        labels: all,
        points: [[atMs, first]],
        perSecond,
        firstValue: first,
        firstRate: perSecond ?? 0,
      });
    }
    for (const [key, { points }] of this.#series)
      if (points.at(-1)![0] < atMs - keptMs) this.#series.delete(key);
  }

  readonly source: SeriesSource = (name, from, to) => this.#select(name, from, to);

  *#select(name: string, from: number, to: number): Generator<Series> {
    for (const one of this.#series.values()) {
      if (name && one.labels.__name__ !== name) continue;
      const points = [...past(one, from, to), ...one.points.filter(([at]) => at >= from && at <= to)];
      const last = points.at(-1);
      const gone =
        last && last[0] === one.points.at(-1)![0] && to - last[0] > staleMs && to > this.#lastAt - staleMs;
      if (points.length > 0 && !gone) yield { labels: one.labels, points };
    }
  }

  /** What is current: for the text format, and for lists of labels. */
  current(): { labels: Labels; value: number; counter: boolean }[] {
    return [...this.#series.values()]
      .filter((one) => one.points.at(-1)![0] > this.#lastAt - staleMs)
      .map((one) => ({
        labels: one.labels,
        value: one.points.at(-1)![1],
        counter: one.perSecond !== undefined,
      }));
  }
}

function past(one: Kept, from: number, to: number): [number, number][] {
  const begin = one.points[0]![0];
  const counted = one.perSecond !== undefined;
  if (from >= begin || (counted && one.firstValue === 0 && one.firstRate > 0)) return [];
  const end = Math.min(to, begin - 1);
  const step = Math.max(1000, (end - from) / pastPoints);
  const points: [number, number][] = [];
  for (let at = from; at <= end; at += step) {
    const seconds = (begin - at) / 1000;
    const wave = 1 + 0.05 * Math.sin(at / 14_400_000);
    points.push([
      at,
      counted ? Math.max(0, one.firstValue - one.firstRate * seconds) : one.firstValue * wave,
    ]);
  }
  return points;
}
