// What a person does with the incident at hand: start it, note, change its severity, hand it over, show its
// checkpoint, close it.

import * as vscode from 'vscode';
import { formatDuration } from '../base/duration.ts';
import { noteIncident } from '../incident/declareIncident.ts';
import type { Incident } from '../incident/incident.ts';
import { severityChoices, severityOf } from '../incident/incidentSeverity.ts';
import { type IncidentStatus, incidentStatus } from '../incident/incidentStatus.ts';
import { folderOf, type Runbook } from '../incident/runbook.ts';
import { copyCheckpoint } from './checkpointDeeds.ts';
import { frontRunbook } from './frontRunbook.ts';
import { glassDeeds } from './glassDeeds.ts';
import { closeIncident } from './incidentClosing.ts';
import { handOverIncident, joinIncident } from './incidentHandover.ts';
import { runbookOf } from './notebookModel.ts';
import type { NotebookSessions } from './notebookSessions.ts';

interface Deed extends vscode.QuickPickItem {
  readonly run: () => Promise<void>;
}

/** The menu of the notebook in front. */
export async function showIncidentMenu(sessions: NotebookSessions): Promise<void> {
  const notebook = frontRunbook()?.notebook;
  if (!notebook) {
    await startAlone(sessions);
    return;
  }
  const runbook = runbookOf(notebook);
  const folder = sessions.incidentFolder(notebook);
  const status = folder ? await incidentStatus(folder) : undefined;
  if (!status || status.adHoc || status.closedAt) {
    await startOrJoin(notebook, runbook, sessions, status);
    return;
  }
  const incident = async (): Promise<Incident> => (await sessions.sessionOf(notebook)).incident;
  const ofAny: Deed[] = [
    { label: '$(note) Add a note', run: async () => addNote(await incident()) },
    {
      label: '$(warning) Change the severity',
      description: status.severity ?? 'none yet',
      run: async () => {
        const severity = await pickSeverity(runbook);
        if (severity) await sessions.declare(notebook, { severity });
      },
    },
  ];
  // A drill is nobody else's, and its end is told from the cluster.
  const others: Deed[] = sessions.drillOf(notebook)
    ? [
        {
          label: '$(mortar-board) End the drill',
          description: 'the practice cluster says whether it is cured',
          run: async () => vscode.commands.executeCommand('runbook.drill.end'),
        },
      ]
    : [
        {
          label: '$(person) Hand over',
          description: status.commander ?? '',
          run: () => handOverIncident(notebook, sessions, status),
        },
        ...(await glassDeeds(status.folder, sessions.place())),
        { label: '$(verified) Copy the checkpoint', run: () => copyCheckpointOf(notebook, sessions) },
        { label: '$(check-all) Close the incident', run: () => closeIncident(notebook, sessions, status) },
      ];
  const picked = await vscode.window.showQuickPick([...ofAny, ...others], {
    title: `${status.id}: ${status.title}`,
    placeHolder: `${status.severity ?? 'no severity'}, for ${formatDuration(Date.now() - (status.openedAt ?? 0))}`,
  });
  await picked?.run();
}

/** Before anybody knows which runbook it is. */
async function startAlone(sessions: NotebookSessions): Promise<void> {
  const title = await vscode.window.showInputBox({
    title: 'Start Incident (1 of 2)',
    prompt: 'What is wrong? No runbook is in front: the next one that you run belongs to it.',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() ? undefined : 'A few words are enough.'),
  });
  if (!title) return;
  const items = severityChoices({ scales: [] }).map(({ raw }) => raw);
  const severity = await vscode.window.showQuickPick(items, { title: 'Severity', ignoreFocusOut: true });
  if (!severity) return;
  const id = await sessions.openAlone(title.trim(), severity);
  void vscode.window.showInformationMessage(`${id} began. The next runbook that you run belongs to it.`);
}

/** Asked only where there is one to join. */
async function startOrJoin(
  notebook: vscode.NotebookDocument,
  runbook: Runbook,
  sessions: NotebookSessions,
  status: IncidentStatus | undefined,
): Promise<void> {
  const deeds: Deed[] = [
    {
      label: '$(flame) Start an incident',
      description: status?.adHoc ? status.id : '',
      run: () => startIncident(notebook, runbook, sessions, status),
    },
    {
      label: '$(person-add) Join an incident…',
      description: 'from this machine or a bundle',
      run: () => joinIncident(notebook, sessions),
    },
    // Also of one that is closed, where it goes in as an addendum.
    ...(status ? await glassDeeds(status.folder, sessions.place()) : []),
  ];
  const picked = await vscode.window.showQuickPick(deeds, {
    title: status?.closedAt ? `Incident (${status.id} is closed)` : 'Incident',
    placeHolder: status?.adHoc ? 'All that was recorded so far goes with it' : 'Runs are recorded under it',
  });
  await picked?.run();
}

/** What a new incident is about: an alert with its own words. */
export interface AboutAlert {
  readonly alert: string;
  readonly severity?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Starts one on the notebook, or turns what was recorded ad hoc into one. */
export async function startIncident(
  notebook: vscode.NotebookDocument,
  runbook: Runbook,
  sessions: NotebookSessions,
  before: IncidentStatus | undefined,
  about?: AboutAlert,
): Promise<void> {
  const alert = about?.alert ?? runbook.declarations.alerts[0]?.name;
  const title = await vscode.window.showInputBox({
    title: 'Start Incident (1 of 2)',
    prompt: before?.adHoc ? 'What is wrong? All that was recorded so far goes with it.' : 'What is wrong?',
    value: about?.annotations.summary ?? alert ?? '',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() ? undefined : 'A few words are enough.'),
  });
  if (!title) return;
  const severity = await pickSeverity(runbook, about?.severity);
  if (!severity) return;
  if (before?.closedAt) await sessions.forget(notebook);
  const { labels, annotations } = about ?? {};
  await sessions.declare(notebook, {
    title: title.trim(),
    severity,
    ...(alert ? { alert } : {}),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
  });
}

/** On the runbook's own scale; the general words where it has none. */
async function pickSeverity(runbook: Runbook, ofAlert?: string): Promise<string | undefined> {
  const declared = runbook.declarations.severity?.raw.toLowerCase();
  // The scale's own level for the alert's word: the runbook's words go before it.
  const fired = ofAlert && !declared ? severityOf(ofAlert, runbook.declarations).level : undefined;
  const items = severityChoices(runbook.declarations).map((choice) => ({
    choice,
    label: choice.label ? `${choice.raw} (${choice.label})` : choice.raw,
    description: [
      choice.responseMs === null ? '' : `respond within ${formatDuration(choice.responseMs)}`,
      declared && [choice.raw, choice.label].some((word) => word?.toLowerCase() === declared)
        ? 'as the runbook says'
        : fired && choice.level === fired
          ? `as the alert says: ${ofAlert}`
          : '',
    ]
      .filter(Boolean)
      .join(', '),
    detail: choice.escalation ? `escalation: ${choice.escalation}` : '',
  }));
  const first = items.findIndex((item) => /as the (runbook|alert) says/.test(item.description));
  if (first > 0) items.unshift(...items.splice(first, 1));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Severity',
    placeHolder:
      runbook.declarations.scales.length > 0
        ? 'How bad is it, on the scale of this runbook?'
        : 'How bad is it? The runbook has no scale of its own.',
    ignoreFocusOut: true,
  });
  return picked?.choice.raw;
}

async function addNote(incident: Incident): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: `Note in ${incident.id}`,
    prompt: 'Written into the log with the time and your name',
    ignoreFocusOut: true,
  });
  if (text?.trim()) await noteIncident(incident, text.trim());
}

/** Of the notebook's incident, which its session seals. */
export async function copyCheckpointOf(
  notebook: vscode.NotebookDocument,
  sessions: NotebookSessions,
): Promise<void> {
  const { incident } = await sessions.sessionOf(notebook);
  await copyCheckpoint(incident, folderOf(runbookOf(notebook)));
}
