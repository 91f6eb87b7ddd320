// How the drill in front stands, in the status bar, as the practice cluster says; and once aloud when it is cured.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore, toDisposable } from '../base/disposable.ts';
import type { FaultStatus } from '../practice/faults/faultBoard.ts';
import type { DrillMark } from './drillMarks.ts';
import { frontRunbook, onFrontChange } from './frontRunbook.ts';
import { report } from './log.ts';
import type { NotebookSessions } from './notebookSessions.ts';

const lookEveryMs = 3000;

export class DrillBar implements Disposable {
  readonly #store = new DisposableStore();
  readonly #sessions: NotebookSessions;
  readonly #item: vscode.StatusBarItem;
  /** Incidents whose cure was told. */
  readonly #told = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  readonly #isEnding: () => boolean;

  /** @param isEnding while it does, the item stays as it was. */
  constructor(sessions: NotebookSessions, isEnding: () => boolean) {
    this.#sessions = sessions;
    this.#isEnding = isEnding;
    this.#item = this.#store.add(
      vscode.window.createStatusBarItem('runbook.drill', vscode.StatusBarAlignment.Left, 99.5),
    );
    this.#item.name = 'Runbook Drill';
    this.#item.command = 'runbook.drill.end';
    this.#store.add(onFrontChange(() => this.refresh()));
    this.#store.add(sessions.onDidChange(() => this.refresh()));
    this.#store.add(toDisposable(() => clearTimeout(this.#timer)));
    this.refresh();
  }

  /** Draws it anew, and again every 3 s while there is a drill. */
  refresh(): void {
    clearTimeout(this.#timer);
    const notebook = frontRunbook()?.notebook;
    const mark = notebook && this.#sessions.drillOf(notebook);
    if (!mark) {
      this.#item.hide();
      return;
    }
    void this.#draw(notebook, mark).catch(report);
    this.#timer = setTimeout(() => this.refresh(), lookEveryMs);
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #draw(notebook: vscode.NotebookDocument, mark: DrillMark): Promise<void> {
    if (this.#isEnding()) return;
    const { practiceFaults } = await import('../practice/daemon/practiceDaemon.ts');
    const fault = (await practiceFaults(mark.kubeconfigPath))?.find(({ id }) => id === mark.fault);
    if (this.#sessions.drillOf(notebook)?.incident !== mark.incident) return;
    this.#item.text = itemText(fault);
    this.#item.tooltip = `${fault?.title ?? 'The practice cluster does not answer'}\nPress to end the drill`;
    this.#item.show();
    if (fault?.state !== 'cured' || this.#told.has(mark.incident)) return;
    this.#told.add(mark.incident);
    const end = 'End Drill';
    const message = `${fault.alert} is gone. End the drill, or look on: its clock has stopped.`;
    const choice = await vscode.window.showInformationMessage(message, end);
    // The notification outlives the drill that it speaks of: it ends no other one.
    if (choice === end && this.#sessions.drillOf(notebook)?.incident === mark.incident)
      await vscode.commands.executeCommand('runbook.drill.end');
  }
}

function itemText(fault: FaultStatus | undefined): string {
  if (!fault) return '$(debug-disconnect) Drill: no practice cluster';
  return fault.state === 'cured'
    ? `$(pass) ${fault.alert} is gone: End Drill`
    : `$(bell-dot) ${fault.alert} fires`;
}
