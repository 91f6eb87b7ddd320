// The six classes of what a command does, from looking to destroying, and their order.

/**
 * `read` < `write` (new local files only) < `secret` (reads credentials) < `change` (other writes to anything
 * shared or installed) < `unknown` < `destroy`.
 */
export type Risk = 'read' | 'write' | 'secret' | 'change' | 'unknown' | 'destroy';

export const risks: readonly Risk[] = ['read', 'write', 'secret', 'change', 'unknown', 'destroy'];

/** Negative where `a` is the lower. */
export function compareRisk(a: Risk, b: Risk): number {
  return risks.indexOf(a) - risks.indexOf(b);
}

/** The highest of `of`; `read` for none. */
export function highestRisk(of: Iterable<Risk>): Risk {
  let highest: Risk = 'read';
  for (const risk of of) if (compareRisk(risk, highest) > 0) highest = risk;
  return highest;
}
