// Puts back, when a notebook is opened again, what its cells put out in the incident it belongs to: each under
// a line that says whose, when and of which incident.

import * as vscode from 'vscode';
import { whatFailed } from '../incident/cellOutcome.ts';
import { readQueryValues } from '../incident/queryValues.ts';
import {
  lastRunsOf,
  outputBytes,
  outputOf,
  type RecordedRun,
  recordedRuns,
} from '../incident/recordedRuns.ts';
import type { CommandStatus } from '../kernel/types.ts';
import type { RunbookController } from './controller.ts';
import { notebookCellAt, runbookOf } from './notebookModel.ts';
import { OutputView } from './outputView.ts';

/** Above this a recorded output is not read into the editor, only told of. */
const readLimit = 32 * 1024 * 1024;

/**
 * Shows the last recorded run of each cell that shows nothing now.
 *
 * @returns the runs shown, by cell, for "Open Full Output".
 */
export async function showRecordedOutputs(
  notebook: vscode.NotebookDocument,
  incidentDir: string,
  controller: RunbookController,
): Promise<Map<vscode.NotebookCell, RecordedRun>> {
  const shown = new Map<vscode.NotebookCell, RecordedRun>();
  const { cells, name } = runbookOf(notebook);
  const last = lastRunsOf(await recordedRuns(incidentDir), name, cells);
  const codeCells = cells.filter((cell) => cell.cell.kind === 'code');
  for (const [ordinal, cell] of codeCells.entries()) {
    const run = last.get(cell);
    const target = notebookCellAt(notebook, ordinal);
    if (
      !run ||
      !target ||
      controller.isLive(target) ||
      target.outputs.length > 0 ||
      target.executionSummary?.timing
    )
      continue;
    await showRun(controller.createExecution(target), run);
    shown.set(target, run);
  }
  return shown;
}

async function showRun(execution: vscode.NotebookCellExecution, run: RecordedRun): Promise<void> {
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
  for (const line of endingOf(run)) view.notice(line);
  await view.finish();
  execution.end(run.result?.ok ?? false, run.startedAt + (run.result?.durationMs ?? 0));
}

function prefaceOf(run: RecordedRun): string {
  const when = new Date(run.startedAt).toISOString().replace('T', ' ').slice(0, 19);
  return `Recorded ${when} UTC by ${run.by}, incident ${run.incident}`;
}

function endingOf({ result }: RecordedRun): string[] {
  if (!result) return ['Interrupted: the session ended before the cell did.'];
  if (result.interrupted) return ['Interrupted.'];
  if (result.timedOut) return ['Stopped at its time limit.'];
  if (result.ok) return [];
  const { exitCode = null, commands } = result;
  const known = (Array.isArray(commands) ? commands : []) as unknown as readonly CommandStatus[];
  return [whatFailed({ exitCode, signal: null, commands: known })];
}
