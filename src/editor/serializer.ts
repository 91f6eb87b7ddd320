// Bytes to notebook cells and back: only a change of shape, the document room does the work. Pure, since
// VS Code calls both ways often and without saying for which file (open, save, backup, diff, search).

import * as vscode from 'vscode';
import { fromNotebook, toNotebook } from '../document/notebook.ts';
import type { CellShape } from '../document/notebookShape.ts';

export const serializer: vscode.NotebookSerializer = {
  deserializeNotebook(bytes) {
    const shape = toNotebook(bytes);
    const data = new vscode.NotebookData(shape.cells.map(toCellData));
    data.metadata = { ...shape.metadata };
    return data;
  },

  serializeNotebook(data) {
    return fromNotebook({
      cells: data.cells.map((cell) => ({
        kind: cell.kind === vscode.NotebookCellKind.Code ? 'code' : 'markup',
        languageId: cell.languageId,
        value: cell.value,
        metadata: { ...cell.metadata },
      })),
      metadata: { ...data.metadata },
    });
  },
};

export function toCellData(cell: CellShape): vscode.NotebookCellData {
  const kind = cell.kind === 'code' ? vscode.NotebookCellKind.Code : vscode.NotebookCellKind.Markup;
  const data = new vscode.NotebookCellData(kind, cell.value, cell.languageId);
  data.metadata = { ...cell.metadata };
  return data;
}

/** Outputs live in the evidence, so they never reach the file; source slices must, so metadata does. */
export const serializerOptions: vscode.NotebookDocumentContentOptions = {
  transientOutputs: true,
  transientCellMetadata: {},
  transientDocumentMetadata: {},
};
