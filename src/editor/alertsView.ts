// Active alerts in the side bar, the worst first, each with the runbook that answers it; and their state for the
// cells' status items. Asked only while the view or a runbook is visible.

import path from 'node:path';
import * as vscode from 'vscode';
import { type ActiveAlert, activeAlerts } from '../alerts/live/activeAlerts.ts';
import type { AlertSnapshot } from '../alerts/live/alertSnapshot.ts';
import { type AlertState, alertState } from '../alerts/live/alertState.ts';
import type { Failure } from '../alerts/live/outcome.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { AlertFeed } from '../incident/alertFeed.ts';
import type { AlertWords } from '../incident/alertLabels.ts';
import type { MonitoringPlaces } from '../incident/monitoring.ts';
import { SessionTarget, type TargetChoice } from '../incident/sessionTarget.ts';
import type { AlertCredentials } from './alertCredentials.ts';
import { type AlertNode, alertItem, groupsOf, mendsOf } from './alertItems.ts';
import { onFrontChange } from './frontRunbook.ts';
import { report } from './log.ts';
import { runbookOf } from './notebookModel.ts';
import type { NotebookSessions } from './notebookSessions.ts';
import { notebookType } from './openAs.ts';
import { RunbookIndex } from './runbookIndex.ts';

interface AskedPlace {
  readonly places: MonitoringPlaces;
  readonly target: TargetChoice;
  readonly env: NodeJS.ProcessEnv;
}

export class AlertsView implements vscode.TreeDataProvider<AlertNode>, Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<AlertNode | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #answered = this.#store.add(new vscode.EventEmitter<AlertSnapshot>());
  /** The alerts' states may have changed. */
  readonly onDidAnswer = this.#answered.event;
  readonly index = new RunbookIndex(() => ({ snapshot: this.#feed?.last, target: this.#target }));
  readonly #credentials: AlertCredentials;
  readonly #sessions: NotebookSessions;
  readonly #view: vscode.TreeView<AlertNode>;
  /** The runbook of an alert, by its name; null where none answers. */
  readonly #runbooks = new Map<string, string | null>();
  #feed: AlertFeed | undefined;
  #target: SessionTarget | undefined;
  #wanted = '';
  #looking: Promise<void> = Promise.resolve();

  constructor(credentials: AlertCredentials, sessions: NotebookSessions) {
    this.#credentials = credentials;
    this.#sessions = sessions;
    this.#view = this.#store.add(vscode.window.createTreeView('runbook.alerts', { treeDataProvider: this }));
    // One after the other: two at once would pin two targets and let go of one.
    const look = (): void => {
      this.#looking = this.#looking.then(() => this.#look()).catch(report);
    };
    this.#store.add(this.#view.onDidChangeVisibility(look));
    this.#store.add(onFrontChange(look));
    this.#store.add(credentials.onDidChange(look));
    // A drill that begins or ends asks elsewhere.
    this.#store.add(sessions.onDidChange(look));
    const settings = ['runbook.prometheus', 'runbook.alertmanager'];
    this.#store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (settings.some((one) => change.affectsConfiguration(one))) look();
      }),
    );
    look();
  }

  /** undefined before the first answer, and where there is nothing to ask. */
  stateOf(alert: string): AlertState | undefined {
    const last = this.#feed?.last;
    return last && alertState(alert, last);
  }

  /** Labels and annotations of the instances of these alerts that are active now. */
  wordsOf(alerts: readonly string[]): AlertWords[] {
    return alerts.flatMap((alert) =>
      (this.stateOf(alert)?.instances ?? []).map(({ labels, annotations, state }) => ({
        origin: `${alert}, ${state} now`,
        labels,
        annotations,
      })),
    );
  }

  refresh(): void {
    this.index.forget();
    this.#runbooks.clear();
    this.#feed?.refresh();
  }

  getChildren(node?: AlertNode): AlertNode[] {
    const last = this.#feed?.last;
    if (!last) return [];
    if (node?.kind === 'group') return node.alerts.map((alert) => ({ kind: 'alert', alert }));
    if (node?.kind === 'alert') {
      const { alert } = node;
      return alert.instances.map((instance) => ({ kind: 'instance', instance, alert }));
    }
    if (node) return [];
    const failures = failuresOf(last);
    const alerts = activeAlerts(last);
    if (alerts.length === 0 && failures.length === 0) return [{ kind: 'told', text: 'No alert is active.' }];
    if (this.#view.visible) void this.#findRunbooks(alerts).catch(report);
    return [...mendsOf(failures), ...groupsOf(alerts)];
  }

  getTreeItem(node: AlertNode): vscode.TreeItem {
    return alertItem(node, (alert) => this.#runbooks.get(alert));
  }

  dispose(): void {
    this.#feed?.dispose();
    void this.#target?.dispose();
    this.#store.dispose();
  }

  /** Of alerts that were not looked up yet; draws again where there were any. */
  async #findRunbooks(alerts: readonly ActiveAlert[]): Promise<void> {
    const open = alerts.filter(({ name }) => !this.#runbooks.has(name));
    if (open.length === 0) return;
    for (const { name } of open) this.#runbooks.set(name, '');
    for (const { name, severity } of open) {
      const found = await this.index.find(name, severity ?? undefined);
      this.#runbooks.set(name, found ? path.basename(found.file) : null);
    }
    this.#changed.fire(undefined);
  }

  /** Starts, changes or stops what is asked, by what is visible and configured. */
  async #look(): Promise<void> {
    const editor = vscode.window.visibleNotebookEditors.find(
      (one) => one.notebook.notebookType === notebookType,
    );
    if (!this.#view.visible && !editor) {
      this.#feed?.stop();
      return;
    }
    const place = editor ? await this.#placeOf(editor.notebook) : await this.#ownPlace();
    const { places, env } = place;
    const { context, namespace } = place.target;
    // Without trust no kubeconfig is read: its exec plugins are programs.
    const mayRead = vscode.workspace.isTrusted;
    const wanted = JSON.stringify([places, context, namespace, mayRead, env.KUBECONFIG]);
    if (wanted !== this.#wanted) {
      this.#wanted = wanted;
      this.#feed?.dispose();
      await this.#target?.dispose();
      this.#target = mayRead
        ? await SessionTarget.pin(env, { context, namespace }).catch(() => undefined)
        : undefined;
      this.#feed = AlertFeed.of(places, this.#target);
      this.#feed?.onAnswer((snapshot) => {
        this.#draw();
        this.#answered.fire(snapshot);
      });
      this.index.forget();
      this.#runbooks.clear();
      this.#draw();
    }
    this.#feed?.start();
  }

  /** As a run of it would. */
  async #placeOf(notebook: vscode.NotebookDocument): Promise<AskedPlace> {
    return {
      places: await this.#sessions.monitoringOf(notebook),
      target: this.#sessions.targetOf(notebook) ?? runbookOf(notebook).document.settings,
      env: this.#sessions.envOf(notebook),
    };
  }

  /** Where no runbook is visible. */
  async #ownPlace(): Promise<AskedPlace> {
    return { places: await this.#credentials.places(), target: {}, env: process.env };
  }

  #draw(): void {
    this.#view.message = messageOf(this.#feed?.last, this.#feed !== undefined);
    this.#changed.fire(undefined);
  }
}

/** What could not be asked. */
function failuresOf({ rules, alerts, silences }: AlertSnapshot): Failure[] {
  const failures = [rules, alerts, silences].flatMap((outcome) => (outcome && !outcome.ok ? [outcome] : []));
  return [...new Map(failures.map((one) => [one.message, one])).values()];
}

/** Above the tree, where it wraps: a line each, with its mend. */
function messageOf(snapshot: AlertSnapshot | undefined, isAsked: boolean): string | undefined {
  if (!snapshot) return isAsked ? 'Asking for alerts…' : undefined;
  const told = failuresOf(snapshot).map(({ message, mend }) => `${message} ${mend}`);
  return told.length > 0 ? told.join('\n') : undefined;
}
