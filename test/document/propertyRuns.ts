// How property tests run: always the same cases, so that a red test is red for everybody; with RUNBOOK_SOAK set
// other cases each time, and that many times as many.

import type fc from 'fast-check';

export function runs(numRuns: number): fc.Parameters<unknown> {
  const times = Number(process.env.RUNBOOK_SOAK ?? 0);
  return times > 0 ? { numRuns: numRuns * times } : { numRuns, seed: 20_250_101 };
}
