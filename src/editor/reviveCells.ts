// A cell that could not run is shown as plain text. When its text is changed so that it can, it gets its
// language back, and with it the run button.

import * as vscode from 'vscode';
import { languageIdOf } from '../document/languages.ts';
import { presentCell } from '../document/presentCell.ts';
import { notebookType } from './openAs.ts';

const plainText = 'plaintext';

export function registerReviveCells(onError: (error: unknown) => void): vscode.Disposable {
  return vscode.workspace.onDidChangeNotebookDocument(({ notebook, cellChanges }) => {
    if (notebook.notebookType !== notebookType) return;
    for (const { cell, document } of cellChanges) {
      if (document?.languageId === plainText) void revive(cell).catch(onError);
    }
  });
}

async function revive(cell: vscode.NotebookCell): Promise<void> {
  if (cell.kind !== vscode.NotebookCellKind.Code) return;
  const present = presentCell({
    kind: 'code',
    languageId: cell.document.languageId,
    value: cell.document.getText(),
    metadata: { ...cell.metadata },
  });
  if (present.executable)
    await vscode.languages.setTextDocumentLanguage(cell.document, languageIdOf(present.language));
}
