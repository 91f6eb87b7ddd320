// How far the rollout is that a running cell waits for: an item under the cell, gone when the cell has ended.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { notebookType } from './openAs.ts';

export class CellProgress implements vscode.NotebookCellStatusBarItemProvider, Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new Emitter<void>());
  readonly onDidChangeCellStatusBarItems = this.#changed.event as vscode.Event<void>;
  readonly #shown = new Map<vscode.NotebookCell, string>();

  constructor() {
    this.#store.add(vscode.notebooks.registerNotebookCellStatusBarItemProvider(notebookType, this));
  }

  /** undefined takes it away. */
  show(cell: vscode.NotebookCell, text: string | undefined): void {
    if (this.#shown.get(cell) === text) return;
    if (text === undefined) this.#shown.delete(cell);
    else this.#shown.set(cell, text);
    this.#changed.fire();
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    const text = this.#shown.get(cell);
    if (text === undefined) return [];
    const item = new vscode.NotebookCellStatusBarItem(
      `$(sync~spin) ${text}`,
      vscode.NotebookCellStatusBarAlignment.Left,
    );
    item.tooltip = 'Pods that are ready of those wanted, as the cluster tells while the cell runs';
    item.priority = 200;
    return [item];
  }

  dispose(): void {
    this.#store.dispose();
  }
}
