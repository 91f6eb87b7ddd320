// Where a run of several cells stopped: told in that cell's output, and to whoever looks at another one.

import * as vscode from 'vscode';
import type { CellOutcome } from '../incident/cellOutcome.ts';
import { short } from '../incident/cellStages.ts';
import { cellName } from './cellName.ts';
import { runbookCellOf } from './notebookModel.ts';
import { revealCell } from './revealCell.ts';
import { toast } from './toast.ts';

/** For the output of the cell that failed. */
export function notRunAfter(count: number): string {
  return count === 1
    ? 'The cell after this one was not run.'
    : `The ${count} cells after this one were not run.`;
}

/** @param skipped how many cells were to run after it. */
export async function tellStopped(
  cell: vscode.NotebookCell,
  { message }: CellOutcome,
  skipped: number,
): Promise<void> {
  const name = short(cellName(cell.document.getText()));
  const heading = runbookCellOf(cell)?.cell.headings.at(-1);
  const where = `“${name}”${heading ? ` under “${short(heading)}”` : ''}`;
  const rest = skipped === 1 ? '1 cell after it was not run.' : `${skipped} cells after it were not run.`;
  const show = 'Show Cell';
  const said = message.replace(/[.\s]*$/, '.');
  const choice = await vscode.window.showWarningMessage(toast(`Stopped at ${where}. ${said} ${rest}`), show);
  if (choice !== show || cell.index < 0) return;
  revealCell(await vscode.window.showNotebookDocument(cell.notebook), cell.index);
}
