// Of the declarations that reach a cell, those that count: the nearest, and among equals the surest.

import { nameKey } from './alertName.ts';
import type { AlertDeclaration, Reach, SeverityDeclaration } from './declaration.ts';

const length = (reach: Reach): number => reach.endLine - reach.line;

/** For each of `lines` (rising) the declarations whose reach holds it, in one sweep. */
export function reachingEach<T extends { readonly reach: Reach }>(
  declarations: readonly T[],
  lines: readonly number[],
): T[][] {
  const coming = [...declarations].sort((a, b) => a.reach.line - b.reach.line);
  let next = 0;
  let open: T[] = [];
  return lines.map((line) => {
    open = open.filter(({ reach }) => line < reach.endLine);
    for (; next < coming.length && coming[next]!.reach.line <= line; next++) {
      if (line < coming[next]!.reach.endLine) open.push(coming[next]!);
    }
    return open;
  });
}

/** Of those that reach a cell: the narrowest of what is declared, else of what is implied, else mentioned. */
export function nearestAlerts(reaching: readonly AlertDeclaration[]): AlertDeclaration[] {
  for (const tier of ['declared', 'implied', 'mentioned'] as const) {
    const own = narrowest(reaching.filter((one) => one.tier === tier));
    if (own.length > 0) return surestByName(own);
  }
  return [];
}

/** Severities of the narrowest reach at the strongest way of telling. */
export function nearestSeverities(reaching: readonly SeverityDeclaration[]): SeverityDeclaration[] {
  for (const strength of [1, 2, 3]) {
    const own = narrowest(reaching.filter((one) => one.strength === strength));
    if (own.length > 0) return own;
  }
  return [];
}

/** One declaration a name, the surest kept, in the order of their confidence. */
export function surestByName(declarations: readonly AlertDeclaration[]): AlertDeclaration[] {
  const byName = new Map<string, AlertDeclaration>();
  for (const one of declarations) {
    const key = nameKey(one.name);
    const other = byName.get(key);
    if (!other || one.confidence > other.confidence)
      byName.set(key, { ...one, severity: one.severity ?? other?.severity } as AlertDeclaration);
    else if (!other.severity && one.severity) byName.set(key, { ...other, severity: one.severity });
  }
  return [...byName.values()].sort((a, b) => b.confidence - a.confidence);
}

function narrowest<T extends { readonly reach: Reach }>(declarations: readonly T[]): T[] {
  const shortest = Math.min(...declarations.map(({ reach }) => length(reach)));
  return declarations.filter(({ reach }) => length(reach) === shortest);
}
