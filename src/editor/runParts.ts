// Running less than a cell: the step under the cursor, the selected lines; and more: the cells of a section.

import * as vscode from 'vscode';
import { type CellPart, stepAt } from '../incident/cellParts.ts';
import { assessCell } from '../incident/runbook.ts';
import type { RunbookController } from './controller.ts';
import { runbookCellOf } from './notebookModel.ts';
import { notebookType } from './openAs.ts';

/** The cell whose text has the cursor, and where in it. */
function atCursor(): { cell: vscode.NotebookCell; selection: vscode.Selection } | undefined {
  const editor = vscode.window.activeTextEditor;
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  if (!editor || notebook?.notebookType !== notebookType) return undefined;
  const cell = notebook.getCells().find((one) => one.document === editor.document);
  if (cell?.kind !== vscode.NotebookCellKind.Code) return undefined;
  return { cell, selection: editor.selection };
}

const putCursor = 'Put the cursor into a code cell of a runbook first.';

/** A comment line and the commands under it. */
export async function runStep(controller: RunbookController): Promise<void> {
  const place = atCursor();
  const found = place && runbookCellOf(place.cell);
  const assessment = found && (await assessCell(found));
  const step = assessment && stepAt(assessment, place.selection.active.line);
  if (!place || !step) {
    void vscode.window.showInformationMessage(place ? 'The cursor is in no step of this cell.' : putCursor);
    return;
  }
  controller.runPart(place.cell, step);
}

/** The lines that the selection touches; the cursor's own line where nothing is selected. */
export function runSelection(controller: RunbookController): void {
  const place = atCursor();
  if (!place) {
    void vscode.window.showInformationMessage(putCursor);
    return;
  }
  const { start, end } = place.selection;
  // A selection that ends before the first character of a line does not mean that line.
  const last = end.line > start.line && end.character === 0 ? end.line : end.line + 1;
  const title = last - start.line === 1 ? `line ${start.line + 1}` : `lines ${start.line + 1} to ${last}`;
  const part: CellPart = { lines: [start.line, last], title };
  controller.runPart(place.cell, part);
}

/** All code cells under the heading that the selected cell stands under; they stop at the first failure. */
export async function runSection(cell: vscode.NotebookCell | undefined): Promise<void> {
  const editor = vscode.window.activeNotebookEditor;
  const target = cell ?? (editor ? editor.notebook.cellAt(editor.selection.start) : undefined);
  if (!target) return;
  const range = sectionOf(target);
  await vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start: range.start, end: range.end }],
    document: target.notebook.uri,
  });
}

const headingLevel = (cell: vscode.NotebookCell): number => {
  if (cell.kind !== vscode.NotebookCellKind.Markup) return 0;
  return /^ {0,3}(#{1,6})(?:\s|$)/m.exec(cell.document.getText())?.[1]?.length ?? 0;
};

/** From the nearest heading at or above the cell to the next one of the same rank or higher. */
function sectionOf(cell: vscode.NotebookCell): vscode.NotebookRange {
  const cells = cell.notebook.getCells();
  let start = cell.index;
  while (start > 0 && headingLevel(cells[start]!) === 0) start--;
  const level = headingLevel(cells[start]!) || 7;
  let end = start + 1;
  while (end < cells.length && (headingLevel(cells[end]!) === 0 || headingLevel(cells[end]!) > level)) end++;
  return new vscode.NotebookRange(start, end);
}
