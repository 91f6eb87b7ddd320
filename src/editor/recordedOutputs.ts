// Puts back, when a notebook is opened again, what its cells put out in the incident it belongs to: each under
// a line that says whose, when and of which incident.

import * as vscode from 'vscode';
import { utcText } from '../base/clock.ts';
import { whatFailed } from '../incident/cellOutcome.ts';
import { readQueryValues } from '../incident/queryValues.ts';
import {
  lastRunsOf,
  outputBytes,
  outputOf,
  type RecordedRun,
  recordedRuns,
} from '../incident/recordedRuns.ts';
import { settledState, type Unended, unendedText } from '../incident/unendedRun.ts';
import type { CommandStatus } from '../kernel/types.ts';
import type { RunbookController } from './controller.ts';
import { notebookCellAt, runbookOf } from './notebookModel.ts';
import { OutputView } from './outputView.ts';

/** Above this a recorded output is not read into the editor, only told of. */
const readLimit = 32 * 1024 * 1024;

export interface ShownRun {
  readonly run: RecordedRun;
  /** Where its end is not recorded. */
  readonly unended: Unended | undefined;
}

/**
 * Shows the last recorded run of each cell that shows nothing now, or what a host put there that died over it.
 *
 * @param isShown whether this host itself shows that run there.
 * @returns the runs shown, by cell.
 */
export async function showRecordedOutputs(
  notebook: vscode.NotebookDocument,
  incidentDir: string,
  controller: RunbookController,
  isShown: (cell: vscode.NotebookCell, run: RecordedRun) => boolean,
): Promise<Map<vscode.NotebookCell, ShownRun>> {
  const shown = new Map<vscode.NotebookCell, ShownRun>();
  const { cells, name } = runbookOf(notebook);
  const last = lastRunsOf(await recordedRuns(incidentDir), name, cells);
  const codeCells = cells.filter((cell) => cell.cell.kind === 'code');
  const isFree = (cell: vscode.NotebookCell): boolean =>
    !controller.isLive(cell) && cell.outputs.length === 0 && !cell.executionSummary?.timing;
  const show = async (cell: vscode.NotebookCell, run: RecordedRun, unended?: Unended): Promise<void> => {
    // VS Code keeps what a killed host had shown, without a word and without a mark.
    const isLeft = unended === 'interrupted' && !controller.isLive(cell) && !isShown(cell, run);
    if (!isLeft && !isFree(cell)) return;
    await showRun(controller.createExecution(cell), run, unended);
    shown.set(cell, { run, unended });
  };
  const open: (readonly [vscode.NotebookCell, RecordedRun])[] = [];
  for (const [ordinal, cell] of codeCells.entries()) {
    const run = last.get(cell);
    const target = notebookCellAt(notebook, ordinal);
    if (!run || !target) continue;
    if (run.result) await show(target, run);
    else open.push([target, run]);
  }
  const states = await Promise.all(open.map(([, run]) => settledState(run)));
  for (const [index, [cell, run]] of open.entries()) await show(cell, run, states[index]);
  return shown;
}

async function showRun(
  execution: vscode.NotebookCellExecution,
  run: RecordedRun,
  unended: Unended | undefined,
): Promise<void> {
  const limit = vscode.workspace.getConfiguration('runbook').get('output.limitKiB', 128);
  execution.start(run.startedAt);
  await execution.clearOutput();
  const view = new OutputView(execution, { limitBytes: limit * 1024, preface: [prefaceOf(run)] });
  if (outputBytes(run) <= readLimit) {
    for await (const { stream, bytes } of outputOf(run)) view.write(stream, bytes);
  } else {
    view.notice(`${outputBytes(run).toLocaleString('en')} bytes of output: “Open Full Output” shows them.`);
  }
  const values = await readQueryValues(run);
  if (values) view.values(values);
  for (const line of unended ? [unendedText(unended, run)] : endingOf(run)) view.notice(line);
  await view.finish();
  // No mark on what may go on elsewhere.
  const ok = unended && unended !== 'interrupted' ? undefined : (run.result?.ok ?? false);
  // When it was interrupted nobody recorded.
  execution.end(ok, run.result ? run.startedAt + run.result.durationMs : undefined);
}

function prefaceOf(run: RecordedRun): string {
  return `Recorded ${utcText(run.startedAt)} UTC by ${run.by}, incident ${run.incident}`;
}

function endingOf({ result }: RecordedRun): string[] {
  if (!result || result.interrupted) return ['Interrupted.'];
  if (result.timedOut) return ['Stopped at its time limit.'];
  if (result.ok) return [];
  const { exitCode = null, commands } = result;
  const known = (Array.isArray(commands) ? commands : []) as unknown as readonly CommandStatus[];
  return [whatFailed({ exitCode, signal: null, commands: known })];
}
