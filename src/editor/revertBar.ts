// Changes that have to be taken back in time, in the status bar: how long there is, or for how long it is overdue,
// and the way back behind it.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore, toDisposable } from '../base/disposable.ts';
import { formatDuration } from '../base/duration.ts';
import { type OpenRevert, openReverts } from '../incident/reverts.ts';
import type { RunbookController } from './controller.ts';
import { report } from './log.ts';
import type { NotebookSessions } from './notebookSessions.ts';
import { notebookType } from './openAs.ts';
import { toast } from './toast.ts';

const everyMs = 15_000;
/** So long before the end it is said aloud. */
const warnMs = 5 * 60_000;

export class RevertBar implements Disposable {
  readonly #store = new DisposableStore();
  readonly #item: vscode.StatusBarItem;
  readonly #sessions: NotebookSessions;
  readonly #controller: RunbookController;
  readonly #said = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(sessions: NotebookSessions, controller: RunbookController) {
    this.#sessions = sessions;
    this.#controller = controller;
    this.#item = this.#store.add(
      vscode.window.createStatusBarItem('runbook.revert', vscode.StatusBarAlignment.Left, 98),
    );
    this.#item.name = 'Runbook Time Box';
    this.#item.command = 'runbook.revert';
    this.#store.add(vscode.commands.registerCommand('runbook.revert', () => this.#choose().catch(report)));
    this.#store.add(vscode.window.onDidChangeActiveNotebookEditor(() => this.refresh()));
    this.#store.add(sessions.onDidChange(() => this.refresh()));
    this.#store.add(controller.onDidRun(() => this.refresh()));
    this.#store.add(toDisposable(() => clearTimeout(this.#timer)));
    this.refresh();
  }

  refresh(): void {
    clearTimeout(this.#timer);
    void this.#draw().catch(report);
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #open(): Promise<
    { notebook: vscode.NotebookDocument; folder: string; open: OpenRevert[] } | undefined
  > {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    const folder =
      notebook?.notebookType === notebookType ? this.#sessions.incidentFolder(notebook) : undefined;
    return notebook && folder ? { notebook, folder, open: await openReverts(folder) } : undefined;
  }

  async #draw(): Promise<void> {
    const open = (await this.#open())?.open ?? [];
    const [first] = open;
    if (!first) {
      this.#item.hide();
      return;
    }
    const leftMs = first.dueMs - Date.now();
    const more = open.length > 1 ? ` +${open.length - 1}` : '';
    this.#item.text =
      leftMs > 0
        ? `$(history) take back in ${minutes(leftMs)}${more}`
        : `$(warning) to be taken back: ${minutes(-leftMs)} overdue${more}`;
    this.#item.backgroundColor = new vscode.ThemeColor(
      leftMs > 0 ? 'statusBarItem.warningBackground' : 'statusBarItem.errorBackground',
    );
    this.#item.tooltip = open.map((one) => `${one.title}: until ${timeOf(one.dueMs)}`).join('\n');
    this.#item.show();
    for (const one of open) this.#say(one);
    this.#timer = setTimeout(() => this.refresh(), everyMs);
  }

  /** Once when it is nearly due, and once when it is overdue. */
  #say(one: OpenRevert): void {
    const leftMs = one.dueMs - Date.now();
    if (leftMs > warnMs) return;
    const key = `${one.run} ${leftMs > 0}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    const when = leftMs > 0 ? `has to be taken back in ${minutes(leftMs)}` : 'is overdue to be taken back';
    void vscode.window.showWarningMessage(toast(`“${one.title}” ${when}.`), 'Take Back…').then((choice) => {
      if (choice) void this.#choose().catch(report);
    });
  }

  async #choose(): Promise<void> {
    const found = await this.#open();
    if (!found || found.open.length === 0) {
      void vscode.window.showInformationMessage('Nothing has to be taken back.');
      return;
    }
    const picked = await vscode.window.showQuickPick(
      found.open.flatMap((one) => [
        ...(one.steps.length > 0
          ? [
              {
                label: `$(discard) Undo “${one.title}”`,
                detail: one.steps.map((step) => step.title).join(', '),
                one,
                run: true,
              },
            ]
          : []),
        {
          label: `$(check) “${one.title}” was taken back`,
          detail: one.notes.join('; ') || 'recorded as done',
          one,
          run: false,
        },
      ]),
      { title: 'To Be Taken Back', ignoreFocusOut: true },
    );
    if (!picked) return;
    const { one } = picked;
    if (picked.run) {
      const cell = found.notebook.getCells().find(({ index }) => index === one.index);
      if (cell) this.#controller.runUndo(cell, { run: one.run, steps: one.steps });
      return;
    }
    const { incident } = await this.#sessions.sessionOf(found.notebook);
    await incident.writer.append({
      type: 'note',
      text: `“${one.title}” was taken back.`,
      about: 'revert',
      run: one.run,
    });
    this.refresh();
  }
}

const minutes = (ms: number): string => formatDuration(Math.max(60_000, Math.round(ms / 60_000) * 60_000));
const timeOf = (ms: number): string =>
  new Date(ms).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
