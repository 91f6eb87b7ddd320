// From VS Code's notebook to the runbook it shows: parsed anew only when cells changed, not when they ran.

import * as vscode from 'vscode';
import { fromNotebook } from '../document/notebook.ts';
import { loadRunbook, type Runbook, type RunbookCell } from '../incident/runbook.ts';

interface Known {
  readonly fingerprint: string;
  readonly runbook: Runbook;
}

const known = new WeakMap<vscode.NotebookDocument, Known>();

/** The runbook as it stands in the editor now, unsaved edits included. */
export function runbookOf(notebook: vscode.NotebookDocument): Runbook {
  const fingerprint = notebook
    .getCells()
    .map(
      (cell) =>
        `${cell.document.uri.fragment}/${cell.document.version}/${cell.kind}/${cell.document.languageId}`,
    )
    .join(' ');
  const before = known.get(notebook);
  if (before?.fingerprint === fingerprint) return before.runbook;
  const runbook = loadRunbook(bytesOf(notebook), notebook.uri.fsPath);
  known.set(notebook, { fingerprint, runbook });
  return runbook;
}

/** What a save would write. */
export function bytesOf(notebook: vscode.NotebookDocument): Uint8Array {
  return fromNotebook({
    cells: notebook.getCells().map((cell) => ({
      kind: cell.kind === vscode.NotebookCellKind.Code ? 'code' : 'markup',
      languageId: cell.document.languageId,
      value: cell.document.getText(),
      metadata: { ...cell.metadata },
    })),
    metadata: { ...notebook.metadata },
  });
}

/**
 * The runbook's cell that a notebook's code cell is: the code cells of both stand in the same order, while
 * Markdown cells may merge or split when the text is parsed again.
 */
export function runbookCellOf(cell: vscode.NotebookCell): RunbookCell | undefined {
  if (cell.kind !== vscode.NotebookCellKind.Code || cell.index < 0) return undefined;
  const isCode = (one: vscode.NotebookCell): boolean => one.kind === vscode.NotebookCellKind.Code;
  const ordinal = cell.notebook.getCells().slice(0, cell.index).filter(isCode).length;
  return runbookOf(cell.notebook).cells.filter((one) => one.cell.kind === 'code')[ordinal];
}

/** The notebook's cell for the n-th code cell of the runbook. */
export function notebookCellAt(
  notebook: vscode.NotebookDocument,
  ordinal: number,
): vscode.NotebookCell | undefined {
  return notebook.getCells().filter((cell) => cell.kind === vscode.NotebookCellKind.Code)[ordinal];
}
