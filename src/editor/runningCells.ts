// Cells that run, and where their output is drawn. VS Code may take a cell's outputs away, or put another cell in
// its place, while it runs: the file changed on disk. The run goes on, and what it says is drawn again.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { report } from './log.ts';
import type { OutputView } from './outputView.ts';
import { toast } from './toast.ts';

const goneWithinMs = 100;

export interface RunToDraw {
  readonly execution: vscode.NotebookCellExecution;
  readonly view: OutputView;
  readonly startedAt: number;
  /** What the stop button does. */
  readonly stop: () => void;
  readonly onMove: (to: vscode.NotebookCell) => void;
}

export class RunningCells implements Disposable {
  readonly #running = new Set<RunningCell>();
  readonly #store = new DisposableStore();
  readonly #createExecution: (cell: vscode.NotebookCell) => vscode.NotebookCellExecution;

  constructor(createExecution: (cell: vscode.NotebookCell) => vscode.NotebookCellExecution) {
    this.#createExecution = createExecution;
    this.#store.add(vscode.workspace.onDidChangeNotebookDocument((change) => this.#onChange(change)));
  }

  has(cell: vscode.NotebookCell): boolean {
    return [...this.#running].some((one) => one.cell === cell);
  }

  add(run: RunToDraw): RunningCell {
    const running = new RunningCell(run, () => this.#running.delete(running));
    this.#running.add(running);
    return running;
  }

  dispose(): void {
    this.#store.dispose();
  }

  #onChange({ notebook, contentChanges, cellChanges }: vscode.NotebookDocumentChangeEvent): void {
    for (const running of this.#running) {
      if (running.cell.notebook !== notebook) continue;
      if (running.cell.index < 0) {
        const added = contentChanges.flatMap((change) => change.addedCells);
        const home = added.find((cell) => running.isText(cell) && !this.has(cell));
        if (home) running.moveTo(this.#createExecution(home));
        else running.goOnWithoutCell();
      } else if (cellChanges.some(({ cell, outputs }) => cell === running.cell && outputs?.length === 0))
        running.drawAgain();
    }
  }
}

/** One run with its present place in the notebook. */
export class RunningCell {
  readonly #run: RunToDraw;
  readonly #text: string;
  readonly #forget: () => void;
  readonly #ended: Promise<void>;
  #setEnded: () => void = () => {};
  #execution: vscode.NotebookCellExecution;
  #stopping: vscode.Disposable;
  #told = false;

  constructor(run: RunToDraw, forget: () => void) {
    this.#run = run;
    this.#forget = forget;
    this.#execution = run.execution;
    this.#text = run.execution.cell.document.getText();
    this.#stopping = this.#listen();
    this.#ended = new Promise((resolve) => {
      this.#setEnded = resolve;
    });
  }

  get cell(): vscode.NotebookCell {
    return this.#execution.cell;
  }

  /** Whether no cell of the notebook shows the run any more. */
  get isHomeless(): boolean {
    return this.cell.index < 0;
  }

  isText(cell: vscode.NotebookCell): boolean {
    return cell.kind === vscode.NotebookCellKind.Code && cell.document.getText() === this.#text;
  }

  drawAgain(): void {
    this.#run.view.drawIn(this.#execution);
  }

  /** A cell of the same text stands where the run's cell was. */
  moveTo(execution: vscode.NotebookCellExecution): void {
    this.#stopping.dispose();
    execution.executionOrder = this.#execution.executionOrder;
    this.#execution = execution;
    this.#stopping = this.#listen();
    this.#run.onMove(execution.cell);
    execution.start(this.#run.startedAt);
    this.drawAgain();
  }

  /** No cell has the text that runs: the run is told of, and can be stopped, where everybody sees it. */
  goOnWithoutCell(): void {
    if (this.#told) return;
    this.#told = true;
    const [first = ''] = this.#text.trim().split('\n');
    const title = toast(`Still running, though its cell is gone or changed: ${first}`);
    const location = vscode.ProgressLocation.Notification;
    void vscode.window.withProgress({ location, title, cancellable: true }, (_progress, token) => {
      token.onCancellationRequested(this.#run.stop);
      return this.#ended;
    });
  }

  async end(ok: boolean | undefined): Promise<void> {
    this.#stopping.dispose();
    await this.#run.view.finish().catch((error) => {
      if (!this.isHomeless) throw error;
    });
    this.#forget();
    this.#setEnded();
    try {
      this.#execution.end(ok, Date.now());
    } catch (error) {
      if (!this.isHomeless) report(error);
    }
  }

  /**
   * A cell that is gone is cancelled too: its run goes on, as nobody asked to stop it. VS Code may tell of the
   * cancelling first and of the cell's going right after.
   */
  #listen(): vscode.Disposable {
    const { cell, token } = this.#execution;
    return token.onCancellationRequested(() => {
      setTimeout(() => {
        if (cell.index >= 0) this.#run.stop();
      }, goneWithinMs);
    });
  }
}
