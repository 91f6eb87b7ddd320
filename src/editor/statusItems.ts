// What stands under each code cell: the alert and the severity it answers to, its risk, and why it can't run.

import * as vscode from 'vscode';
import type { AlertState } from '../alerts/live/alertState.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { formatDuration } from '../base/duration.ts';
import { Emitter } from '../base/emitter.ts';
import { severityName } from '../base/severityName.ts';
import type { Risk } from '../shell/risk.ts';
import { alertStateText } from './alertStateText.ts';
import { type DrawnCell, DrawnCells } from './drawnCells.ts';
import { notebookType } from './openAs.ts';
import { assessShown } from './policyTools.ts';

export const riskIcon: Record<Risk, string> = {
  read: '$(eye)',
  write: '$(new-file)',
  secret: '$(key)',
  change: '$(edit)',
  unknown: '$(question)',
  destroy: '$(flame)',
};

const left = vscode.NotebookCellStatusBarAlignment.Left;

export class StatusItems implements vscode.NotebookCellStatusBarItemProvider, Disposable {
  readonly #changed = new Emitter<void>();
  readonly onDidChangeCellStatusBarItems = this.#changed.event as vscode.Event<void>;
  readonly #store = new DisposableStore();
  readonly #cells = this.#store.add(new DrawnCells());
  readonly #stateOf: (alert: string) => AlertState | undefined;

  /** @param stateOf of an alert as it is now; undefined where nothing is known. */
  constructor(stateOf: (alert: string) => AlertState | undefined) {
    this.#stateOf = stateOf;
    this.#store.add(this.#changed);
    this.#store.add(this.#cells.onDidSettle(() => this.refresh()));
    this.#store.add(vscode.notebooks.registerNotebookCellStatusBarItemProvider(notebookType, this));
  }

  /** Asks VS Code to fetch the items again: a cell ran, an alert's state changed. */
  refresh(): void {
    this.#changed.fire();
  }

  async provideCellStatusBarItems(
    cell: vscode.NotebookCell,
    token: vscode.CancellationToken,
  ): Promise<vscode.NotebookCellStatusBarItem[]> {
    const found = this.#cells.drawn(cell);
    if (!found || token.isCancellationRequested) return [];
    // Of a narrow column the last ones run out: never what the cell does.
    const items = [
      ...(await riskItems(found, cell.notebook)),
      ...alertItems(found, this.#stateOf),
      ...severityItems(found),
      ...attributeItems(found),
      ...reasonItems(found),
    ];
    for (const [index, item] of items.entries()) item.priority = 100 - index;
    return items;
  }

  dispose(): void {
    this.#store.dispose();
  }
}

function makeItem(
  text: string,
  tooltip: string | vscode.MarkdownString,
  kind = '',
): vscode.NotebookCellStatusBarItem {
  const item = new vscode.NotebookCellStatusBarItem(text, left);
  const words = text.replace(/\$\([^)]*\)\s*/g, '');
  item.accessibilityInformation = { label: kind ? `${kind}: ${words}` : words, role: 'button' };
  item.tooltip = tooltip as string;
  item.command = 'runbook.showCellDetails';
  return item;
}

function alertItems(
  { alerts }: DrawnCell,
  stateOf: (alert: string) => AlertState | undefined,
): vscode.NotebookCellStatusBarItem[] {
  if (alerts.length === 0) return [];
  const state = stateOf(alerts[0]!.name);
  const names = alerts.map((alert) => alert.name);
  const text = names.length > 2 ? `${names[0]} +${names.length - 1}` : names.join(', ');
  const tooltip = alerts.map((alert) => `${alert.name}: by ${alert.via}`).join('\n');
  return [
    makeItem(
      `$(bell) ${text}${state ? ` ${alertStateText(state.state, state.sinceMs)}` : ''}`,
      `Alerts that this cell answers to\n${tooltip}${state?.reason ? `\n${state.reason}` : ''}`,
      'Alert',
    ),
  ];
}

function severityItems({ severity }: DrawnCell): vscode.NotebookCellStatusBarItem[] {
  if (!severity) return [];
  const level =
    severity.level === null ? 'on no scale that is known' : `level ${severity.level} of 4, 1 worst`;
  return [
    makeItem(
      `$(warning) ${severity.raw}`,
      `${severityName(severity.raw)}: ${level}\nBy ${severity.via}`,
      'Severity',
    ),
  ];
}

async function riskItems(
  found: DrawnCell,
  notebook: vscode.NotebookDocument,
): Promise<vscode.NotebookCellStatusBarItem[]> {
  const assessment = await assessShown(found, notebook);
  if (!assessment) return [];
  const { risk } = assessment;
  const worst = assessment.commands.filter((command) => command.risk === risk).slice(0, 6);
  const why = worst.map((command) => `${command.text}\n   ${command.reasons.join('; ')}`).join('\n');
  const mend = risk === 'unknown' ? '\nA policy can say what it does: “tools” and “scripts”.' : '';
  return [makeItem(`${riskIcon[risk]} ${risk}`, `Risk: ${risk}\n${why}${mend}`, 'Risk')];
}

/** What the author says of the cell: its fence's info string is not shown. */
function attributeItems({ cell }: DrawnCell): vscode.NotebookCellStatusBarItem[] {
  const { name, timeoutMs, background, interactive, approval, cwd, option } = cell.attributes;
  const said = [
    name,
    option && `option ${option}`,
    timeoutMs && `at most ${formatDuration(timeoutMs)}`,
    background && 'in the background',
    interactive && 'in a terminal',
    approval && 'needs approval',
    cwd && `in ${cwd}`,
  ].filter(Boolean);
  if (said.length === 0) return [];
  const item = makeItem(`$(tag) ${said.join(' · ')}`, 'Attributes of the cell. Click to change them.');
  item.command = 'runbook.editCellAttributes';
  return [item];
}

function reasonItems({ cell }: DrawnCell): vscode.NotebookCellStatusBarItem[] {
  if (cell.executable || !cell.reason) return [];
  return [makeItem(`$(circle-slash) ${cell.reason}`, `This cell does not run: ${cell.reason}`)];
}
