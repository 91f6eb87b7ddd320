// Several readings of one command made into one.

import type { Resolved } from './resolve.ts';
import { compareRisk } from './risk.ts';

/** Several ways one command may turn out, as one: the highest risk, all reasons. */
export function merged(found: readonly Resolved[]): Resolved {
  const [first, ...others] = found;
  return others.reduce((all, one) => mergeTwo(all, one), first!);
}

function mergeTwo(a: Resolved, b: Resolved): Resolved {
  const [high, low] = compareRisk(b.verdict.risk, a.verdict.risk) > 0 ? [b, a] : [a, b];
  const both = <T>(x: readonly T[] | undefined, y: readonly T[] | undefined): T[] => [
    ...new Set([...(x ?? []), ...(y ?? [])]),
  ];
  const inner = [...high.inner];
  for (const one of low.inner)
    if (!inner.some((other) => JSON.stringify(other) === JSON.stringify(one))) inner.push(one);
  return {
    ...high,
    inner,
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
