// The notebook controller: VS Code's run and stop buttons on one side, the notebook's session on the other.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { CellOutcome } from '../incident/cellOutcome.ts';
import { type CellPart, runsBeside } from '../incident/cellParts.ts';
import type { NotebookSession } from '../incident/notebookSession.ts';
import { CellQueue } from './cellQueue.ts';
import { report } from './log.ts';
import { runbookCellOf, runbookOf } from './notebookModel.ts';
import { notebookType } from './openAs.ts';
import { OutputView } from './outputView.ts';

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
  readonly background?: boolean;
  readonly query?: string;
}

/** Tags of shells, as VS Code names their languages, and what else a cell may be written in. */
const supportedLanguages = ['shellscript', 'python', 'promql'];

export class RunbookController implements Disposable {
  readonly #store = new DisposableStore();
  readonly #controller: vscode.NotebookController;
  readonly #sessions: Sessions;
  readonly #queues = new WeakMap<vscode.NotebookDocument, CellQueue>();
  readonly #ran = new Emitter<CellRan>();
  readonly onDidRun = this.#ran.event;
  #order = 0;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#store.add(this.#ran);
    this.#controller = this.#store.add(
      vscode.notebooks.createNotebookController('runbook-kernel', notebookType, 'Runbook session (bash)'),
    );
    this.#controller.description = 'One bash session a runbook; every output is evidence';
    this.#controller.supportedLanguages = supportedLanguages;
    this.#controller.supportsExecutionOrder = true;
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

  dispose(): void {
    this.#store.dispose();
  }

  /** Asks a query in place of a cell whose curl failed to send it. */
  runQuery(cell: vscode.NotebookCell, query: string): void {
    this.#enqueue(cell, undefined, query);
  }

  /** Runs only a part of a cell: a step, a selection. */
  runPart(cell: vscode.NotebookCell, part: CellPart): void {
    this.#enqueue(cell, part);
  }

  #execute(cells: readonly vscode.NotebookCell[]): void {
    for (const cell of cells) if (cell.document.getText().trim() !== '') this.#enqueue(cell);
  }

  #enqueue(cell: vscode.NotebookCell, part?: CellPart, query?: string): void {
    const queue = this.#queues.get(cell.notebook) ?? new CellQueue();
    this.#queues.set(cell.notebook, queue);
    const execution = this.#controller.createNotebookCellExecution(cell);
    queue.add(
      () => (query === undefined ? this.#run(execution, part) : this.#runNow(execution, { query })),
      () => execution.end(undefined),
    );
  }

  async #offer(cell: vscode.NotebookCell, query: string): Promise<void> {
    const ask = 'Ask Prometheus';
    const message = `curl refused the address of a query (exit 3): ${query}`;
    if ((await vscode.window.showWarningMessage(message, ask)) === ask) this.runQuery(cell, query);
  }

  /** Resolves to whether the next cell may run: at once for one that runs beside the others. */
  async #run(execution: vscode.NotebookCellExecution, part: CellPart | undefined): Promise<boolean> {
    const { cell } = execution;
    const found = runbookCellOf(cell);
    const background = found !== undefined && (await runsBeside(found));
    const running = this.#runNow(execution, { ...(part ? { part } : {}), background });
    if (!background) return running;
    running.catch(report);
    return true;
  }

  async #runNow(execution: vscode.NotebookCellExecution, wish: RunWish): Promise<boolean> {
    const { cell } = execution;
    const { part, background, query } = wish;
    const stop = new AbortController();
    // A cell that VS Code replaces (the file changed on disk) has no index any more and is cancelled too: its
    // run goes on, only its place in the notebook is gone.
    const stopping = execution.token.onCancellationRequested(() => {
      if (cell.index < 0) return;
      this.#queues.get(cell.notebook)?.clear();
      stop.abort();
    });
    execution.executionOrder = ++this.#order;
    execution.start(Date.now());
    await execution.clearOutput();
    const limit = vscode.workspace.getConfiguration('runbook', cell.notebook.uri).get('output.limitKiB', 128);
    const view = new OutputView(execution, { limitBytes: limit * 1024 });
    if (part) view.notice(`Only “${part.title}” ran.`);
    if (query !== undefined) view.notice('Asked of Prometheus itself, in place of the cell’s curl.');
    if (background) view.notice('Runs beside the other cells until it ends or is stopped.');
    const outcome = await this.#outcomeOf(view, stop.signal, { cell, ...wish });
    stopping.dispose();
    if (outcome.status !== 'done') view.notice(outcome.message);
    await view.finish();
    execution.end(outcome.status === 'done', Date.now());
    if (outcome.query) void this.#offer(cell, outcome.query).catch(report);
    this.#ran.fire({ cell, outcome, folder: this.#sessions.existing(cell.notebook)?.incident.folder });
    return outcome.status === 'done';
  }

  async #outcomeOf(
    view: OutputView,
    signal: AbortSignal,
    { cell, ...wish }: RunWish & { readonly cell: vscode.NotebookCell },
  ): Promise<CellOutcome> {
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
          output: (stream, bytes) => view.write(stream, bytes),
          notice: (text) => view.notice(text),
          values: (picture) => view.values(picture),
        },
        signal,
      );
    } catch (error) {
      report(error);
      return { status: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }
}
