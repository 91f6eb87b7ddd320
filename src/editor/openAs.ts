// "Open as runbook", "Open as text", and the setting that makes further Markdown files runbooks.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';

export const notebookType = 'runbook';

/** The file that a command is about: its argument, else the active editor's. */
function targetOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  const fromNotebook = (argument as { notebookEditor?: { notebookUri?: vscode.Uri } } | undefined)
    ?.notebookEditor;
  if (fromNotebook?.notebookUri) return fromNotebook.notebookUri;
  return (
    vscode.window.activeNotebookEditor?.notebook.uri ??
    vscode.window.activeTextEditor?.document.uri ??
    undefined
  );
}

async function reopen(argument: unknown, viewType: string): Promise<void> {
  const uri = targetOf(argument);
  if (!uri) {
    void vscode.window.showInformationMessage('Open a Markdown file first.');
    return;
  }
  const old = vscode.window.tabGroups.activeTabGroup.activeTab;
  await vscode.commands.executeCommand('vscode.openWith', uri, viewType);
  // Two editors of one file drift apart: the old tab goes, unless it holds unsaved changes.
  if (
    old &&
    !old.isDirty &&
    old !== vscode.window.tabGroups.activeTabGroup.activeTab &&
    showsFile(old, uri)
  ) {
    await vscode.window.tabGroups.close(old);
  }
}

function showsFile(tab: vscode.Tab, uri: vscode.Uri): boolean {
  const input = tab.input;
  const shown =
    input instanceof vscode.TabInputText || input instanceof vscode.TabInputNotebook ? input.uri : undefined;
  return shown?.toString() === uri.toString();
}

/**
 * Mirrors `runbook.files` into `workbench.editorAssociations` at the same level of configuration, since only
 * the workbench decides which editor opens a file. Globs that left the setting leave the associations too.
 */
async function mirrorGlobs(memory: vscode.Memento): Promise<void> {
  const setting = vscode.workspace.getConfiguration('runbook').inspect<string[]>('files');
  const levels: [vscode.ConfigurationTarget, string[] | undefined][] = [
    [vscode.ConfigurationTarget.Global, setting?.globalValue],
    [vscode.ConfigurationTarget.Workspace, setting?.workspaceValue],
  ];
  for (const [level, globs = []] of levels) {
    if (level === vscode.ConfigurationTarget.Workspace && !vscode.workspace.workspaceFolders) continue;
    const key = `mirroredGlobs.${level}`;
    const mirrored = memory.get<string[]>(key, []);
    if (mirrored.length === globs.length && mirrored.every((glob, index) => glob === globs[index])) continue;
    const workbench = vscode.workspace.getConfiguration('workbench');
    const before = workbench.inspect<Record<string, string>>('editorAssociations');
    const own = level === vscode.ConfigurationTarget.Global ? before?.globalValue : before?.workspaceValue;
    const next: Record<string, string> = { ...own };
    for (const glob of mirrored) if (next[glob] === notebookType) delete next[glob];
    for (const glob of globs) next[glob] = notebookType;
    await workbench.update('editorAssociations', Object.keys(next).length > 0 ? next : undefined, level);
    await memory.update(key, [...globs]);
  }
}

/** A Markdown file that was opened as text before the globs were mirrored is opened again as a runbook. */
async function reopenMatching(editor: vscode.TextEditor | undefined): Promise<void> {
  if (editor?.document.uri.scheme !== 'file' || editor.document.isDirty) return;
  const { uri } = editor.document;
  const globs = vscode.workspace.getConfiguration('runbook', uri).get<string[]>('files', []);
  const matches = globs.some((glob) => vscode.languages.match({ pattern: glob }, editor.document) > 0);
  if (matches) await reopen(uri, notebookType);
}

export function registerOpenAs(memory: vscode.Memento, onError: (error: unknown) => void): Disposable {
  const store = new DisposableStore();
  const mirror = (): void => void mirrorGlobs(memory).catch(onError);
  store.add(
    vscode.commands.registerCommand('runbook.openAsRunbook', (argument) => reopen(argument, notebookType)),
  );
  store.add(vscode.commands.registerCommand('runbook.openAsText', (argument) => reopen(argument, 'default')));
  store.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('runbook.files')) mirror();
    }),
  );
  mirror();
  void reopenMatching(vscode.window.activeTextEditor).catch(onError);
  return store;
}
