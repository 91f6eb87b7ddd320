// The first run: `npm start` names an alert that fires on its practice cluster, and the window opens at the step that
// answers it, beside the walkthrough that leads to a cured incident and its report. And what the walkthrough's steps
// wait for.

import * as vscode from 'vscode';
import { nameKey } from '../alerts/alertName.ts';
import type { AlertSnapshot } from '../alerts/live/alertSnapshot.ts';
import { alertState } from '../alerts/live/alertState.ts';
import type { CellOutcome } from '../incident/cellOutcome.ts';
import { assessCell } from '../incident/runbook.ts';
import { compareRisk } from '../shell/risk.ts';
import { report } from './log.ts';
import { runbookCellOf } from './notebookModel.ts';
import type { NotebookSessions } from './notebookSessions.ts';
import { openForAlert } from './openForAlert.ts';
import type { RunbookIndex } from './runbookIndex.ts';
import { Walkthrough } from './walkthrough.ts';

const memoryKey = 'firstRun';
const settleMs = 1500;

export interface FirstRunOptions {
  /** `publisher.name`. */
  readonly extensionId: string;
  readonly index: RunbookIndex;
  readonly sessions: NotebookSessions;
  readonly memory: vscode.Memento;
  readonly onDidAnswer: vscode.Event<AlertSnapshot>;
  readonly onDidRun: (listener: (ran: { cell: vscode.NotebookCell; outcome: CellOutcome }) => void) => {
    dispose(): void;
  };
}

export function registerFirstRun(options: FirstRunOptions): vscode.Disposable {
  const walkthrough = new Walkthrough(options.extensionId);
  const command = vscode.commands.registerCommand('runbook.firstIncident', () =>
    walkthrough.open().catch(report),
  );
  void begin(options, walkthrough).catch(report);
  return vscode.Disposable.from(command, progressOf(options, walkthrough));
}

/** `RUNBOOK_FIRST_RUN=ALERT:TOKEN`: once for each token, so that a reload leaves the window as it is. */
async function begin({ index, sessions, memory }: FirstRunOptions, walkthrough: Walkthrough): Promise<void> {
  const wanted = process.env.RUNBOOK_FIRST_RUN;
  if (!wanted || memory.get(memoryKey) === wanted) return;
  await memory.update(memoryKey, wanted);
  const [alert = ''] = wanted.split(':');
  const opened = await openForAlert(alert, index, sessions);
  await vscode.commands.executeCommand('runbook.alerts.focus');
  await walkthrough.open();
  if (!opened) return;
  // The runbook is in front at last, at its step also in the narrower column.
  const editor = vscode.window.visibleNotebookEditors.find(({ notebook }) => notebook === opened.notebook);
  const { start } = editor?.selection ?? new vscode.NotebookRange(0, 0);
  const shown = await vscode.window.showNotebookDocument(opened.notebook, {
    viewColumn: editor?.viewColumn ?? vscode.ViewColumn.One,
  });
  // The columns have their widths, and the cells their heights, a moment later.
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const heading = new vscode.NotebookRange(Math.max(0, start - 1), start + 1);
  shown.revealRange(heading, vscode.NotebookEditorRevealType.AtTop);
}

/** Marks the walkthrough's steps as things happen, whatever way they were done. */
function progressOf(
  { onDidAnswer, onDidRun, sessions }: FirstRunOptions,
  walkthrough: Walkthrough,
): vscode.Disposable {
  const fired = new Set<string>();
  const declared = sessions.onDidDeclare(() => walkthrough.reach('declared'));
  const closed = sessions.onDidClose(() => walkthrough.reach('closed'));
  const ran = onDidRun(({ cell, outcome }) => {
    if (outcome.status !== 'done') return;
    walkthrough.reach('ran');
    const found = runbookCellOf(cell);
    if (!found) return;
    assessCell(found)
      .then((assessment) => {
        if (assessment && compareRisk(assessment.risk, 'secret') > 0) walkthrough.reach('changed');
      })
      .catch(report);
  });
  const answered = onDidAnswer((snapshot) => {
    if (!snapshot.rules?.ok) return;
    for (const { name, alerts } of snapshot.rules.value)
      if (alerts.some(({ state }) => state === 'firing')) fired.add(nameKey(name));
    const cured = [...fired].some((name) => alertState(name, snapshot).state === 'inactive');
    if (cured && walkthrough.has('changed')) walkthrough.reach('cured');
  });
  return vscode.Disposable.from(declared, closed, ran, answered);
}
