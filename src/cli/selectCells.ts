// Which cells `--cells 3,5-7` and `--section TITLE` mean.

import { RunbookError } from '../base/runbookError.ts';
import type { Runbook, RunbookCell } from '../incident/runbook.ts';

export interface Selection {
  /** Indices as `runbook cells` lists them, counted from 0. */
  readonly cells?: string;
  readonly section?: string;
}

/**
 * The chosen code cells in the runbook's order; all executable ones without a choice. Cells that were named
 * and can't run are kept, so that running them says why.
 *
 * @throws RunbookError for an index or title that the runbook has not.
 */
export function selectCells(runbook: Runbook, selection: Selection): RunbookCell[] {
  if (selection.cells !== undefined) return byIndex(runbook, selection.cells);
  if (selection.section !== undefined) return bySection(runbook, selection.section);
  return runbook.cells.filter((cell) => cell.cell.kind === 'code' && cell.cell.executable);
}

function byIndex(runbook: Runbook, list: string): RunbookCell[] {
  const chosen = new Set<number>();
  for (const part of list.split(',')) {
    const range = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part);
    const first = Number(range?.[1]);
    const last = Number(range?.[2] ?? range?.[1]);
    if (!range || last < first) {
      throw new RunbookError({
        code: 'cells-unreadable',
        message: `--cells ${JSON.stringify(list)} can't be read.`,
        mend: 'Write indices and ranges, such as 3,5-7.',
      });
    }
    for (let index = first; index <= last; index++) {
      const cell = runbook.cells[index];
      if (cell?.cell.kind === 'code') chosen.add(index);
      else if (first === last) throw noCell(runbook, index);
      if (index >= runbook.cells.length) throw noCell(runbook, index);
    }
  }
  return runbook.cells.filter((cell) => chosen.has(cell.index));
}

function noCell(runbook: Runbook, index: number): RunbookError {
  return new RunbookError({
    code: 'cell-unknown',
    message: `${runbook.name} has no code cell ${index}.`,
    mend: '`runbook cells FILE` lists them.',
  });
}

function bySection(runbook: Runbook, title: string): RunbookCell[] {
  const wanted = title.trim().toLowerCase();
  const inside = runbook.cells.filter(
    ({ cell }) => cell.kind === 'code' && cell.headings.some((heading) => heading.toLowerCase() === wanted),
  );
  if (inside.length > 0) return inside;
  throw new RunbookError({
    code: 'section-unknown',
    message: `${runbook.name} has no section ${JSON.stringify(title)} with code cells.`,
    mend: 'Write the heading as it stands in the runbook.',
  });
}
