// The project's own commands as the policy classes them, for what is drawn before anything runs: the session reads its
// own. Read when a cell holds a command that nobody knows, and kept for a while.

import * as vscode from 'vscode';
import { assessCell, assessText, folderOf } from '../incident/runbook.ts';
import type { Assessment } from '../shell/assess.ts';
import type { ProjectTools } from '../shell/resolve.ts';
import type { DrawnCell } from './drawnCells.ts';
import { runbookOf } from './notebookModel.ts';

const keptMs = 30_000;
const kept = new Map<string, { readonly at: number; readonly tools: Promise<ProjectTools | undefined> }>();

/** What the cell would do, as it is shown. */
export async function assessShown(
  cell: Pick<DrawnCell, 'cell' | 'runnable'>,
  notebook: vscode.NotebookDocument,
): Promise<Assessment | undefined> {
  const plain = await assessCell(cell);
  if (plain?.risk !== 'unknown') return plain;
  const tools = await policyTools(notebook);
  return tools ? assessText(cell, cell.runnable, { projectTools: tools }) : plain;
}

/** undefined without a policy that can be read: running says what is wrong with it. */
function policyTools(notebook: vscode.NotebookDocument): Promise<ProjectTools | undefined> {
  if (!vscode.workspace.isTrusted) return Promise.resolve(undefined);
  const userFile = vscode.workspace.getConfiguration('runbook').get<string>('policy') || undefined;
  const read = async (): Promise<ProjectTools | undefined> => {
    const [{ projectTools }, { sessionPolicy }] = await Promise.all([
      import('../guard/projectTools.ts'),
      import('../incident/sessionPolicy.ts'),
    ]);
    const folder = folderOf(runbookOf(notebook));
    return projectTools({ ...(await sessionPolicy(userFile, folder)), folder });
  };
  const key = `${userFile}\0${notebook.uri.toString()}`;
  const known = kept.get(key);
  if (known && performance.now() - known.at < keptMs) return known.tools;
  const tools = read().catch(() => undefined);
  kept.set(key, { at: performance.now(), tools });
  return tools;
}
