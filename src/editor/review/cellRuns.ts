// "Runs of this cell": from a runbook's cell to what it did, in any incident on this machine.

import * as vscode from 'vscode';
import { ago } from '../../base/counted.ts';
import { placeOf } from '../../incident/review/cellNow.ts';
import { runsOfCell } from '../../incident/review/runIndex.ts';
import { runbookCellOf, runbookOf } from '../notebookModel.ts';
import { openReviewNotebook, type Reviewing } from './openReviewNotebook.ts';

/** @param cell undefined: the selected one. */
export async function showRunsOfCell(
  reviewing: Reviewing,
  cell: vscode.NotebookCell | undefined,
): Promise<void> {
  const editor = vscode.window.activeNotebookEditor;
  const target = cell ?? editor?.notebook.cellAt(editor.selection.start);
  const found = target && runbookCellOf(target);
  if (!found) {
    void vscode.window.showInformationMessage('Select a code cell of a runbook first.');
    return;
  }
  const place = placeOf(found, runbookOf(target.notebook).name);
  const runs = await runsOfCell(reviewing.place(), place);
  if (runs.length === 0) {
    void vscode.window.showInformationMessage('This cell has not run in any incident on this machine.');
    return;
  }
  const picked = await vscode.window.showQuickPick(
    runs.map(({ incident, run }) => ({
      label: `$(${run.result ? (run.result.ok ? 'pass' : 'error') : 'debug-pause'}) ${ago(run.startedAt, Date.now())}`,
      description: `${run.by}${run.source === place.source ? '' : ' · the text was another'}`,
      detail: `${incident.title} (${incident.id})`,
      folder: incident.folder,
      run: run.run,
    })),
    { title: 'Runs of This Cell', placeHolder: 'Opens the review at that run', matchOnDetail: true },
  );
  if (picked) await openReviewNotebook(reviewing, picked.folder, picked.run);
}
