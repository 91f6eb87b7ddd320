// Several readings of one command made into one.

import type { Resolved } from './resolve.ts';
import { compareRisk, highestRisk } from './risk.ts';
import type { Word } from './word.ts';

/** Several ways one command may turn out, as one: the highest risk, all reasons. */
export function merged(found: readonly Resolved[]): Resolved {
  const [first, ...others] = found;
  return others.reduce((all, one) => mergeTwo(all, one), first!);
}

/** Every list of words that the command may have. */
export function waysOf(found: Resolved): readonly (readonly Word[])[] {
  return found.ways ?? [found.words];
}

function sameWords(one: readonly Word[], other: readonly Word[]): boolean {
  return one.length === other.length && one.every((word, index) => word.value === other[index]!.value);
}

function mergeTwo(a: Resolved, b: Resolved): Resolved {
  const [high, low] = compareRisk(b.verdict.risk, a.verdict.risk) > 0 ? [b, a] : [a, b];
  const both = <T>(x: readonly T[] | undefined, y: readonly T[] | undefined): T[] => [
    ...new Set([...(x ?? []), ...(y ?? [])]),
  ];
  const inner = [...high.inner];
  for (const one of low.inner)
    if (!inner.some((other) => JSON.stringify(other) === JSON.stringify(one))) inner.push(one);
  const own = [high, low].map((one) => one.ownRisk ?? one.verdict.risk);
  return {
    ...high,
    ...((high.ownRisk ?? low.ownRisk) ? { ownRisk: highestRisk(own) } : {}),
    inner,
    ways: [
      ...waysOf(high),
      ...waysOf(low).filter((way) => !waysOf(high).some((other) => sameWords(way, other))),
    ],
    verdict: {
      ...low.verdict,
      ...high.verdict,
      reasons: both(high.verdict.reasons, low.verdict.reasons),
      reads: both(high.verdict.reads, low.verdict.reads),
      writes: both(high.verdict.writes, low.verdict.writes),
      ungated: both(high.verdict.ungated, low.verdict.ungated),
    },
  };
}
