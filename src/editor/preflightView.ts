// The preflight of the runbook in front: its command, its findings in the side bar, and a mark under each cell, and
// beside each option, that can't work here.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { formatDuration } from '../base/duration.ts';
import {
  type Blocked,
  type Check,
  type CheckArea,
  checkAreas,
  type PreflightReport,
} from '../incident/preflight/preflightReport.ts';
import type { RunbookCell } from '../incident/runbook.ts';
import { frontRunbook, onFrontChange } from './frontRunbook.ts';
import { notebookIndexOf, runbookCellOf, runbookOf } from './notebookModel.ts';
import type { NotebookSessions } from './notebookSessions.ts';
import { notebookType } from './openAs.ts';
import { revealCell } from './revealCell.ts';

type Node =
  | { readonly kind: 'area'; readonly area: CheckArea; readonly checks: readonly Check[] }
  | { readonly kind: 'check'; readonly check: Check };

/** A report with what it was made of: a cell that was edited since has no mark any more. */
interface Known {
  readonly report: PreflightReport;
  readonly notebook: vscode.NotebookDocument;
  readonly atMs: number;
  /** Index of the cell → its text then. */
  readonly texts: ReadonlyMap<number, string>;
}

const areaTitles: Record<CheckArea, string> = {
  cluster: 'Cluster',
  tools: 'Tools',
  files: 'Files and scripts',
  values: 'Values to give',
  permissions: 'Permissions',
  alerts: 'Alerts',
};
const stateIcons: Record<Check['state'], [icon: string, color?: string]> = {
  ok: ['pass', 'testing.iconPassed'],
  note: ['info'],
  problem: ['error', 'testing.iconFailed'],
  unknown: ['question'],
};
const worstFirst: readonly Check['state'][] = ['problem', 'unknown', 'note', 'ok'];

export class PreflightView
  implements vscode.TreeDataProvider<Node>, vscode.NotebookCellStatusBarItemProvider, Disposable
{
  readonly #store = new DisposableStore();
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #marked = new vscode.EventEmitter<void>();
  readonly onDidChangeCellStatusBarItems = this.#marked.event;
  readonly #known = new WeakMap<vscode.NotebookDocument, Known>();
  readonly #view: vscode.TreeView<Node>;
  readonly #sessions: NotebookSessions;

  constructor(sessions: NotebookSessions) {
    this.#sessions = sessions;
    this.#store.add(this.#changed);
    this.#store.add(this.#marked);
    this.#view = this.#store.add(
      vscode.window.createTreeView('runbook.preflight', { treeDataProvider: this, showCollapseAll: true }),
    );
    this.#store.add(vscode.notebooks.registerNotebookCellStatusBarItemProvider(notebookType, this));
    this.#store.add(onFrontChange(() => this.#draw()));
    this.#store.add(vscode.commands.registerCommand('runbook.preflight.reveal', reveal));
  }

  /** Checks the runbook in front, and shows what was found. Does nothing in a workspace that is not trusted. */
  async run({ quiet = false }: { readonly quiet?: boolean } = {}): Promise<void> {
    const notebook = frontRunbook()?.notebook;
    if (!notebook) {
      void vscode.window.showInformationMessage('Open a runbook first.');
      return;
    }
    if (!vscode.workspace.isTrusted) {
      if (quiet) return;
      void vscode.window.showWarningMessage(
        'No preflight: it asks programs and the cluster, and the workspace is not trusted.',
      );
      return;
    }
    const report = await vscode.window.withProgress(
      {
        location: quiet ? vscode.ProgressLocation.Window : vscode.ProgressLocation.Notification,
        title: 'Preflight',
        cancellable: !quiet,
      },
      (progress, token) => this.#check(notebook, progress, token),
    );
    if (!report) return;
    if (!quiet) await vscode.commands.executeCommand('runbook.preflight.focus');
    const bad = report.checks.filter(({ state }) => state === 'problem').length;
    const text =
      bad === 0
        ? `Preflight of ${report.runbook}: all that it needs is here.`
        : `Preflight of ${report.runbook}: ${bad} thing${bad === 1 ? '' : 's'} that it needs ${bad === 1 ? 'is' : 'are'} not here.`;
    vscode.window.setStatusBarMessage(text, 8000);
  }

  /** Why an option of a cell can't work here; undefined where nothing says so. */
  doubtOf(notebook: vscode.NotebookDocument, cell: RunbookCell, option: string): string | undefined {
    return this.#blockedOf(notebook, cell)
      .find((one) => one.option === option)
      ?.why.join('; ');
  }

  getChildren(node?: Node): Node[] {
    if (node) return node.kind === 'area' ? node.checks.map((check) => ({ kind: 'check', check })) : [];
    const known = this.#inFront();
    if (!known) return [];
    return checkAreas.flatMap((area): Node[] => {
      const checks = known.report.checks
        .filter((check) => check.area === area)
        .sort((one, other) => worstFirst.indexOf(one.state) - worstFirst.indexOf(other.state));
      return checks.length > 0 ? [{ kind: 'area', area, checks }] : [];
    });
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === 'area' ? areaItem(node.area, node.checks) : checkItem(node.check);
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    const found = runbookCellOf(cell);
    if (!found) return [];
    return this.#blockedOf(cell.notebook, found).map(({ option, why }) => {
      const name = option ? (/^\w+ \w+/.exec(option)?.[0] ?? option) : 'This cell';
      const item = new vscode.NotebookCellStatusBarItem(
        `$(error) ${name} can't work here: ${why[0]!.slice(0, 60)}`,
        vscode.NotebookCellStatusBarAlignment.Left,
      );
      item.tooltip = `${option ?? 'This cell'} can't work here\n${why.join('\n')}`;
      item.command = 'runbook.preflight.focus';
      item.priority = 50;
      return item;
    });
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #check(
    notebook: vscode.NotebookDocument,
    progress: vscode.Progress<{ message?: string }>,
    token: vscode.CancellationToken,
  ): Promise<PreflightReport | undefined> {
    const stop = new AbortController();
    const listening = token.onCancellationRequested(() => stop.abort());
    const target = this.#sessions.targetOf(notebook);
    const runbook = runbookOf(notebook);
    try {
      const { preflight } = await import('../incident/preflight/preflight.ts');
      const report = await preflight(runbook, {
        env: this.#sessions.envOf(notebook),
        ...(target ? { target } : {}),
        alerts: await this.#sessions.monitoringOf(notebook),
        ruleNames: await ruleNames(),
        signal: stop.signal,
        onProgress: (message) => progress.report({ message }),
      });
      const texts = new Map(runbook.cells.map(({ index, cell }) => [index, cell.text]));
      this.#known.set(notebook, { report, notebook, texts, atMs: Date.now() });
      this.#draw();
      this.#marked.fire();
      return report;
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  }

  #inFront(): Known | undefined {
    const notebook = frontRunbook()?.notebook;
    return notebook && this.#known.get(notebook);
  }

  #draw(): void {
    const known = this.#inFront();
    if (known) {
      const { target, tookMs } = known.report;
      const place = target ? ` on ${target.context}/${target.namespace}` : '';
      this.#view.message = `${known.report.runbook}${place}, at ${new Date(known.atMs).toTimeString().slice(0, 5)} in ${formatDuration(tookMs)}`;
    } else this.#view.message = undefined as unknown as string;
    this.#changed.fire(undefined);
  }

  /** Of a cell that is still as it was checked. */
  #blockedOf(notebook: vscode.NotebookDocument, cell: RunbookCell): readonly Blocked[] {
    const known = this.#known.get(notebook);
    if (!known) return [];
    const then = [...known.texts].find(([, text]) => text === cell.cell.text)?.[0];
    const index = known.texts.get(cell.index) === cell.cell.text ? cell.index : then;
    return known.report.blocked.filter((one) => one.cell === index);
  }
}

function areaItem(area: CheckArea, checks: readonly Check[]): vscode.TreeItem {
  const bad = checks.filter(({ state }) => state === 'problem').length;
  const item = new vscode.TreeItem(
    areaTitles[area],
    bad > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.description = bad > 0 ? `${bad} of ${checks.length} not here` : `${checks.length} checked`;
  item.iconPath = iconOf(bad > 0 ? 'problem' : 'ok');
  item.id = `area ${area}`;
  return item;
}

function checkItem(check: Check): vscode.TreeItem {
  const item = new vscode.TreeItem(check.what);
  item.description = check.says;
  item.iconPath = iconOf(check.state);
  const lines = [...new Set(check.where.map(({ line }) => line + 1))];
  item.tooltip = [
    `${check.what}: ${check.says}`,
    check.mend ?? '',
    lines.length > 0 ? `Line ${lines.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join('\n');
  item.accessibilityInformation = { label: `${check.state}: ${check.what}: ${check.says}` };
  if (check.where.length > 0) {
    item.command = {
      command: 'runbook.preflight.reveal',
      title: 'Show Cell',
      arguments: [check.where[0]!.cell],
    };
  }
  return item;
}

function iconOf(state: Check['state']): vscode.ThemeIcon {
  const [icon, color] = stateIcons[state];
  return new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
}

function reveal(index: number): void {
  const editor = frontRunbook();
  if (editor) revealCell(editor, notebookIndexOf(editor.notebook, index));
}

/** Of the rule files of the workspace. */
async function ruleNames(): Promise<string[]> {
  const { loadRules } = await import('../alerts/rules/loadRules.ts');
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const loaded = await loadRules(folders).catch(() => undefined);
  return loaded?.rules.map((rule) => rule.name) ?? [];
}
