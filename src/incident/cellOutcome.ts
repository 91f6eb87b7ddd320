// What came of a cell: one shape for every end, whichever host ran it.

import type { RunResult } from '../kernel/types.ts';

/** The first cause wins: a cell that was interrupted and also failed was interrupted. */
export type CellStatus = 'done' | 'failed' | 'interrupted' | 'timed-out' | 'refused' | 'unusable';

export interface CellOutcome {
  readonly status: CellStatus;
  /** One line for people; with `refused` and `unusable` it says why and the mend. */
  readonly message: string;
  /** Undefined where nothing was started. */
  readonly runId?: string;
  readonly result?: RunResult;
}

/** Where a running cell's output goes. What comes here is what was recorded: secrets are cut out already. */
export interface CellDisplay {
  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): void | Promise<void>;
  /** A line of our own: a status, a warning. */
  notice(text: string): void;
}
