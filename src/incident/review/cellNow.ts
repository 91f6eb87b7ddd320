// Where a cell that ran stands in its runbook today, and whether it still says the same.

import type { RecordedRun } from '../recordedRuns.ts';
import type { Runbook, RunbookCell } from '../runbook.ts';
import { isSameCell } from './reviewRuns.ts';

export interface CellNow {
  readonly cell: RunbookCell;
  /** Its n-th code cell, from 0. */
  readonly ordinal: number;
  /** False where its text has changed since. */
  readonly isSame: boolean;
}

/** The cell of the same text first; else the one of the same name, of the same headings and place, or alone under its headings. */
export function cellNow(
  runbook: Runbook,
  run: Pick<RecordedRun, 'name' | 'cell' | 'source'>,
): CellNow | undefined {
  const codes = runbook.cells.filter(({ cell }) => cell.kind === 'code');
  const headings = JSON.stringify(run.cell.headings ?? []);
  const near = codes.filter(({ cell }) => JSON.stringify(cell.headings) === headings);
  const same = near.filter(({ cell }) => cell.text === run.source);
  const moved =
    same.find(({ index }) => index === run.cell.index) ??
    same[0] ??
    codes.find((cell) => isSameCell(placeOf(cell, run.name), run)) ??
    (near.length === 1 ? near[0] : undefined);
  if (!moved) return undefined;
  return { cell: moved, ordinal: codes.indexOf(moved), isSame: moved.cell.text === run.source };
}

/** A cell of today as if it had run: for finding its runs. */
export function placeOf(
  { cell, index }: RunbookCell,
  name: string,
): Pick<RecordedRun, 'name' | 'cell' | 'source'> {
  const { name: id } = cell.attributes;
  return { name, source: cell.text, cell: { index, headings: [...cell.headings], ...(id ? { id } : {}) } };
}
