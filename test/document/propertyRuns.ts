// How property tests run: always the same cases, so that a red test is red for everybody; with RUNBOOK_SOAK set
// other cases each time, and ten times as many.

import type fc from 'fast-check';

export function runs(numRuns: number): fc.Parameters<unknown> {
  return process.env.RUNBOOK_SOAK ? { numRuns: numRuns * 10 } : { numRuns, seed: 20_250_101 };
}
