// Active alerts in the side bar, the worst first, each with the runbook that answers it; and their state for the
// cells' status items. Asked only while the view or a runbook is visible.

import * as vscode from 'vscode';
import { type ActiveAlert, activeAlerts } from '../alerts/live/activeAlerts.ts';
import type { AlertSnapshot } from '../alerts/live/alertSnapshot.ts';
import type { AlertInstance } from '../alerts/live/alertState.ts';
import { type AlertState, alertState } from '../alerts/live/alertState.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { formatDuration } from '../base/duration.ts';
import { AlertFeed } from '../incident/alertFeed.ts';
import { SessionTarget } from '../incident/sessionTarget.ts';
import { report } from './log.ts';
import { runbookOf } from './notebookModel.ts';
import { notebookType } from './openAs.ts';

type Node =
  | { readonly kind: 'alert'; readonly alert: ActiveAlert }
  | { readonly kind: 'instance'; readonly instance: AlertInstance }
  | { readonly kind: 'told'; readonly text: string };

const icons: Record<AlertInstance['state'], string> = {
  firing: 'flame',
  pending: 'clock',
  silenced: 'bell-slash',
  inhibited: 'circle-slash',
};

export class AlertsView implements vscode.TreeDataProvider<Node>, Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #answered = new vscode.EventEmitter<void>();
  /** The alerts' states may have changed. */
  readonly onDidAnswer = this.#answered.event;
  readonly #view: vscode.TreeView<Node>;
  #feed: AlertFeed | undefined;
  #target: SessionTarget | undefined;
  #wanted = '';

  constructor() {
    this.#store.add(this.#changed);
    this.#store.add(this.#answered);
    this.#view = this.#store.add(vscode.window.createTreeView('runbook.alerts', { treeDataProvider: this }));
    const look = (): void => void this.#look().catch(report);
    this.#store.add(this.#view.onDidChangeVisibility(look));
    this.#store.add(vscode.window.onDidChangeVisibleNotebookEditors(look));
    this.#store.add(vscode.window.onDidChangeActiveNotebookEditor(look));
    this.#store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (
          change.affectsConfiguration('runbook.prometheus') ||
          change.affectsConfiguration('runbook.alertmanager')
        )
          look();
      }),
    );
    look();
  }

  /** undefined before the first answer, and where there is nothing to ask. */
  stateOf(alert: string): AlertState | undefined {
    const last = this.#feed?.last;
    return last && alertState(alert, last);
  }

  refresh(): void {
    this.#feed?.refresh();
  }

  getChildren(node?: Node): Node[] {
    const last = this.#feed?.last;
    if (!last) return [];
    if (node?.kind === 'alert')
      return node.alert.instances.map((instance) => ({ kind: 'instance', instance }));
    if (node) return [];
    const told = failuresOf(last).map((text): Node => ({ kind: 'told', text }));
    const alerts = activeAlerts(last).map((alert): Node => ({ kind: 'alert', alert }));
    if (alerts.length === 0 && told.length === 0) return [{ kind: 'told', text: 'No alert is active.' }];
    return [...told, ...alerts];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === 'told') {
      const item = new vscode.TreeItem(node.text);
      item.iconPath = new vscode.ThemeIcon('info');
      item.tooltip = node.text;
      return item;
    }
    if (node.kind === 'instance') {
      const { labels, annotations, state, sinceMs } = node.instance;
      const { alertname: _, severity: __, ...rest } = labels;
      const item = new vscode.TreeItem(
        Object.entries(rest)
          .map(([name, value]) => `${name}=${value}`)
          .join(' ') || state,
      );
      item.description = sinceMs === null ? state : `${state} for ${formatDuration(Date.now() - sinceMs)}`;
      item.tooltip = annotations.summary ?? annotations.description ?? '';
      item.iconPath = new vscode.ThemeIcon(icons[state]);
      return item;
    }
    const { name, severity, state, instances } = node.alert;
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    item.description = [severity ?? 'no severity', state, instances.length > 1 ? `${instances.length}×` : '']
      .filter(Boolean)
      .join(' · ');
    item.iconPath = new vscode.ThemeIcon(
      icons[state],
      new vscode.ThemeColor(state === 'firing' ? 'errorForeground' : 'disabledForeground'),
    );
    item.contextValue = 'alert';
    item.command = { command: 'runbook.openForAlert', title: 'Open Runbook', arguments: [name] };
    item.tooltip = `${name}: ${instances[0]?.annotations.summary ?? ''}\nPress to open the runbook that answers.`;
    return item;
  }

  dispose(): void {
    this.#feed?.dispose();
    void this.#target?.dispose();
    this.#store.dispose();
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
    const settings = vscode.workspace.getConfiguration('runbook');
    const prometheusUrl = settings.get('prometheus.url', '');
    const alertmanagerUrl = settings.get('alertmanager.url', '');
    const { context, namespace } = editor ? runbookOf(editor.notebook).document.settings : {};
    const wanted = JSON.stringify([prometheusUrl, alertmanagerUrl, context, namespace]);
    if (wanted !== this.#wanted) {
      this.#wanted = wanted;
      this.#feed?.dispose();
      await this.#target?.dispose();
      // Without trust no kubeconfig is read: its exec plugins are programs.
      const mayRead = vscode.workspace.isTrusted;
      this.#target = mayRead
        ? await SessionTarget.pin(process.env, { context, namespace }).catch(() => undefined)
        : undefined;
      this.#feed = AlertFeed.of({ prometheusUrl, alertmanagerUrl }, this.#target);
      this.#feed?.onAnswer(() => {
        this.#changed.fire(undefined);
        this.#answered.fire();
      });
      this.#changed.fire(undefined);
    }
    this.#feed?.start();
  }
}

/** What could not be asked, a line each. */
function failuresOf({ rules, alerts, silences }: AlertSnapshot): string[] {
  const told = [rules, alerts, silences].flatMap((outcome) =>
    outcome && !outcome.ok ? [outcome.message] : [],
  );
  return [...new Set(told)];
}

/** Finds the runbook of the workspace that answers an alert, and opens it at the section that says so. */
export async function openForAlert(name: string): Promise<void> {
  const files = await vscode.workspace.findFiles('**/*.runbook.md', '**/node_modules/**', 500);
  const { readRunbook } = await import('../alerts/rules/loadRunbooks.ts');
  const wanted = name.toLowerCase();
  for (const file of files) {
    const { told } = readRunbook(file.fsPath, await vscode.workspace.fs.readFile(file), [name]);
    if (!told.alerts.some((alert) => alert.name.toLowerCase() === wanted)) continue;
    const notebook = await vscode.workspace.openNotebookDocument(file);
    const first = runbookOf(notebook).cells.find(
      (cell) => cell.cell.kind === 'code' && cell.alerts.some((alert) => alert.name.toLowerCase() === wanted),
    );
    const at = Math.min(first?.index ?? 0, notebook.cellCount - 1);
    await vscode.window.showNotebookDocument(notebook, {
      selections: [new vscode.NotebookRange(at, at + 1)],
    });
    return;
  }
  void vscode.window.showInformationMessage(`No runbook of this workspace says that it answers ${name}.`);
}
