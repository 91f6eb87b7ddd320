// From a recorded run to the cell of its runbook as it is now, and back.

import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { type CellNow, cellNow } from '../../incident/review/cellNow.ts';
import type { Review } from '../../incident/review/openReview.ts';
import type { RunAtAGlance } from '../../incident/review/runIndex.ts';
import { loadRunbook } from '../../incident/runbook.ts';
import { notebookCellAt } from '../notebookModel.ts';
import { revealCell } from '../revealCell.ts';

export interface RunbookNow extends Partial<CellNow> {
  readonly uri: vscode.Uri;
}

/** Where the run's runbook is on this machine: at its old path, else in the workspace by its name. */
export async function runbookNow(review: Review, run: RunAtAGlance): Promise<RunbookNow | undefined> {
  const uri = await runbookUri(review, run);
  if (!uri) return undefined;
  const bytes = await vscode.workspace.fs.readFile(uri).then(
    (read) => read,
    () => undefined,
  );
  return bytes && { uri, ...cellNow(loadRunbook(bytes, uri.fsPath), run) };
}

async function runbookUri(review: Review, run: RunAtAGlance): Promise<vscode.Uri | undefined> {
  for (const { event } of review.content.incident.events) {
    if (event.type !== 'runbook.opened' && event.type !== 'runbook.amended') continue;
    if (event.runbook !== run.intent.runbook) continue;
    const { path } = (event.extra ?? {}) as { path?: unknown };
    // A pack's paths are another machine's and a stranger's word: only those of this workspace are followed.
    if (typeof path !== 'string' || !existsSync(path)) continue;
    const uri = vscode.Uri.file(path);
    if (!review.isPack || vscode.workspace.getWorkspaceFolder(uri)) return uri;
  }
  if (!run.name) return undefined;
  const [found] = await vscode.workspace.findFiles(`**/${globbed(run.name)}`, '**/node_modules/**', 1);
  return found;
}

/** Opens the runbook with the cell in view. False where the file has no such cell any more. */
export async function showCellNow({ uri, ordinal }: RunbookNow): Promise<boolean> {
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  const editor = await vscode.window.showNotebookDocument(notebook);
  const cell = ordinal === undefined ? undefined : notebookCellAt(notebook, ordinal);
  if (!cell) return false;
  revealCell(editor, cell.index);
  return true;
}

const globbed = (name: string): string => name.replace(/[[\]{}*?]/g, '?');
