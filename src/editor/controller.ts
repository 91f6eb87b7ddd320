// The notebook controller: VS Code's run and stop buttons on one side, the notebook's session on the other.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { CellOutcome } from '../incident/cellOutcome.ts';
import type { CellPart } from '../incident/cellParts.ts';
import type { NotebookSession } from '../incident/notebookSession.ts';
import type { UndoWish } from '../incident/undoCell.ts';
import { CellProgress } from './cellProgress.ts';
import { CellQueue } from './cellQueue.ts';
import { showTerminal } from './incidentTerminal.ts';
import { report } from './log.ts';
import { runbookCellOf, runbookOf } from './notebookModel.ts';
import { notebookType } from './openAs.ts';
import { OutputView } from './outputView.ts';
import type { RunMarks } from './runMarks.ts';
import { type RunningCell, RunningCells } from './runningCells.ts';
import { notRunAfter, tellStopped } from './stoppedRun.ts';
import { toast } from './toast.ts';

/** What the controller needs of whoever holds the sessions. */
export interface Sessions {
  /** The notebook's session, started if there is none. */
  sessionOf(notebook: vscode.NotebookDocument): Promise<NotebookSession>;
  /** The session that is there already. */
  existing(notebook: vscode.NotebookDocument): NotebookSession | undefined;
}

/** A cell ended. */
export interface CellRan {
  readonly cell: vscode.NotebookCell;
  readonly outcome: CellOutcome;
  /** The incident's folder that the run is recorded in. */
  readonly folder: string | undefined;
}

/** What of a cell runs, and how. */
interface RunWish {
  readonly part?: CellPart;
  readonly query?: string;
  readonly undo?: UndoWish;
}

/** A cell with an execution that has not ended, and all of its runs that go into it. */
interface LiveCell {
  /** Another one where VS Code put it in its place. */
  cell: vscode.NotebookCell;
  readonly execution: vscode.NotebookCellExecution;
  readonly view: OutputView;
  readonly stop: AbortController;
  /** Runs that wait or run. */
  open: number;
  /** Once it started. */
  running?: RunningCell;
  /** As VS Code marks it in the end. */
  good?: boolean | undefined;
}

/** Tags of shells, as VS Code names their languages, and what else a cell may be written in. */
const supportedLanguages = ['shellscript', 'python', 'promql'];

export class RunbookController implements Disposable {
  readonly #store = new DisposableStore();
  readonly #controller: vscode.NotebookController;
  readonly #sessions: Sessions;
  readonly #marks: RunMarks;
  readonly #running: RunningCells;
  readonly #live = new Map<vscode.NotebookCell, LiveCell>();
  readonly #queues = new WeakMap<vscode.NotebookDocument, CellQueue>();
  readonly #progress = this.#store.add(new CellProgress());
  readonly #ran = new Emitter<CellRan>();
  readonly onDidRun = this.#ran.event;
  #order = 0;

  constructor(sessions: Sessions, marks: RunMarks) {
    this.#sessions = sessions;
    this.#marks = marks;
    this.#store.add(this.#ran);
    this.#controller = this.#store.add(
      vscode.notebooks.createNotebookController('runbook-kernel', notebookType, 'Runbook session (bash)'),
    );
    this.#controller.description = 'One bash session a runbook; every output is evidence';
    this.#controller.supportedLanguages = supportedLanguages;
    this.#controller.supportsExecutionOrder = true;
    this.#running = this.#store.add(new RunningCells((cell) => this.createExecution(cell)));
    this.#controller.executeHandler = (cells) => this.#execute(cells);
  }

  get id(): string {
    return this.#controller.id;
  }

  /** Picks this controller for an editor, silently, so that the first run asks nothing. */
  async select(editor: vscode.NotebookEditor, extension: string): Promise<void> {
    await vscode.commands.executeCommand('notebook.selectKernel', {
      notebookEditor: editor,
      id: this.#controller.id,
      extension,
    });
  }

  /** An execution for showing what was recorded earlier. @throws until the controller is selected. */
  createExecution(cell: vscode.NotebookCell): vscode.NotebookCellExecution {
    return this.#controller.createNotebookCellExecution(cell);
  }

  /** Whether it runs, or waits for its turn. */
  isLive(cell: vscode.NotebookCell): boolean {
    return this.#live.has(cell);
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Asks a query in place of a cell whose curl failed to send it. */
  runQuery(cell: vscode.NotebookCell, query: string): void {
    this.#enqueue(cell, { query });
  }

  /** Takes back what a run of the cell changed. */
  runUndo(cell: vscode.NotebookCell, undo: UndoWish): void {
    this.#enqueue(cell, { undo });
  }

  /** Runs only a part of a cell: a step, a selection. */
  runPart(cell: vscode.NotebookCell, part: CellPart): void {
    this.#enqueue(cell, { part });
  }

  #execute(cells: readonly vscode.NotebookCell[]): void {
    for (const cell of cells) if (cell.document.getText().trim() !== '') this.#enqueue(cell);
  }

  /** Runs what is held of a cell, whether or not the rest of it still runs. */
  runHeld(cell: vscode.NotebookCell): void {
    const held = this.#marks.takeHeld(cell);
    if (held) this.#enqueue(cell, { part: held });
  }

  #enqueue(cell: vscode.NotebookCell, wish: RunWish = {}): void {
    const queue = this.#queues.get(cell.notebook) ?? new CellQueue();
    this.#queues.set(cell.notebook, queue);
    const live = this.#live.get(cell) ?? this.#begin(cell);
    live.open++;
    queue.add(
      () => this.#run(live, wish),
      () => void this.#leave(live, undefined),
    );
  }

  async #offer(cell: vscode.NotebookCell, query: string): Promise<void> {
    const ask = 'Ask Prometheus';
    const message = `curl refused the address of a query (exit 3): ${query}`;
    if ((await vscode.window.showWarningMessage(toast(message), ask)) === ask) this.runQuery(cell, query);
  }

  /** VS Code has one execution a cell at a time: a part of a cell that runs already joins it. */
  #begin(cell: vscode.NotebookCell): LiveCell {
    const execution = this.#controller.createNotebookCellExecution(cell);
    const limit = vscode.workspace.getConfiguration('runbook', cell.notebook.uri).get('output.limitKiB', 128);
    const view = new OutputView(execution, { limitBytes: limit * 1024 });
    const live: LiveCell = { cell, execution, view, stop: new AbortController(), open: 0 };
    this.#live.set(cell, live);
    return live;
  }

  /** Resolves to whether the next cell may run: at once when this one goes on beside the others. */
  #run(live: LiveCell, wish: RunWish): Promise<boolean> {
    return new Promise((resolve) => {
      this.#runNow(live, wish, () => resolve(true)).then(resolve, (error: unknown) => {
        report(error);
        resolve(false);
      });
    });
  }

  async #start(live: LiveCell): Promise<void> {
    const { execution, view } = live;
    const startedAt = Date.now();
    live.running = this.#running.add({
      execution,
      view,
      startedAt,
      stop: () => {
        this.#queues.get(live.cell.notebook)?.clear();
        live.stop.abort();
      },
      onMove: (cell) => {
        this.#live.delete(live.cell);
        this.#marks.move(live.cell, cell);
        live.cell = cell;
        this.#live.set(cell, live);
      },
    });
    execution.executionOrder = ++this.#order;
    execution.start(startedAt);
    await execution.clearOutput();
    this.#marks.begin(live.cell);
  }

  async #runNow(live: LiveCell, wish: RunWish, onBeside: () => void): Promise<boolean> {
    const { view } = live;
    if (!live.running) await this.#start(live);
    const { part, query, undo } = wish;
    if (undo) view.notice(`Takes back: ${undo.steps.map(({ title }) => title).join(', ')}.`);
    if (part) view.notice(`Only “${part.title}” ran.`);
    if (query !== undefined) view.notice('Asked of Prometheus itself, in place of the cell’s curl.');
    let beside = false;
    const outcome = await this.#outcomeOf(live, wish, () => {
      beside = true;
      onBeside();
    });
    if (outcome.status !== 'done') view.notice(outcome.message);
    const skipped =
      outcome.status === 'done' || beside ? 0 : (this.#queues.get(live.cell.notebook)?.waiting ?? 0);
    if (skipped > 0) view.notice(notRunAfter(skipped));
    // To stop what does not end by itself is no failure.
    const good =
      outcome.status === 'done' || (beside && outcome.status === 'interrupted' ? undefined : false);
    await this.#leave(live, good);
    const { cell } = live;
    if (skipped > 0) void tellStopped(cell, outcome, skipped).catch(report);
    if (outcome.query) void this.#offer(cell, outcome.query).catch(report);
    this.#ran.fire({ cell, outcome, folder: this.#sessions.existing(cell.notebook)?.incident.folder });
    return outcome.status === 'done';
  }

  /** @param good of the run that ended; undefined where it was not run, or was stopped as it had to be. */
  async #leave(live: LiveCell, good: boolean | undefined): Promise<void> {
    const { cell, execution, running } = live;
    live.good = live.good === false ? false : (good ?? live.good);
    live.open--;
    if (live.open > 0) return;
    this.#live.delete(cell);
    this.#marks.end(cell);
    if (running) await running.end(live.good);
    else execution.end(live.good);
  }

  async #outcomeOf(live: LiveCell, wish: RunWish, onBeside: () => void): Promise<CellOutcome> {
    const { cell, view, stop } = live;
    try {
      const found = runbookCellOf(cell);
      if (!found) return { status: 'unusable', message: 'This cell is no longer part of the runbook.' };
      // Before a session is even started: it reads the user's kubeconfig and the repository's policy.
      if (!vscode.workspace.isTrusted) {
        return { status: 'refused', message: 'Not run: the workspace is not trusted. Trust it first.' };
      }
      const session = await this.#sessions.sessionOf(cell.notebook);
      return await session.run(
        { runbook: runbookOf(cell.notebook), cell: found, ...wish },
        {
          output: (stream, bytes) => {
            this.#marks.heard(live.cell);
            view.write(stream, bytes);
          },
          notice: (text) => view.notice(text),
          progress: (text) => this.#progress.show(live.cell, text),
          values: (picture) => view.values(picture),
          state: (state) => {
            this.#marks.state(live.cell, state);
            if (state.type === 'beside') onBeside();
          },
          terminal: showTerminal,
        },
        stop.signal,
      );
    } catch (error) {
      report(error);
      return { status: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }
}
