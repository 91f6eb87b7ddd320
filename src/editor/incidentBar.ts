// The incident of the notebook in front, in the status bar: id, severity, and the time since it began against
// the response time of its severity; and the menu behind it.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore, toDisposable } from '../base/disposable.ts';
import { formatDuration } from '../base/duration.ts';
import { severityName } from '../base/severityName.ts';
import { severityOf } from '../incident/incidentSeverity.ts';
import { commanderText, type IncidentStatus, incidentStatus } from '../incident/incidentStatus.ts';
import { watchEscalation } from './escalationWatch.ts';
import { frontRunbook, onFrontChange } from './frontRunbook.ts';
import { report } from './log.ts';
import { runbookOf } from './notebookModel.ts';
import type { NotebookSessions } from './notebookSessions.ts';

const everyMs = 15_000;

export class IncidentBar implements Disposable {
  readonly #store = new DisposableStore();
  readonly #item: vscode.StatusBarItem;
  readonly #target: vscode.StatusBarItem;
  readonly #sessions: NotebookSessions;
  #timer: NodeJS.Timeout | undefined;

  constructor(sessions: NotebookSessions) {
    this.#sessions = sessions;
    this.#item = this.#store.add(
      vscode.window.createStatusBarItem('runbook.incident', vscode.StatusBarAlignment.Left, 100),
    );
    this.#item.name = 'Runbook Incident';
    this.#item.command = 'runbook.incident';
    this.#target = this.#store.add(
      vscode.window.createStatusBarItem('runbook.target', vscode.StatusBarAlignment.Left, 99),
    );
    this.#target.name = 'Runbook Target';
    this.#target.command = 'runbook.pickTarget';
    this.#store.add(onFrontChange(() => this.refresh()));
    this.#store.add(sessions.onDidChange(() => this.refresh()));
    this.#store.add(toDisposable(() => clearTimeout(this.#timer)));
    this.refresh();
  }

  /** Draws it anew, and again every 15 s while a runbook is in front. */
  refresh(): void {
    clearTimeout(this.#timer);
    const notebook = frontRunbook()?.notebook;
    if (!notebook) {
      this.#item.hide();
      this.#target.hide();
      return;
    }
    this.#drawTarget(notebook);
    void this.#draw(notebook).catch(report);
    this.#timer = setTimeout(() => this.refresh(), everyMs);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #drawTarget(notebook: vscode.NotebookDocument): void {
    const session = this.#sessions.existing(notebook);
    const target = session?.target;
    if (!target) {
      this.#target.text = session ? '$(server) no cluster' : '$(server) not pinned yet';
      this.#target.tooltip = session
        ? 'No kubeconfig names a current context. Press to choose one.'
        : 'The first run pins the current context. Press to choose another.';
      // Of the notebook that was in front before.
      this.#target.color = undefined;
      this.#target.backgroundColor = undefined;
    } else {
      const { context, namespace, server } = target.pin;
      const { known } = session;
      const name = known?.listed ? known.name : context;
      this.#target.text = `$(server) ${name}/${namespace}${known?.production ? ' $(shield) PRODUCTION' : ''}`;
      this.#target.color = known?.color;
      this.#target.backgroundColor =
        known?.production && !known.color
          ? new vscode.ThemeColor('statusBarItem.errorBackground')
          : undefined;
      const as = target.user ? `, as ${target.user}` : '';
      this.#target.tooltip = `Cells of this runbook hit ${server}, namespace ${namespace}${as}.${target.isPractice ? ' It is practice.' : ''}`;
    }
    this.#target.show();
  }

  async #draw(notebook: vscode.NotebookDocument): Promise<void> {
    const folder = this.#sessions.incidentFolder(notebook);
    const status = folder ? await incidentStatus(folder) : undefined;
    if (!status || status.adHoc || status.closedAt) {
      this.#item.text = '$(flame) Start Incident';
      this.#item.tooltip = status
        ? status.closedAt
          ? `${status.id} is closed. Start another one.`
          : `Runs are recorded ad hoc as ${status.id}. Start an incident with all of it.`
        : 'No incident: the first run is recorded ad hoc.';
      this.#item.backgroundColor = undefined;
      this.#item.show();
      return;
    }
    const severity = status.severity
      ? severityOf(status.severity, runbookOf(notebook).declarations)
      : undefined;
    const elapsedMs = Date.now() - (status.openedAt ?? Date.now());
    const overdue = severity?.responseMs != null && elapsedMs > severity.responseMs;
    const escalation = watchEscalation(notebook, this.#sessions, status, severity);
    const against = severity?.responseMs ? ` of ${formatDuration(severity.responseMs)}` : '';
    const escalate = escalation.due ? ' $(megaphone) escalate' : '';
    this.#item.text = `${nameOf(status)}  ${elapsedMs < 60_000 ? '<1 min' : formatDuration(elapsedMs)}${against}${escalate}`;
    const key = this.#sessions.existing(notebook)?.incident.writer.fingerprint;
    this.#item.tooltip = tooltipOf(status, overdue, escalation.lines, key);
    this.#item.backgroundColor =
      overdue || escalation.due ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.show();
  }
}

function nameOf({ id, severity, drill }: IncidentStatus): string {
  const [icon, name] = drill ? ['$(mortar-board)', 'Drill'] : ['$(flame)', shortId(id)];
  return `${icon} ${severity ?? 'Incident'} ${name}`;
}

/** Without its date, and not too long: the tooltip has all of it. */
function shortId(id: string): string {
  const own = id.replace(/^\d{4}-\d\d-\d\d-/, '');
  return own.length > 24 ? `…${own.slice(-23)}` : own;
}

function tooltipOf(
  status: IncidentStatus,
  overdue: boolean,
  escalation: readonly string[],
  key: string | undefined,
): string {
  const lines = [
    `${status.title}`,
    `Incident ${status.id}`,
    status.severity ? severityName(status.severity) : '',
    status.commander ? `Commander ${commanderText(status)}` : '',
    status.handedTo ? `Handed over to ${status.handedTo}, who has not taken over yet` : '',
    `Cells: ${status.runs.done} done, ${status.runs.failed} failed`,
    overdue ? 'The response time of this severity has passed.' : '',
    ...escalation,
    key ? `Sealed with key ${key}` : '',
  ];
  return lines.filter(Boolean).join('\n');
}
