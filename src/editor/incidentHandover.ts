// From one person to the next: hand over with what stands, by the shared folder or by a bundle; join from another
// window or laptop, see what is open, and sign that one took over.

import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { formatDuration } from '../base/duration.ts';
import { visibleLine, visibleText } from '../base/visibleText.ts';
import { readIncident } from '../evidence/read/readIncident.ts';
import { isAnother } from '../evidence/read/takeOvers.ts';
import { bundleOf, handOver, takeOver } from '../incident/handover.ts';
import { handoverState, handoverText } from '../incident/handoverState.ts';
import { evidenceRoot } from '../incident/incident.ts';
import { type IncidentStatus, listIncidents } from '../incident/incidentStatus.ts';
import { pendingHandover } from '../incident/pendingHandover.ts';
import { receiveBundle } from '../incident/receiveBundle.ts';
import { folderOf } from '../incident/runbook.ts';
import { runbookOf } from './notebookModel.ts';
import type { NotebookSessions } from './notebookSessions.ts';

export async function handOverIncident(
  notebook: vscode.NotebookDocument,
  sessions: NotebookSessions,
  status: IncidentStatus,
): Promise<void> {
  const session = await sessions.sessionOf(notebook);
  const { incident } = session;
  const ask = (step: number, prompt: string): Thenable<string | undefined> =>
    vscode.window.showInputBox({ title: `Hand Over (${step} of 2)`, prompt, ignoreFocusOut: true });
  const to = (await ask(1, 'Who takes over?'))?.trim();
  if (!to) return;
  const text = await ask(2, 'What the next person has to know, beside values, choices and what is open');
  if (text === undefined) return;
  const from = status.commander ?? userName();
  const state = await handOver(incident, { from, to, text, lives: (pids) => session.anyLives(pids) });
  sessions.tellChange(notebook);
  const bundle = {
    label: '$(file-zip) Make a bundle',
    description: 'for a laptop that does not share the folder',
  };
  const show = {
    label: '$(list-unordered) Show what is open',
    description: 'as it was written into the handover',
  };
  const shared = {
    label: '$(check) Nothing more',
    description: `another window joins by the id ${status.id}`,
  };
  const picked = await vscode.window.showQuickPick([bundle, shared, show], {
    title: `Handed over to ${to}, and signed`,
    placeHolder: `How does ${to} come in?`,
    ignoreFocusOut: true,
  });
  if (picked === bundle) await makeBundle(notebook, sessions, status.id);
  else if (picked === show) await showText(handoverText(state));
}

async function makeBundle(
  notebook: vscode.NotebookDocument,
  sessions: NotebookSessions,
  id: string,
): Promise<void> {
  const place = sessions.place();
  const file = path.join(evidenceRoot(place), `${id}-handover.zip`);
  const pack = await bundleOf(place, id, file, folderOf(runbookOf(notebook)));
  const choice = await vscode.window.showInformationMessage(
    `The bundle is ${pack.file}. Send its checkpoint by another way than the bundle.`,
    'Copy the Checkpoint',
    'Reveal',
  );
  if (choice === 'Copy the Checkpoint') await vscode.env.clipboard.writeText(pack.note);
  else if (choice) await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(file));
}

type Entry = vscode.QuickPickItem & { readonly id?: string };

/** The notebook's next runs belong to the incident that is picked. */
export async function joinIncident(
  notebook: vscode.NotebookDocument,
  sessions: NotebookSessions,
): Promise<void> {
  const root = evidenceRoot(sessions.place());
  const open = (await listIncidents(root)).filter(({ closedAt, adHoc }) => !closedAt && !adHoc);
  const fromBundle: Entry = { label: '$(file-zip) From a bundle or folder of another machine…' };
  const picked = await vscode.window.showQuickPick<Entry>(
    [
      ...open.map(({ id, title, severity, commander, openedAt }) => ({
        id,
        label: `$(flame) ${title}`,
        description: [severity, commander].filter(Boolean).join(' · '),
        detail: `${id}, for ${formatDuration(Date.now() - (openedAt ?? Date.now()))}`,
      })),
      fromBundle,
    ],
    {
      title: 'Join an Incident',
      placeHolder: 'Runs of this runbook are recorded under it',
      matchOnDetail: true,
    },
  );
  if (!picked) return;
  const id = picked.id ?? (await receive(root));
  if (!id) return;
  await sessions.join(notebook, id);
  await offerToTakeOver(notebook, sessions);
}

async function receive(root: string): Promise<string | undefined> {
  const [bundle] =
    (await vscode.window.showOpenDialog({
      title: 'Bundle or folder of an incident',
      canSelectFiles: true,
      canSelectFolders: process.platform !== 'win32',
      openLabel: 'Join',
    })) ?? [];
  if (!bundle) return undefined;
  const received = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Verifying the bundle' },
    () => receiveBundle(bundle.fsPath, root),
  );
  return received.id;
}

async function offerToTakeOver(notebook: vscode.NotebookDocument, sessions: NotebookSessions): Promise<void> {
  const { incident } = await sessions.sessionOf(notebook);
  const read = await readIncident(incident.folder);
  const pending = pendingHandover(read);
  const open = handoverText(handoverState(read));
  if (!pending) {
    const choice = await vscode.window.showInformationMessage(
      `You joined ${incident.id}.`,
      'Show What Is Open',
    );
    if (choice) await showText(open);
    return;
  }
  const choice = await vscode.window.showInformationMessage(
    visibleLine(`${pending.from} hands ${incident.id} over to ${pending.to}`),
    { modal: true, detail: visibleText(`${pending.text}\n\n${open}`) },
    'Take Over',
  );
  if (!choice) return;
  const who = await vscode.window.showInputBox({
    title: `Take over ${incident.id}`,
    prompt: 'Your name, as the log will have it. It is signed with the key of this window.',
    value: pending.to || userName(),
    ignoreFocusOut: true,
    validateInput: (name) =>
      name.trim() && isAnother({ to: pending.to, by: name })
        ? {
            message: `It was handed over to ${pending.to}. The log will say that ${name.trim()} took over in their place.`,
            severity: vscode.InputBoxValidationSeverity.Info,
          }
        : undefined,
  });
  if (!who?.trim()) return;
  await takeOver(incident, pending, who.trim());
  sessions.tellChange(notebook);
}

async function showText(content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content });
  await vscode.window.showTextDocument(document);
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return '';
  }
}
