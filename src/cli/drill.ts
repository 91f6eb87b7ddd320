// `runbook drill`: an incident on the practice cluster, step by step at the terminal, with a verdict at the end.

import path from 'node:path';
import { formatDuration } from '../base/duration.ts';
import { RunbookError } from '../base/runbookError.ts';
import { severityName } from '../base/severityName.ts';
import { noteIncident } from '../incident/declareIncident.ts';
import { Drill, type DrillResult, firstCellFor } from '../incident/drill/drill.ts';
import { chooseFault, faultsFor } from '../incident/drill/drillFault.ts';
import type { Incident } from '../incident/incident.ts';
import { NotebookSession } from '../incident/notebookSession.ts';
import { practicePlace } from '../incident/practicePlace.ts';
import { assessCell, folderOf, loadRunbook, type Runbook, type RunbookCell } from '../incident/runbook.ts';
import {
  practiceFaults,
  practiceStatus,
  startDetached,
  stopPractice,
} from '../practice/daemon/practiceDaemon.ts';
import type { FaultStatus } from '../practice/faults/faultBoard.ts';
import { practiceContext } from '../practice/kubeconfig.ts';
import { exitStatus } from './exitStatus.ts';
import { watchInterrupts } from './interrupts.ts';
import { LineReader } from './lineReader.ts';
import { print, printError, printJson } from './print.ts';
import { readInput } from './readInput.ts';
import { questionerOver } from './terminalQuestioner.ts';
import { valuesOf } from './varOptions.ts';
import { version } from './version.ts';

export interface DrillCommand {
  readonly fault?: string;
  readonly list?: boolean;
  readonly evidence?: string;
  readonly var?: readonly string[];
  readonly json?: boolean;
}

/** Exit status 0 where the fault was cured, 1 where it was not. */
export async function runDrill(file: string, options: DrillCommand): Promise<number> {
  const runbook = loadRunbook(await readInput(file), path.resolve(file));
  const stateDirectory = practicePlace(process.env);
  const present = await practiceStatus(stateDirectory);
  const own = [process.execPath, ...process.execArgv, path.resolve(process.argv[1] ?? '')];
  if (!present.running) await printError('Starting a practice cluster…\n');
  const { kubeconfigPath } = present.running
    ? present.state
    : await startDetached({ stateDirectory, command: [...own, 'practice', 'start'] });
  try {
    const faults = (await practiceFaults(kubeconfigPath)) ?? [];
    if (options.list) {
      const own = faultsFor(runbook, faults);
      const others = faults.filter((fault) => !own.includes(fault));
      const line = ({ id, alert, title }: FaultStatus): string =>
        `  ${id.padEnd(28)}${alert.padEnd(32)}${title}\n`;
      await print(`this runbook answers:\n${own.map(line).join('') || '  none of them\n'}`);
      await print(`of other runbooks:\n${others.map(line).join('')}`);
      return exitStatus.done;
    }
    const fault = chooseFault(runbook, faults, options.fault);
    await printError(`${fault.title}.\nWaiting for ${fault.alert} to fire…\n`);
    const drill = await Drill.start({
      runbook,
      fault,
      kubeconfigPath,
      place: { flag: options.evidence, env: process.env, tool: { name: 'runbook drill', version } },
    });
    const result = await practise(drill, runbook, kubeconfigPath, options);
    if (options.json) await printJson(result);
    else await print(`${result.says}\nevidence: ${result.folder}\n`);
    return result.cured ? exitStatus.done : exitStatus.failed;
  } finally {
    // What was started for this drill ends with it.
    if (!present.running) await stopPractice(stateDirectory);
  }
}

const help = `Enter runs the cell, s skips it, a number or a name goes to that cell, l lists the cells,
n TEXT writes a note, w waits for the alert to go and ends the drill, q gives up.
`;

async function practise(
  drill: Drill,
  runbook: Runbook,
  kubeconfigPath: string,
  options: DrillCommand,
): Promise<DrillResult> {
  const { fault, severity, responseMs, incident } = drill;
  await printError(
    `${fault.alert} fires. ${severityName(severity.raw)}: ${formatDuration(responseMs)}.\nincident ${incident.id}\n\n${help}`,
  );
  const lines = new LineReader();
  try {
    return await inSession(drill, runbook, kubeconfigPath, { ...options, lines });
  } catch (error) {
    await incident.leave().catch(() => {});
    throw error;
  } finally {
    lines.dispose();
  }
}

async function inSession(
  drill: Drill,
  runbook: Runbook,
  kubeconfigPath: string,
  { lines, ...options }: DrillCommand & { readonly lines: LineReader },
): Promise<DrillResult> {
  const { fault, severity, incident } = drill;
  const session = await NotebookSession.start({
    incident,
    folder: folderOf(runbook),
    isTrusted: () => true,
    questioner: questionerOver((prompt, signal) => lines.ask(prompt, signal)),
    target: { context: practiceContext, namespace: runbook.document.settings.namespace ?? fault.namespace },
    incidentLevel: () => severity.level,
    values: valuesOf(options.var ?? []),
    runbookEnv: runbook.document.settings.env,
    env: { KUBECONFIG: kubeconfigPath },
  });
  const interrupts = watchInterrupts(() => session.interrupt());
  try {
    const wait = await walk({ drill, runbook, session, lines });
    if (wait) await printError('Looking whether the alert goes…\n');
    return await drill.end({ wait });
  } finally {
    interrupts.dispose();
    await session.dispose();
  }
}

interface Walk {
  readonly drill: Drill;
  readonly runbook: Runbook;
  readonly session: NotebookSession;
  readonly lines: LineReader;
}

/** Cell after cell as the operator says; resolves to whether the alert shall be waited for. */
async function walk({ drill, runbook, session, lines }: Walk): Promise<boolean> {
  const cells = runbook.cells.filter(({ runnable }) => runnable !== '');
  const first = firstCellFor(runbook, drill.fault.alert);
  let at = Math.max(
    0,
    cells.findIndex(({ index }) => index === first?.index),
  );
  while (at < cells.length) {
    const cell = cells[at]!;
    await show(cell);
    const typed = (await lines.ask('> ')) ?? 'w';
    const [word = '', ...rest] = typed.trim().split(/\s+/);
    if (word === 'q') return false;
    if (word === 'w') return true;
    if (word === 's') at++;
    else if (word === 'l') await list(cells, at);
    else if (word === 'n') await note(drill.incident, rest.join(' '));
    else if (/^\d+$/.test(word)) {
      const found = cells.findIndex(({ index }) => index === Number(word));
      if (found >= 0) at = found;
      else await printError(`There is no cell ${word} that runs.\n`);
    } else if (cells.some(({ cell: { attributes } }) => attributes.name === word)) {
      at = cells.findIndex(({ cell: { attributes } }) => attributes.name === word);
    } else if (word === '') {
      await runCell(cell, { drill, runbook, session, lines });
      at++;
      const { fault, elapsedMs, overdue } = await drill.state();
      const clock = `${formatDuration(elapsedMs)} of ${formatDuration(drill.responseMs)}${overdue ? ', overdue' : ''}`;
      await printError(`  ${clock} · ${drill.fault.alert} ${fault === 'cured' ? 'is gone' : 'fires'}\n`);
      if (fault === 'cured') return true;
    } else await printError(help);
  }
  return true;
}

/** One that can't be taken is no end of the drill. */
async function note(incident: Incident, text: string): Promise<void> {
  try {
    await noteIncident(incident, text);
  } catch (error) {
    if (!(error instanceof RunbookError)) throw error;
    await printError(`${error.toLine()}\n`);
  }
}

async function runCell(cell: RunbookCell, { drill, runbook, session }: Walk): Promise<void> {
  const outcome = await session.run(
    { runbook, cell },
    {
      output: (stream, bytes) => (stream === 'stdout' ? print(bytes) : printError(bytes)),
      notice: (text) => void printError(`  ${text}\n`),
    },
  );
  if (outcome.runId) drill.countSteps();
  await printError(`${outcome.status === 'done' ? '✔' : '✘'} ${cell.index}  ${outcome.message}\n`);
}

async function show(cell: RunbookCell): Promise<void> {
  const risk = (await assessCell(cell))?.risk ?? 'unknown';
  await printError(
    `\n▶ ${cell.index}  ${cell.cell.attributes.name ?? ''}  ${cell.cell.headings.slice(-2).join(' › ')}  (${risk})\n`,
  );
  for (const line of cell.runnable.split('\n')) await printError(`    ${line}\n`);
}

async function list(cells: readonly RunbookCell[], at: number): Promise<void> {
  for (const [place, { index, cell, runnable }] of cells.entries()) {
    const first = runnable.split('\n').find((line) => line.trim() !== '') ?? '';
    const mark = place === at ? '▶' : ' ';
    const name = cell.attributes.name ?? '';
    await printError(
      `${mark} ${String(index).padStart(3)}  ${name.padEnd(18)} ${cell.headings.at(-1) ?? ''}: ${first.slice(0, 60)}\n`,
    );
  }
}
