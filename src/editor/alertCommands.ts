// What a person does with an alert of the view: open its runbook at the step, start an incident of it; and the
// credentials with which alerts are asked.

import * as vscode from 'vscode';
import type { AlertSnapshot } from '../alerts/live/alertSnapshot.ts';
import type { AlertInstance } from '../alerts/live/alertState.ts';
import { RunbookError } from '../base/runbookError.ts';
import { incidentStatus } from '../incident/incidentStatus.ts';
import type { AlertCredentials } from './alertCredentials.ts';
import type { AlertNode } from './alertItems.ts';
import type { AlertsView } from './alertsView.ts';
import { startIncident } from './incidentMenu.ts';
import { report } from './log.ts';
import { runbookOf } from './notebookModel.ts';
import type { NotebookSessions } from './notebookSessions.ts';
import { openForAlert, registerAlertLinks } from './openForAlert.ts';
import { toast } from './toast.ts';

export interface AlertCommandOptions {
  readonly alerts: AlertsView;
  readonly sessions: NotebookSessions;
  readonly credentials: AlertCredentials;
  /** An incident may have begun. */
  readonly onChanged: () => void;
}

export function registerAlertCommands(options: AlertCommandOptions): vscode.Disposable {
  const { alerts, sessions, credentials } = options;
  sessions.monitoring = () => credentials.places();
  sessions.activeWords = (names) => alerts.wordsOf(names);
  return vscode.Disposable.from(
    alerts.onDidAnswer((snapshot) => void noteStates(snapshot, sessions).catch(report)),
    registerAlertLinks(alerts.index, sessions),
    vscode.commands.registerCommand('runbook.openForAlert', (node?: AlertNode) =>
      open(node, options).catch(report),
    ),
    vscode.commands.registerCommand('runbook.startIncidentForAlert', (node?: AlertNode) =>
      start(node, options).catch(report),
    ),
    vscode.commands.registerCommand('runbook.refreshAlerts', () => alerts.refresh()),
    vscode.commands.registerCommand('runbook.credentials', () => credentials.edit().catch(report)),
  );
}

/** Into the log of each session: the states of the alerts that its runbook or its incident answers to. */
async function noteStates(snapshot: AlertSnapshot, sessions: NotebookSessions): Promise<void> {
  for (const notebook of vscode.workspace.notebookDocuments) {
    const session = sessions.existing(notebook);
    if (!session) continue;
    const { alert, closedAt } = await incidentStatus(session.incident.folder);
    if (closedAt !== null) continue;
    const names = runbookOf(notebook).declarations.alerts.map(({ name }) => name);
    try {
      await session.alertLog.note([...new Set([...(alert ? [alert] : []), ...names])], snapshot);
    } catch (error) {
      // The incident was closed while the servers were asked.
      if (!(error instanceof RunbookError) || error.code !== 'evidence-closed') throw error;
    }
  }
}

/** The instance that was pressed, or the alert's worst. */
function chosen(
  node: AlertNode | undefined,
): { readonly alert: string; readonly instance: AlertInstance } | undefined {
  if (node?.kind !== 'alert' && node?.kind !== 'instance') return undefined;
  const instance = node.kind === 'instance' ? node.instance : node.alert.instances[0];
  return instance && { alert: node.alert.name, instance };
}

async function open(
  node: AlertNode | undefined,
  { alerts, sessions }: AlertCommandOptions,
): Promise<vscode.NotebookDocument | undefined> {
  const own = chosen(node);
  if (!own) return undefined;
  const { labels, annotations, state } = own.instance;
  const words = [{ origin: `${own.alert}, ${state} when it was opened`, labels, annotations }];
  return (await openForAlert(own.alert, alerts.index, sessions, words))?.notebook;
}

async function start(node: AlertNode | undefined, options: AlertCommandOptions): Promise<void> {
  const own = chosen(node);
  const notebook = own && (await open(node, options));
  if (!own || !notebook) return;
  const { sessions } = options;
  const folder = sessions.incidentFolder(notebook);
  const status = folder ? await incidentStatus(folder) : undefined;
  if (status && !status.adHoc && !status.closedAt) {
    void vscode.window.showInformationMessage(
      toast(`${status.id} runs already on this runbook: ${status.title}.`),
    );
    return;
  }
  const { labels, annotations } = own.instance;
  const about = { alert: own.alert, severity: labels.severity, labels, annotations };
  await startIncident(notebook, runbookOf(notebook), sessions, status, about);
  options.onChanged();
}
