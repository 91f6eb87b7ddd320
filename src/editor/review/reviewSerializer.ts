// The bytes of a review become a notebook. Nothing goes the other way: a review can't be edited.

import * as vscode from 'vscode';
import type { ReviewCell } from './reviewCells.ts';

/** What the cells of a review carry. */
export interface ReviewMetadata {
  readonly run?: string;
  readonly change?: number;
}

export const reviewSerializer: vscode.NotebookSerializer = {
  deserializeNotebook(bytes) {
    const cells = JSON.parse(Buffer.from(bytes).toString('utf8')) as ReviewCell[];
    return new vscode.NotebookData(cells.map(toCellData));
  },

  serializeNotebook() {
    throw new Error('A review of evidence is read only.');
  },
};

function toCellData({
  kind,
  language,
  value,
  run,
  change,
  outputs,
  ran,
}: ReviewCell): vscode.NotebookCellData {
  const type = kind === 'code' ? vscode.NotebookCellKind.Code : vscode.NotebookCellKind.Markup;
  const data = new vscode.NotebookCellData(type, value, language);
  data.metadata = { ...(run ? { run } : {}), ...(change === undefined ? {} : { change }) };
  const { stdout, stderr } = vscode.NotebookCellOutputItem;
  data.outputs = (outputs ?? []).map(
    ({ stream, text }) => new vscode.NotebookCellOutput([stream === 'stdout' ? stdout(text) : stderr(text)]),
  );
  if (ran) {
    data.executionSummary = {
      timing: { startTime: ran.startedAt, endTime: ran.endedAt },
      success: ran.ok ?? false,
    };
  }
  return data;
}
