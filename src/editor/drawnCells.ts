// What is drawn under a cell while somebody types in it: its own text as it is now, and what the rest of the
// document says of it as of the last pause. The document is read again when the typing pauses.

import type * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { Pauses } from '../base/pauses.ts';
import { presentCell } from '../document/presentCell.ts';
import { type RunbookCell, runnableOf } from '../incident/runbook.ts';
import { isRead, runbookCellOf, runbookOf, shapeOf } from './notebookModel.ts';

export type DrawnCell = Pick<RunbookCell, 'alerts' | 'severity' | 'runnable'> & {
  readonly cell: Pick<RunbookCell['cell'], 'language' | 'executable' | 'reason' | 'attributes'>;
};

/** Of no typing. */
const readPauseMs = 400;

export class DrawnCells implements Disposable {
  readonly #settled = new Emitter<void>();
  /** A notebook was read again after its cells were drawn from less. */
  readonly onDidSettle = this.#settled.event;
  readonly #last = new WeakMap<vscode.NotebookCell, DrawnCell>();
  readonly #pauses = new Pauses<vscode.NotebookDocument>(readPauseMs);
  readonly #seen = new WeakSet<vscode.NotebookDocument>();

  /** Undefined for what is no code cell. */
  drawn(cell: vscode.NotebookCell): DrawnCell | undefined {
    const { notebook } = cell;
    if (isRead(notebook) || !this.#seen.has(notebook)) {
      this.#seen.add(notebook);
      const found = runbookCellOf(cell);
      if (found) this.#last.set(cell, found);
      return found;
    }
    this.#readLater(notebook);
    const { kind } = shapeOf(cell);
    if (kind !== 'code') return undefined;
    const present = presentCell(shapeOf(cell));
    const { alerts = [], severity = null } = this.#last.get(cell) ?? {};
    return { cell: present, alerts, severity, runnable: runnableOf({ kind, ...present }) };
  }

  dispose(): void {
    this.#pauses.dispose();
    this.#settled.dispose();
  }

  #readLater(notebook: vscode.NotebookDocument): void {
    this.#pauses.restart(notebook, () => {
      if (notebook.isClosed) return;
      runbookOf(notebook);
      this.#settled.fire();
    });
  }
}
