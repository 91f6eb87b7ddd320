// Owns what a benchmark is, and the arithmetic that they share. A benchmark measures a ratio inside one run, so
// that its limit holds on any machine.

/** What one round found. */
export interface Measurement {
  /** In the benchmark's unit. */
  readonly value: number;
  /** What the value is made of, for a reader: times, sizes, counts. */
  readonly detail: string;
}

export interface Bench {
  readonly name: string;
  /** The worst value that is still good. */
  readonly limit: number;
  readonly unit: 'ratio';
  readonly higherIsBetter?: boolean;
  /** One round. It is called several times; the first time is the warm-up. */
  run(): Promise<Measurement>;
}

/** The middle of the values, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('No median of nothing.');
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How long `work` takes, in milliseconds. */
export async function timeMs(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

export interface Paired {
  /** The median of the pairs' ratios, subject over base. */
  readonly ratio: number;
  readonly subjectMs: number;
  readonly baseMs: number;
}

/**
 * Times two pieces of work turn by turn, so that a machine that grows slow is slow for both. Who goes first
 * changes with each pair. The first pair is thrown away.
 */
export async function measurePairs(
  subject: () => unknown,
  base: () => unknown,
  { pairs = 7 } = {},
): Promise<Paired> {
  const found: { subjectMs: number; baseMs: number }[] = [];
  for (let pair = 0; pair <= pairs; pair++) {
    const one = { subjectMs: 0, baseMs: 0 };
    const timeSubject = async () => {
      one.subjectMs = await timeMs(subject);
    };
    const timeBase = async () => {
      one.baseMs = await timeMs(base);
    };
    for (const time of pair % 2 === 0 ? [timeSubject, timeBase] : [timeBase, timeSubject]) await time();
    if (pair > 0) found.push(one);
  }
  return {
    ratio: median(found.map((one) => one.subjectMs / one.baseMs)),
    subjectMs: median(found.map((one) => one.subjectMs)),
    baseMs: median(found.map((one) => one.baseMs)),
  };
}

/** Whether a value keeps a benchmark's limit. */
export function keepsLimit(bench: Pick<Bench, 'limit' | 'higherIsBetter'>, value: number): boolean {
  return bench.higherIsBetter ? value >= bench.limit : value <= bench.limit;
}
