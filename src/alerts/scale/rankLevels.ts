// From the heads of a scale to levels by meaning: 1 worst, capped at 4, whichever way the numbers run.

import type { SeverityNumber } from '../documentAlerts.ts';
import { generalLevel } from '../severity/severityWord.ts';

export interface RankedHead {
  readonly family: string;
  readonly rank: number | null;
  readonly label: string | null;
  readonly responseMs: number | null;
}

/** One level a head, in their order; null for all where nothing tells which end is the worst. */
export function rankLevels(heads: readonly RankedHead[]): SeverityNumber[] {
  const known = heads.map((head) => labelLevel(head.label));
  const order = worstFirst(heads, known);
  if (!order) return known;
  const levels: SeverityNumber[] = [...known];
  let worse = 0;
  order.forEach((index, place) => {
    const own = levels[index];
    if (own) {
      worse = own;
      return;
    }
    const next = order.slice(place + 1).find((other) => known[other]);
    const limit = next === undefined ? 4 : known[next]!;
    // Between two known ones the next number, but never better than the one below it.
    worse = Math.min(worse + 1, limit, 4);
    levels[index] = worse as SeverityNumber;
  });
  return levels;
}

function labelLevel(label: string | null): SeverityNumber {
  if (!label) return null;
  for (const word of label.split(/\s+/)) {
    const level = generalLevel(word);
    if (level) return level;
  }
  return null;
}

/** Indices of the heads, the worst first: told by the labels, else by response times, else by what the family means. */
function worstFirst(heads: readonly RankedHead[], known: readonly SeverityNumber[]): number[] | null {
  const byRank = heads.map((_, index) => index);
  if (heads.every((head) => head.rank !== null)) byRank.sort((a, b) => heads[a]!.rank! - heads[b]!.rank!);
  const direction =
    trend(byRank.map((index) => known[index] ?? null)) ||
    trend(byRank.map((index) => heads[index]!.responseMs));
  if (direction) return direction > 0 ? byRank : byRank.reverse();
  const family = heads[0]?.family;
  // A "level 3" alone may be the worst or the mildest; words without a meaning have no order at all.
  return family === 'LEVEL' || family === 'TIER' || family === 'WORD' ? null : byRank;
}

/** 1 rising, -1 falling, 0 where it can't be told. */
function trend(values: readonly (number | null)[]): number {
  const told = values.filter((value) => value !== null);
  const steps = told.slice(1).map((value, index) => Math.sign(value - told[index]!));
  if (steps.some((step) => step > 0) && steps.every((step) => step >= 0)) return 1;
  if (steps.some((step) => step < 0) && steps.every((step) => step <= 0)) return -1;
  return 0;
}
