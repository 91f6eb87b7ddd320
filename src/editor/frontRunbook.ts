// The runbook that a person means: the notebook in front, else the only runbook that can be seen, as when the
// walkthrough or an alert's view has the focus.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { notebookType } from './openAs.ts';

export function frontRunbook(): vscode.NotebookEditor | undefined {
  const active = vscode.window.activeNotebookEditor;
  if (active) return active.notebook.notebookType === notebookType ? active : undefined;
  const visible = vscode.window.visibleNotebookEditors.filter(
    ({ notebook }) => notebook.notebookType === notebookType,
  );
  return visible.length === 1 ? visible[0] : undefined;
}

/** Tells when `frontRunbook` may be another. */
export function onFrontChange(look: () => void): Disposable {
  const store = new DisposableStore();
  store.add(vscode.window.onDidChangeActiveNotebookEditor(look));
  store.add(vscode.window.onDidChangeVisibleNotebookEditors(look));
  return store;
}
