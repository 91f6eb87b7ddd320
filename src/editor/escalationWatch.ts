// Tells when a runbook's escalation is due: once a rule and an incident, with the contacts that the runbook lists.
// Whoever answers says in the log that it was done; nothing is sent to anybody.

import * as vscode from 'vscode';
import { noteIncident } from '../incident/declareIncident.ts';
import { dueRules, type Escalation, escalationOf } from '../incident/escalation.ts';
import type { SeverityChoice } from '../incident/incidentSeverity.ts';
import type { IncidentStatus } from '../incident/incidentStatus.ts';
import { report } from './log.ts';
import { runbookOf } from './notebookModel.ts';
import type { NotebookSessions } from './notebookSessions.ts';
import { toast } from './toast.ts';

const told = new Set<string>();
const done = 'Escalated: ';

export interface EscalationNow {
  /** Lines for the status bar's tooltip. */
  readonly lines: readonly string[];
  /** A rule is due that nobody has marked as done. */
  readonly due: boolean;
}

export function watchEscalation(
  notebook: vscode.NotebookDocument,
  sessions: NotebookSessions,
  status: IncidentStatus,
  severity: SeverityChoice | undefined,
): EscalationNow {
  const escalation = escalationOf(runbookOf(notebook), severity);
  const elapsedMs = Date.now() - (status.openedAt ?? Date.now());
  const isDone = (text: string): boolean => status.notes.some((note) => note.text === `${done}${text}`);
  const due = dueRules(escalation, elapsedMs).filter(({ text }) => !isDone(text));
  for (const { text } of due) {
    const key = `${status.id} ${text}`;
    if (told.has(key)) continue;
    told.add(key);
    void tell(notebook, sessions, text, escalation).catch(report);
  }
  const contacts = escalation.contacts.map(({ role, reach }) => `  ${role}: ${reach}`);
  return {
    due: due.length > 0,
    lines: [
      ...due.map(({ text }) => `Escalation is due: ${text}`),
      ...escalation.rules
        .filter(({ afterMs }) => afterMs === null)
        .map(({ text }) => `Escalate also when: ${text}`),
      ...(contacts.length > 0 ? ['Contacts', ...contacts] : []),
    ],
  };
}

async function tell(
  notebook: vscode.NotebookDocument,
  sessions: NotebookSessions,
  text: string,
  { contacts }: Escalation,
): Promise<void> {
  const who = contacts.map(({ role, reach }) => `${role}: ${reach}`).join('; ');
  const choice = await vscode.window.showWarningMessage(
    toast(`Escalation is due by the runbook: ${text}.${who ? ` ${who}` : ''}`),
    'Mark as Done',
    ...(who ? ['Copy Contacts'] : []),
  );
  if (choice === 'Copy Contacts') await vscode.env.clipboard.writeText(who);
  if (choice !== 'Mark as Done') return;
  await noteIncident((await sessions.sessionOf(notebook)).incident, `${done}${text}`);
  sessions.tellChange(notebook);
}
