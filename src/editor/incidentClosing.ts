// The end of an incident: what the runbook asks to be seen, the resolution, the seal, the pack with its drafts, and
// what is left to be done.

import path from 'node:path';
import * as vscode from 'vscode';
import { visibleText } from '../base/visibleText.ts';
import { readIncident } from '../evidence/read/readIncident.ts';
import { type Closing, closingOf } from '../incident/closingChecks.ts';
import { noteFollowUps } from '../incident/declareIncident.ts';
import { bundleOf } from '../incident/handover.ts';
import { evidenceRoot } from '../incident/incident.ts';
import type { IncidentStatus } from '../incident/incidentStatus.ts';
import { folderOf } from '../incident/runbook.ts';
import { runbookOf } from './notebookModel.ts';
import type { NotebookSessions } from './notebookSessions.ts';

const mostShown = 20;

export async function closeIncident(
  notebook: vscode.NotebookDocument,
  sessions: NotebookSessions,
  status: IncidentStatus,
): Promise<void> {
  const session = await sessions.sessionOf(notebook);
  const runbook = runbookOf(notebook);
  const closing = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Looking at what ${status.id} still needs` },
    async () => closingOf(runbook, await readIncident(session.incident.folder), session.target),
  );
  if (!(await goOn(status, closing))) return;
  const summary = await vscode.window.showInputBox({
    title: `Close ${status.id}`,
    prompt: 'How was it resolved? The log is sealed after this.',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() ? undefined : 'A few words for those who were not there.'),
  });
  if (!summary) return;
  await noteFollowUps(session.incident, closing.followUps);
  await sessions.closeIncident(notebook, summary.trim());
  await offerPack(status, sessions, folderOf(runbook), closing.followUps.length);
}

/** What is not met is shown before the resolution is asked for; closing stays a person's decision. */
async function goOn(status: IncidentStatus, { checks }: Closing): Promise<boolean> {
  const open = checks.filter(({ met }) => met !== true);
  if (open.length === 0) return true;
  const mark = (met: boolean | null): string => (met === true ? '✓' : met === false ? '✗' : '?');
  const shown = [...open, ...checks.filter(({ met }) => met === true)].slice(0, mostShown);
  const lines = shown.map(({ text, met, why }) => `${mark(met)} ${text}: ${why}`);
  if (checks.length > shown.length) lines.push(`… and ${checks.length - shown.length} more`);
  const choice = await vscode.window.showWarningMessage(
    `${open.length} of ${checks.length} checks that the runbook asks for are not met. Close ${status.id}?`,
    { modal: true, detail: visibleText(`${lines.join('\n')}\n\nWhat is open is kept as follow-ups.`) },
    'Close All the Same',
  );
  return choice !== undefined;
}

async function offerPack(
  { id, folder }: IncidentStatus,
  sessions: NotebookSessions,
  runbookFolder: string,
  followUps: number,
): Promise<void> {
  const place = sessions.place();
  const file = path.join(evidenceRoot(place), `${id}.zip`);
  const pack = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Packing ${id}` },
    () => bundleOf(place, id, file, runbookFolder),
  );
  const left = followUps > 0 ? ` ${followUps} follow-up${followUps === 1 ? ' is' : 's are'} noted.` : '';
  const choice = await vscode.window.showInformationMessage(
    `${id} is closed, sealed and packed, with drafts of the impact assessment and the root cause: ${pack.file}.${left}`,
    'Open Report',
    'Copy the Checkpoint',
    'Open the Timeline',
  );
  if (choice === 'Open Report') await vscode.commands.executeCommand('runbook.openReport', folder);
  if (choice === 'Copy the Checkpoint') await vscode.env.clipboard.writeText(pack.note);
  if (choice === 'Open the Timeline') await showTimeline(folder);
}

async function showTimeline(folder: string): Promise<void> {
  const [{ timelineMd }, { packContent }, { blobReader }, { openFolder }] = await Promise.all([
    import('../evidence/pack/markdown.ts'),
    import('../evidence/pack/packContent.ts'),
    import('../evidence/pack/blobReader.ts'),
    import('../evidence/read/source.ts'),
  ]);
  const source = await openFolder(folder);
  const content = timelineMd(await packContent(await readIncident(folder), blobReader(source)));
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document);
}
