// From an alert to the step of the runbook that answers it: from the view, and from a link of another program. Opens,
// shows, and offers the alert's labels as values. Nothing runs.

import * as vscode from 'vscode';
import { nameKey } from '../alerts/alertName.ts';
import type { AlertWords } from '../incident/alertLabels.ts';
import { readAlertLink } from '../incident/alertLink.ts';
import { report } from './log.ts';
import { runbookOf } from './notebookModel.ts';
import type { NotebookSessions } from './notebookSessions.ts';
import { notebookType } from './openAs.ts';
import type { RunbookIndex } from './runbookIndex.ts';
import { toast } from './toast.ts';

export interface OpenedRunbook {
  readonly notebook: vscode.NotebookDocument;
  readonly via: string;
}

/** undefined where no runbook answers: that is told. */
export async function openForAlert(
  alert: string,
  index: RunbookIndex,
  sessions: NotebookSessions,
  words: readonly AlertWords[] = [],
): Promise<OpenedRunbook | undefined> {
  const found = await index.find(alert, words[0]?.labels.severity);
  if (!found) {
    void vscode.window.showInformationMessage(
      toast(`No runbook of this workspace says that it answers ${alert}.`),
    );
    return undefined;
  }
  const uri = vscode.Uri.file(found.file);
  const notebook =
    vscode.workspace.notebookDocuments.find(
      (one) => one.notebookType === notebookType && one.uri.toString() === uri.toString(),
    ) ?? (await openAsRunbook(uri));
  if (words.length > 0) sessions.offerWords(notebook, words);
  await showStep(notebook, alert, found.line);
  for (const conflict of found.conflicts.slice(0, 1))
    void vscode.window.showWarningMessage(toast(`${alert}: ${conflict}.`));
  return { notebook, via: found.via };
}

/** Selects the step that answers the alert, and brings it to the top. */
export async function showStep(
  notebook: vscode.NotebookDocument,
  alert: string,
  line: number | null = null,
): Promise<void> {
  const at = Math.min(stepFor(notebook, alert, line), Math.max(0, notebook.cellCount - 1));
  const range = new vscode.NotebookRange(at, at + 1);
  const editor = await vscode.window.showNotebookDocument(notebook, { selections: [range] });
  editor.revealRange(range, vscode.NotebookEditorRevealType.AtTop);
}

/** The notebook's model may hold the file as text only: the runbook's own type is asked for. */
async function openAsRunbook(uri: vscode.Uri): Promise<vscode.NotebookDocument> {
  if (/\.runbook\.md$/i.test(uri.path)) return vscode.workspace.openNotebookDocument(uri);
  await vscode.commands.executeCommand('vscode.openWith', uri, notebookType);
  return vscode.workspace.openNotebookDocument(uri);
}

/** The first code cell from the line that the link names, else the first that answers the alert. */
function stepFor(notebook: vscode.NotebookDocument, alert: string, line: number | null): number {
  const { cells } = runbookOf(notebook);
  const code = cells.filter(({ cell }) => cell.kind === 'code');
  const own = (one: (typeof code)[number]): boolean =>
    one.alerts.some(({ name }) => nameKey(name) === nameKey(alert));
  const found = line === null ? code.find(own) : (code.find(({ cell }) => cell.lines[0] >= line) ?? code[0]);
  const ordinal = found ? code.indexOf(found) : -1;
  const shown = notebook.getCells().filter((cell) => cell.kind === vscode.NotebookCellKind.Code)[ordinal];
  return shown?.index ?? 0;
}

/** `vscode://…/open?alert=…&labels=…` */
export function registerAlertLinks(index: RunbookIndex, sessions: NotebookSessions): vscode.Disposable {
  return vscode.window.registerUriHandler({
    async handleUri(uri) {
      try {
        const { alert, labels } = readAlertLink(uri.path, uri.query);
        await openForAlert(alert, index, sessions, [
          { origin: `${alert}, by the link that was opened`, labels, annotations: {} },
        ]);
      } catch (error) {
        report(error);
      }
    },
  });
}
