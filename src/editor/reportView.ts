// An incident's report in the editor: the same self-contained page that a pack holds, without scripts.

import * as vscode from 'vscode';
import { evidenceRoot } from '../incident/incident.ts';
import { incidentStatus, listIncidents } from '../incident/incidentStatus.ts';
import { frontRunbook } from './frontRunbook.ts';
import type { NotebookSessions } from './notebookSessions.ts';

/** Of the folder that was named, else of the notebook's incident, else of one that is chosen. */
export async function openReport(sessions: NotebookSessions, named: unknown): Promise<void> {
  const notebook = frontRunbook()?.notebook;
  const own = notebook && sessions.incidentFolder(notebook);
  const folder = typeof named === 'string' ? named : (own ?? (await pickIncident(sessions)));
  if (folder) await showReport(folder);
}

async function pickIncident(sessions: NotebookSessions): Promise<string | undefined> {
  const incidents = await listIncidents(evidenceRoot(sessions.place()));
  const picked = await vscode.window.showQuickPick(
    incidents.map(({ title, id, folder }) => ({ label: title, description: id, folder })),
    { title: 'Report of Which Incident?' },
  );
  return picked?.folder;
}

/** @param folder the incident's. */
async function showReport(folder: string): Promise<void> {
  const { title } = await incidentStatus(folder);
  const html = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Runbook: making the report' },
    () => reportOf(folder),
  );
  const panel = vscode.window.createWebviewPanel(
    'runbook.report',
    `Report: ${title}`,
    vscode.ViewColumn.Active,
    {
      enableScripts: false,
      enableFindWidget: true,
      localResourceRoots: [],
    },
  );
  panel.webview.html = html;
}

/** Loaded when it is first used: the report's makers are no part of the start. */
async function reportOf(folder: string): Promise<string> {
  const [{ openReview }, { reportHtml }] = await Promise.all([
    import('../incident/review/openReview.ts'),
    import('../evidence/pack/reportHtml.ts'),
  ]);
  const review = await openReview(folder);
  try {
    return await reportHtml(review.content, review.verification);
  } finally {
    review.close();
  }
}
