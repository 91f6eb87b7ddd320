// Incidents and their runs in the side bar, the latest first, filtered by severity, alert, person, failure and
// change. Reads the evidence only while it is visible, and only what has grown.

import * as vscode from 'vscode';
import { ago } from '../../base/counted.ts';
import { type Disposable, DisposableStore, toDisposable } from '../../base/disposable.ts';
import { evidenceRoot } from '../../incident/incident.ts';
import { type IncidentStatus, listIncidents } from '../../incident/incidentStatus.ts';
import {
  asksNothing,
  type IncidentFilter,
  isChange,
  noFilter,
  showsIncident,
  showsRun,
} from '../../incident/review/incidentFilter.ts';
import { type RunAtAGlance, runsIn } from '../../incident/review/runIndex.ts';
import { filterText, pickFilter } from './filterPick.ts';
import type { Reviewing } from './openReviewNotebook.ts';

export interface IncidentNode {
  readonly kind: 'incident';
  readonly incident: IncidentStatus;
}
export interface RunNode {
  readonly kind: 'run';
  readonly incident: IncidentStatus;
  readonly run: RunAtAGlance;
}
type Node = IncidentNode | RunNode;

const everyMs = 15_000;
const memoryKey = 'incidents.filter';

export class IncidentsView implements vscode.TreeDataProvider<Node>, Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Node>;
  readonly #reviewing: Reviewing;
  readonly #memory: vscode.Memento;
  #filter: IncidentFilter;
  #all: readonly IncidentStatus[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(reviewing: Reviewing, memory: vscode.Memento) {
    this.#reviewing = reviewing;
    this.#memory = memory;
    this.#filter = { ...noFilter, ...memory.get<Partial<IncidentFilter>>(memoryKey, {}) };
    this.#view = this.#store.add(
      vscode.window.createTreeView('runbook.incidents', { treeDataProvider: this, showCollapseAll: true }),
    );
    this.#store.add(this.#changed);
    this.#store.add(toDisposable(() => clearInterval(this.#timer)));
    this.#store.add(this.#view.onDidChangeVisibility(() => this.#look()));
    this.#tell();
    this.#look();
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  /** Evidence is read only for eyes that see it. */
  refreshIfVisible(): void {
    if (this.#view.visible) this.refresh();
  }

  async filter(): Promise<void> {
    const root = evidenceRoot(this.#reviewing.place());
    const picked = await pickFilter(await listIncidents(root), this.#filter);
    if (picked) await this.#apply(picked);
  }

  clearFilter(): Promise<void> {
    return this.#apply(noFilter);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node?.kind === 'run') return [];
    if (node) {
      const runs = await runsIn(node.incident.folder);
      return runs
        .filter((run) => showsRun(this.#filter, run))
        .reverse()
        .map((run) => ({ kind: 'run', incident: node.incident, run }));
    }
    this.#all = await listIncidents(evidenceRoot(this.#reviewing.place()));
    const shown: Node[] = [];
    for (const incident of this.#all) {
      const needsRuns = this.#filter.failed || this.#filter.changes;
      const runs = needsRuns ? await runsIn(incident.folder).catch(() => []) : [];
      if (showsIncident(this.#filter, incident, runs)) shown.push({ kind: 'incident', incident });
    }
    this.#tell(shown.length);
    return shown;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === 'incident' ? incidentItem(node) : runItem(node);
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #apply(filter: IncidentFilter): Promise<void> {
    this.#filter = filter;
    await this.#memory.update(memoryKey, filter);
    this.#tell();
    this.refresh();
  }

  #tell(shown?: number): void {
    const filtered = !asksNothing(this.#filter);
    void vscode.commands.executeCommand('setContext', 'runbook.incidentsFiltered', filtered);
    if (!filtered) this.#view.description = '';
    else this.#view.description = filterText(this.#filter);
    // `undefined` shows the welcome text, which is for a machine without incidents.
    if (shown === 0 && this.#all.length > 0)
      this.#view.message = `None of ${this.#all.length} incidents passes the filter.`;
    else this.#view.message = undefined as unknown as string;
  }

  #look(): void {
    clearInterval(this.#timer);
    if (!this.#view.visible) return;
    this.refresh();
    this.#timer = setInterval(() => this.refresh(), everyMs);
  }
}

function incidentItem({ incident }: IncidentNode): vscode.TreeItem {
  const { runs, closedAt, openedAt, severity, title, held } = incident;
  const made = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.Collapsed);
  made.id = incident.folder;
  made.description = [
    severity ?? (incident.adHoc ? 'ad hoc' : 'no severity'),
    closedAt ? 'closed' : 'open',
    openedAt ? ago(openedAt, Date.now()) : '',
    runs.failed > 0 ? `${runs.failed} failed` : '',
    held ? 'held' : '',
  ]
    .filter(Boolean)
    .join(' · ');
  made.iconPath = closedAt
    ? new vscode.ThemeIcon('archive')
    : new vscode.ThemeIcon('flame', new vscode.ThemeColor('list.warningForeground'));
  made.contextValue = 'incident';
  made.accessibilityInformation = { label: `${title}, ${made.description.replaceAll(' · ', ', ')}` };
  made.tooltip = [
    title,
    incident.id,
    incident.summary ?? '',
    `Runs: ${runs.done} done, ${runs.failed} failed, ${runs.open} without a result`,
    `Objects changed: ${incident.changes}`,
    `People: ${incident.people.join(', ')}`,
    incident.alerts.length > 0 ? `Alerts: ${incident.alerts.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join('\n');
  return made;
}

function runItem({ incident, run }: RunNode): vscode.TreeItem {
  const made = new vscode.TreeItem(run.cell.headings?.at(-1) ?? firstLine(run.source));
  made.id = `${incident.folder} ${run.run}`;
  const state = !run.result ? 'without a result' : run.result.ok ? '' : 'failed';
  made.description = [`${new Date(run.startedAt).toISOString().slice(11, 19)} UTC`, run.by, state]
    .filter(Boolean)
    .join(' · ');
  made.iconPath = !run.result
    ? new vscode.ThemeIcon('debug-pause')
    : run.result.ok
      ? new vscode.ThemeIcon(isChange(run) ? 'edit' : 'pass', new vscode.ThemeColor('testing.iconPassed'))
      : new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  made.tooltip = `${run.source.slice(0, 500)}\n\nRisk ${run.intent.risk}, by ${run.by}`;
  made.contextValue = 'run';
  made.accessibilityInformation = {
    label: `${made.label}, ${state || 'succeeded'}, ${run.by}, risk ${run.intent.risk}`,
  };
  made.command = {
    command: 'runbook.review.open',
    title: 'Review Run',
    arguments: [{ incident, run }],
  };
  return made;
}

const firstLine = (text: string): string => text.trim().split('\n')[0]!.slice(0, 80);
