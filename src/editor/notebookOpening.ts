// What happens to a runbook's notebook from the moment it is shown: the session's controller is selected, what
// was recorded is shown again; and the commands that are about the notebook in front.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { RunbookError } from '../base/runbookError.ts';
import { evidenceRoot } from '../incident/incident.ts';
import type { NotebookSession } from '../incident/notebookSession.ts';
import type { RecordedRun } from '../incident/recordedRuns.ts';
import type { RunbookController } from './controller.ts';
import { fullOutputUri } from './fullOutput.ts';
import { report } from './log.ts';
import type { NotebookSessions } from './notebookSessions.ts';
import { notebookType } from './openAs.ts';
import { showRecordedOutputs } from './recordedOutputs.ts';
import { revealCell } from './revealCell.ts';

/** How soon after its cells a reverted notebook counts as clean. Milliseconds. */
const settleMs = 250;

export interface OpeningOptions {
  readonly controller: RunbookController;
  readonly sessions: NotebookSessions;
  readonly extensionId: string;
}

export class NotebookOpening implements Disposable {
  readonly #options: OpeningOptions;
  readonly #store = new DisposableStore();
  readonly #prepared = new WeakSet<vscode.NotebookDocument>();
  #restoring: Promise<void> = Promise.resolve();
  readonly #settling = new WeakMap<vscode.NotebookDocument, NodeJS.Timeout>();
  /** The run whose output a cell shows. */
  readonly #shown = new WeakMap<vscode.NotebookCell, { readonly dir: string; readonly run: string }>();

  constructor(options: OpeningOptions) {
    this.#options = options;
    const prepare = (editor: vscode.NotebookEditor | undefined): void =>
      void this.#prepare(editor).catch(report);
    this.#store.add(vscode.window.onDidChangeActiveNotebookEditor(prepare));
    this.#store.add(vscode.window.onDidChangeVisibleNotebookEditors((editors) => editors.forEach(prepare)));
    this.#store.add(vscode.workspace.onDidChangeNotebookDocument((change) => this.#onChange(change)));
    // Whoever joins an incident sees what was run in it.
    this.#store.add(options.sessions.onDidDeclare((notebook) => void this.#restore(notebook).catch(report)));
    this.#store.add(
      options.controller.onDidRun(({ cell, outcome, folder }) => {
        if (outcome.runId && folder) this.#shown.set(cell, { dir: folder, run: outcome.runId });
      }),
    );
    vscode.window.visibleNotebookEditors.forEach(prepare);
  }

  /** Of the notebook in front, started if there is none. */
  session(): Promise<NotebookSession> {
    return this.#options.sessions.sessionOf(activeNotebook());
  }

  async restartSession(): Promise<void> {
    await this.#options.sessions.restart(activeNotebook());
    vscode.window.setStatusBarMessage('Runbook: the session has ended; the next run starts a new one.', 5000);
  }

  /** @param cell undefined: the selected one. */
  async openFullOutput(cell: vscode.NotebookCell | undefined): Promise<void> {
    const editor = vscode.window.activeNotebookEditor;
    const target = cell ?? (editor ? editor.notebook.cellAt(editor.selection.start) : undefined);
    const run = target && this.#shown.get(target);
    if (!run) {
      void vscode.window.showInformationMessage('This cell has no recorded output yet: run it first.');
      return;
    }
    const document = await vscode.workspace.openTextDocument(fullOutputUri(run.dir, run.run));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  async revealEvidence(): Promise<void> {
    const { sessions } = this.#options;
    const folder = sessions.incidentFolder(activeNotebook()) ?? evidenceRoot(sessions.place());
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(folder));
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #prepare(editor: vscode.NotebookEditor | undefined): Promise<void> {
    const notebook = editor?.notebook;
    if (!editor || !notebook || notebook.notebookType !== notebookType || this.#prepared.has(notebook))
      return;
    this.#prepared.add(notebook);
    await this.#options.controller.select(editor, this.#options.extensionId);
    await this.#restore(notebook);
  }

  /** One after the other: a cell can't be shown by two at once. */
  #restore(notebook: vscode.NotebookDocument): Promise<void> {
    this.#restoring = this.#restoring.catch(() => {}).then(() => this.#show(notebook));
    return this.#restoring;
  }

  async #show(notebook: vscode.NotebookDocument): Promise<void> {
    const folder = this.#options.sessions.incidentFolder(notebook);
    if (!folder) return;
    const { controller, sessions } = this.#options;
    const isShown = (cell: vscode.NotebookCell, { run }: RecordedRun): boolean =>
      this.#shown.get(cell)?.run === run;
    const shown = await showRecordedOutputs(notebook, folder, controller, isShown);
    for (const [cell, { run }] of shown) this.#shown.set(cell, { dir: run.dir, run: run.run });
    // Said until somebody goes on with the incident: then its log says it.
    const cut = [...shown].filter(([, { run, unended }]) => unended === 'interrupted' && !run.writerEnded);
    sessions.tellInterrupted(
      cut.map(([, { run }]) => run.intent),
      () => this.#reveal(cut[0]![0]),
    );
  }

  #reveal(cell: vscode.NotebookCell): void {
    const editor = vscode.window.visibleNotebookEditors.find(({ notebook }) => notebook === cell.notebook);
    if (editor && cell.index >= 0) revealCell(editor, cell.index);
  }

  /**
   * The file changed on disk, or an edit was reverted, and VS Code put other cells in place: their outputs come back.
   * A revert tells of its cells while the notebook still counts as dirty, so that is looked at a moment later; a
   * notebook that stays dirty was changed by a person, whose new cells have shown nothing yet.
   */
  #onChange(change: vscode.NotebookDocumentChangeEvent): void {
    const { notebook } = change;
    if (notebook.notebookType !== notebookType || !this.#prepared.has(notebook)) return;
    const replaced = change.contentChanges.some((one) => one.addedCells.length > 0);
    const wiped = change.cellChanges.some(
      (one) => one.outputs?.length === 0 && one.executionSummary !== undefined,
    );
    if (!replaced && !wiped) return;
    clearTimeout(this.#settling.get(notebook));
    this.#settling.set(
      notebook,
      setTimeout(() => {
        if (!notebook.isClosed && !notebook.isDirty) void this.#restore(notebook).catch(report);
      }, settleMs),
    );
  }
}

function activeNotebook(): vscode.NotebookDocument {
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  if (notebook?.notebookType === notebookType) return notebook;
  throw new RunbookError({ code: 'no-runbook', message: 'No runbook is in front.', mend: 'Open one first.' });
}
