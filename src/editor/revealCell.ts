// Brings a cell into view.

import * as vscode from 'vscode';

/** Selects the cell of this index, and scrolls there where it can't be seen. */
export function revealCell(editor: vscode.NotebookEditor, index: number): void {
  const range = new vscode.NotebookRange(index, index + 1);
  editor.selection = range;
  editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
}
