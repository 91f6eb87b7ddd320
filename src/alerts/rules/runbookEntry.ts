// A runbook as the links see it.

import type { DocumentAlerts } from '../documentAlerts.ts';

export interface RunbookEntry {
  readonly file: string;
  readonly told: DocumentAlerts;
  /** Anchor, lower case → line. */
  readonly anchors: ReadonlyMap<string, number>;
  /** First line of each cell, in the order of `told.cells`. */
  readonly cellLines: readonly number[];
}
