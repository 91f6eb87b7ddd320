// How far the incident has come in the runbook in front, section by section: boxes and steps by hand to tick, cells
// with how their last run ended. What is ticked goes into the incident's log; the file stays as it is.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { readIncident } from '../evidence/read/readIncident.ts';
import {
  type ChecklistItem,
  progressOf,
  type SectionProgress,
  type Tick,
  tick,
  ticksOf,
} from '../incident/checklist.ts';
import { lastRunsOf, runsOf } from '../incident/recordedRuns.ts';
import type { RunbookCell } from '../incident/runbook.ts';
import { cellName } from './cellName.ts';
import { frontRunbook, onFrontChange } from './frontRunbook.ts';
import { report } from './log.ts';
import { notebookIndexOf, runbookOf } from './notebookModel.ts';
import type { NotebookSessions } from './notebookSessions.ts';
import { revealCell } from './revealCell.ts';

type CellState = 'done' | 'failed' | 'running' | 'open';

export type ProgressNode =
  | { readonly kind: 'section'; readonly section: SectionProgress }
  | {
      readonly kind: 'item';
      readonly item: ChecklistItem;
      readonly done: boolean;
      readonly tick: Tick | undefined;
    }
  | { readonly kind: 'cell'; readonly cell: RunbookCell; readonly state: CellState };

const stateIcons: Record<CellState, vscode.ThemeIcon> = {
  done: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
  running: new vscode.ThemeIcon('sync'),
  open: new vscode.ThemeIcon('circle-large-outline'),
};

export class ProgressView implements vscode.TreeDataProvider<ProgressNode>, Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<ProgressNode | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #sessions: NotebookSessions;
  readonly #view: vscode.TreeView<ProgressNode>;

  constructor(sessions: NotebookSessions) {
    this.#sessions = sessions;
    this.#view = this.#store.add(
      vscode.window.createTreeView('runbook.progress', {
        treeDataProvider: this,
        manageCheckboxStateManually: true,
        showCollapseAll: true,
      }),
    );
    const refresh = (): void => this.refresh();
    this.#store.add(onFrontChange(refresh));
    this.#store.add(sessions.onDidChange(refresh));
    this.#store.add(
      this.#view.onDidChangeCheckboxState(({ items }) => {
        for (const [node, state] of items) {
          if (node.kind !== 'item') continue;
          void this.#tick(node.item, state === vscode.TreeItemCheckboxState.Checked).catch(report);
        }
      }),
    );
    this.#store.add(
      vscode.commands.registerCommand('runbook.progress.note', (node?: ProgressNode) =>
        this.#tickWithNote(node).catch(report),
      ),
    );
    this.#store.add(
      vscode.commands.registerCommand('runbook.progress.toggle', () => {
        // The key selects the row under the focus first.
        const [node] = this.#view.selection;
        return node?.kind === 'item' ? this.#tick(node.item, !node.done).catch(report) : undefined;
      }),
    );
    this.#store.add(
      vscode.commands.registerCommand('runbook.progress.reveal', (node: ProgressNode) => reveal(node)),
    );
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: ProgressNode): Promise<ProgressNode[]> {
    if (node?.kind === 'section') {
      return [
        ...node.section.items.map((one): ProgressNode => ({ kind: 'item', ...one })),
        ...node.section.cells.map((one): ProgressNode => ({ kind: 'cell', ...one })),
      ];
    }
    if (node) return [];
    const notebook = frontRunbook()?.notebook;
    const sections = notebook ? await this.#sections(notebook) : [];
    const done = sections.reduce((sum, section) => sum + section.done, 0);
    const of = sections.reduce((sum, section) => sum + section.of, 0);
    this.#view.message = undefined;
    this.#view.description = of > 0 ? `${done} of ${of}` : '';
    return sections.map((section) => ({ kind: 'section', section }));
  }

  getTreeItem(node: ProgressNode): vscode.TreeItem {
    if (node.kind === 'section') {
      const { title, done, of, headings } = node.section;
      const isOver = done === of;
      const state = isOver
        ? vscode.TreeItemCollapsibleState.Collapsed
        : vscode.TreeItemCollapsibleState.Expanded;
      const item = new vscode.TreeItem(title || 'Start', state);
      item.id = `section ${JSON.stringify(headings)} ${isOver}`;
      item.description = `${done}/${of}`;
      item.tooltip = headings.join(' › ');
      item.accessibilityInformation = { label: `${title || 'Start'}, ${done} of ${of} done` };
      return item;
    }
    const item = node.kind === 'item' ? itemOf(node) : cellOf(node);
    item.command = { command: 'runbook.progress.reveal', title: 'Show in the Runbook', arguments: [node] };
    return item;
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #sections(notebook: vscode.NotebookDocument): Promise<SectionProgress[]> {
    const runbook = runbookOf(notebook);
    const folder = this.#sessions.incidentFolder(notebook);
    const incident = folder ? await readIncident(folder) : undefined;
    const last = incident ? lastRunsOf(runsOf(incident), runbook.name, runbook.cells) : undefined;
    const stateOf = (cell: RunbookCell): CellState => {
      const run = last?.get(cell);
      if (!run) return 'open';
      return run.result ? (run.result.ok ? 'done' : 'failed') : 'running';
    };
    return progressOf(runbook, incident ? ticksOf(incident) : new Map(), stateOf);
  }

  async #tick(item: ChecklistItem, done: boolean, note?: string): Promise<void> {
    const notebook = frontRunbook()?.notebook;
    if (!notebook) return;
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage('Nothing is recorded in a workspace that is not trusted.');
      this.refresh();
      return;
    }
    const { incident } = await this.#sessions.sessionOf(notebook);
    await tick(incident, item, done, note);
    this.refresh();
  }

  async #tickWithNote(node: ProgressNode | undefined): Promise<void> {
    if (node?.kind !== 'item') return;
    const note = await vscode.window.showInputBox({
      title: node.item.text,
      prompt: 'How was it done? Written into the log with the time and your name',
      ignoreFocusOut: true,
    });
    if (note !== undefined) await this.#tick(node.item, true, note.trim() || undefined);
  }
}

function itemOf({ item, done, tick: told }: Extract<ProgressNode, { kind: 'item' }>): vscode.TreeItem {
  const tree = new vscode.TreeItem(item.text);
  tree.id = item.key;
  const label = `${item.text}, ${done ? 'done' : 'not done'}`;
  tree.checkboxState = {
    state: done ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
    tooltip: done ? 'Take back (Space)' : 'Mark Done (Space)',
    accessibilityInformation: { label },
  };
  tree.contextValue = 'item';
  const when = told ? new Date(told.at).toISOString().slice(11, 16) : '';
  tree.description = [
    item.byHand ? 'by hand' : '',
    told?.done ? `${told.by}, ${when} UTC` : '',
    told?.note ?? '',
  ]
    .filter(Boolean)
    .join(' · ');
  tree.tooltip = told
    ? `${item.text}\n${told.done ? 'Done' : 'Taken back'} by ${told.by} at ${when} UTC${told.note ? `\n${told.note}` : ''}`
    : item.text;
  tree.accessibilityInformation = { label: [label, tree.description].filter(Boolean).join(', ') };
  return tree;
}

function cellOf({ cell, state }: Extract<ProgressNode, { kind: 'cell' }>): vscode.TreeItem {
  const name = cellName(cell.runnable, cell.cell.attributes.name) || 'empty cell';
  const tree = new vscode.TreeItem(name);
  tree.iconPath = stateIcons[state];
  tree.description = state === 'open' ? '' : state;
  tree.tooltip = cell.cell.text.slice(0, 400);
  tree.accessibilityInformation = { label: `${name}, cell, ${state === 'open' ? 'not run' : state}` };
  return tree;
}

/** The cell, or the Markdown that the item stands in. */
function reveal(node: ProgressNode): void {
  const editor = frontRunbook();
  if (!editor || node.kind === 'section') return;
  const { cells } = runbookOf(editor.notebook);
  const line = node.kind === 'item' ? node.item.line : node.cell.cell.lines[0];
  const at = cells.findLastIndex(({ cell }) => cell.lines[0] <= line);
  revealCell(editor, notebookIndexOf(editor.notebook, Math.max(0, at)));
}
