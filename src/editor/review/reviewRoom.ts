// All of the review in the editor, wired: files, notebook, actions, the view of incidents, the badge.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import type { Event } from '../../base/emitter.ts';
import type { Place } from '../../incident/incident.ts';
import type { IncidentStatus } from '../../incident/incidentStatus.ts';
import { report } from '../log.ts';
import { showRunsOfCell } from './cellRuns.ts';
import { EvidenceFiles } from './evidenceFiles.ts';
import { reviewType } from './evidenceUri.ts';
import { IncidentsView } from './incidentsView.ts';
import { openReviewNotebook, pickTarget, type Reviewing } from './openReviewNotebook.ts';
import { ReviewActions } from './reviewActions.ts';
import { ReviewBadge } from './reviewBadge.ts';
import { reviewSerializer } from './reviewSerializer.ts';

/** From the tree, from the explorer, or from nothing at all. */
type Wanted =
  | { readonly incident: { readonly folder: string }; readonly run?: { readonly run: string } }
  | vscode.Uri
  | undefined;

/** @param onDidRecord an incident of this window was opened, declared or closed. */
export function registerReview(
  place: () => Place,
  memory: vscode.Memento,
  onDidRecord: Event<unknown>,
): Disposable {
  const store = new DisposableStore();
  const files = store.add(new EvidenceFiles());
  const reviewing: Reviewing = { files, place };
  const view = store.add(new IncidentsView(reviewing, memory));
  store.add(onDidRecord(() => view.refreshIfVisible()));
  store.add(vscode.workspace.registerNotebookSerializer(reviewType, reviewSerializer));
  store.add(nothingRuns(files));
  store.add(keepWhole(files));
  store.add(new ReviewActions(reviewing));
  store.add(new ReviewBadge(files));
  const command = (name: string, act: (argument: never) => Promise<unknown>): void => {
    store.add(vscode.commands.registerCommand(name, (argument) => act(argument as never).catch(report)));
  };
  command('runbook.review.open', async (wanted: Wanted) => {
    const target =
      wanted instanceof vscode.Uri
        ? wanted.fsPath
        : (wanted?.incident.folder ?? (await pickTarget(reviewing)));
    const run = wanted && 'run' in wanted ? wanted.run?.run : undefined;
    if (target) await openReviewNotebook(reviewing, target, run);
  });
  command('runbook.review.verify', async () => {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (notebook?.notebookType === reviewType) await files.refresh(notebook.uri.query);
  });
  command('runbook.showRunsOfCell', (cell: vscode.NotebookCell | undefined) =>
    showRunsOfCell(reviewing, cell),
  );
  command('runbook.incidents.pack', async ({ incident }: { incident: IncidentStatus }) =>
    (await import('./incidentDeeds.ts')).packIncident(place(), incident),
  );
  command('runbook.incidents.add', async ({ incident }: { incident: IncidentStatus }) =>
    (await import('./incidentDeeds.ts')).addToIncident(place(), incident),
  );
  command('runbook.incidents.filter', () => view.filter());
  command('runbook.incidents.clearFilter', () => view.clearFilter());
  command('runbook.incidents.refresh', async () => view.refresh());
  return store;
}

/** VS Code offers to run any code cell; a review answers that, and asks for no kernel. */
function nothingRuns(files: EvidenceFiles): vscode.NotebookController {
  const controller = vscode.notebooks.createNotebookController(
    'runbook-review',
    reviewType,
    'Review: nothing runs here',
    (_cells, { uri }) => {
      void vscode.window.showInformationMessage(
        'A review runs nothing. Go to the runbook’s cell to run it again.',
      );
      // VS Code has taken the marks of the cells away that it was to run.
      files.show(uri.query);
    },
  );
  controller.detail = 'What is shown was recorded';
  return controller;
}

/** VS Code lets cells and outputs of a read-only notebook be cleared from view: they come back, since a gap would mislead. */
function keepWhole(files: EvidenceFiles): vscode.Disposable {
  return vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges }) => {
    if (notebook.notebookType !== reviewType) return;
    const removed = contentChanges.reduce((sum, one) => sum + one.removedCells.length, 0);
    const added = contentChanges.reduce((sum, one) => sum + one.addedCells.length, 0);
    const isCleared = cellChanges.some(({ cell, outputs }) => outputs?.length === 0 && cell.metadata.run);
    if (removed > added || isCleared) files.show(notebook.uri.query);
  });
}
