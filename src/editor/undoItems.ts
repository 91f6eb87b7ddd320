// The way back, offered under the cell that made a change, as long as the window knows of it. It is run as a step of
// its own: asked for, gated and recorded.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { Undo } from '../incident/beforeChange.ts';
import type { CellRan, RunbookController } from './controller.ts';
import { report } from './log.ts';
import type { NotebookSessions } from './notebookSessions.ts';
import { notebookType } from './openAs.ts';

interface Offered extends Undo {
  readonly run: string;
  /** The incident's folder: in another one, as after a drill, the way back may lead elsewhere. */
  readonly folder: string | undefined;
}

export class UndoItems implements vscode.NotebookCellStatusBarItemProvider, Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = new Emitter<void>();
  readonly onDidChangeCellStatusBarItems = this.#changed.event as vscode.Event<void>;
  readonly #offered = new WeakMap<vscode.NotebookCell, Offered>();
  readonly #controller: RunbookController;
  readonly #sessions: NotebookSessions;

  constructor(controller: RunbookController, sessions: NotebookSessions) {
    this.#controller = controller;
    this.#sessions = sessions;
    this.#store.add(sessions.onDidChange(() => this.#changed.fire()));
    this.#store.add(this.#changed);
    this.#store.add(vscode.notebooks.registerNotebookCellStatusBarItemProvider(notebookType, this));
    this.#store.add(controller.onDidRun((ran) => this.#onRan(ran)));
    this.#store.add(
      vscode.commands.registerCommand('runbook.undo', (cell?: vscode.NotebookCell) =>
        this.#undo(cell).catch(report),
      ),
    );
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    const offered = this.#offerOf(cell);
    if (!offered) return [];
    const [first] = offered.steps;
    const more = offered.steps.length > 1 ? ` +${offered.steps.length - 1}` : '';
    const text = first ? `$(discard) Undo: ${first.title}${more}` : '$(discard) No way back';
    const item = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left);
    item.tooltip = [...offered.steps.map(({ command }) => command), ...offered.notes].join('\n');
    if (first) item.command = { command: 'runbook.undo', title: 'Undo', arguments: [cell] };
    item.priority = 150;
    return [item];
  }

  dispose(): void {
    this.#store.dispose();
  }

  #offerOf(cell: vscode.NotebookCell): Offered | undefined {
    const offered = this.#offered.get(cell);
    return offered?.folder === this.#sessions.incidentFolder(cell.notebook) ? offered : undefined;
  }

  #onRan({ cell, outcome, folder }: CellRan): void {
    const { undo, runId } = outcome;
    if (undo && runId) this.#offered.set(cell, { ...undo, run: runId, folder });
    else if (outcome.status === 'done') this.#offered.delete(cell);
    this.#changed.fire();
  }

  async #undo(given: vscode.NotebookCell | undefined): Promise<void> {
    const editor = vscode.window.activeNotebookEditor;
    const cell = given ?? editor?.notebook.cellAt(editor.selection.start);
    const offered = cell && this.#offerOf(cell);
    if (!cell || !offered || offered.steps.length === 0) {
      void vscode.window.showInformationMessage('This cell has no change that can be taken back.');
      return;
    }
    const steps = offered.steps.length === 1 ? offered.steps : await chooseSteps(offered);
    if (steps) this.#controller.runUndo(cell, { run: offered.run, steps });
  }
}

async function chooseSteps({ steps, notes }: Undo): Promise<Undo['steps'] | undefined> {
  const items = steps.map((step) => ({ label: step.title, detail: step.command, picked: true, step }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Undo',
    placeHolder: notes.join('; ') || 'What is taken back, the last change first',
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return picked && picked.length > 0 ? picked.map(({ step }) => step) : undefined;
}
