// A baseline: the problems that a set of old runbooks is known to have, so that only new ones are told. A problem is
// known by its code and message, which quotes the text: it may move, and is told again when its text changes.

import type { Problem } from '../base/problem.ts';

export interface LintBaseline {
  readonly version: 1;
  /** File → fingerprint → how often. */
  readonly files: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export function fingerprintOf({ code, message }: Problem): string {
  return `${code}: ${message}`;
}

export function baselineOf(found: ReadonlyMap<string, readonly Problem[]>): LintBaseline {
  const files: Record<string, Record<string, number>> = {};
  for (const [file, problems] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (problems.length > 0) files[file] = Object.fromEntries([...countsOf(problems)].sort());
  }
  return { version: 1, files };
}

/** Null for what is no baseline. */
export function readBaseline(text: string): LintBaseline | null {
  try {
    const value = JSON.parse(text) as LintBaseline;
    return value?.version === 1 && typeof value.files === 'object' && value.files !== null ? value : null;
  } catch {
    return null;
  }
}

/** The problems that the baseline does not hold; of equal ones those beyond its count. */
export function beyondBaseline(
  file: string,
  problems: readonly Problem[],
  baseline: LintBaseline,
): Problem[] {
  const known = Object.hasOwn(baseline.files, file) ? baseline.files[file]! : {};
  return beyond(problems, new Map(Object.entries(known)));
}

/** Those of `problems` beyond what `known` counts. */
export function beyond(problems: readonly Problem[], known: ReadonlyMap<string, number>): Problem[] {
  const left = new Map(known);
  return problems.filter((problem) => {
    const key = fingerprintOf(problem);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
}

export function countsOf(problems: readonly Problem[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const problem of problems) {
    const key = fingerprintOf(problem);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
