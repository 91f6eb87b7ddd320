// `runbook run`: the cells of a runbook, one after the other, under an incident.

import path from 'node:path';
import { RunbookError } from '../base/runbookError.ts';
import type { IncidentLevel } from '../guard/decide.ts';
import { Incident, type Place } from '../incident/incident.ts';
import { incidentLevel } from '../incident/incidentLevel.ts';
import { joinOpen } from '../incident/joinOpen.ts';
import { NotebookSession } from '../incident/notebookSession.ts';
import { assessCell, folderOf, loadRunbook, type RunbookCell } from '../incident/runbook.ts';
import { sessionPolicy } from '../incident/sessionPolicy.ts';
import { type ExitStatus, exitStatus } from './exitStatus.ts';
import { monitoringPlaces } from './monitoringPlaces.ts';
import { print, printError, printJsonLine } from './print.ts';
import { readInput } from './readInput.ts';
import { runCells } from './runCells.ts';
import { type Selection, selectCells } from './selectCells.ts';
import { jsonTeller, peopleTeller } from './tellers.ts';
import { terminalQuestioner } from './terminalQuestioner.ts';
import { valuesOf } from './varOptions.ts';
import { version } from './version.ts';

export interface RunOptions extends Selection {
  readonly incident?: string;
  readonly evidence?: string;
  readonly json?: boolean;
  readonly policy?: string;
  /** `NAME=VALUE`. */
  readonly var?: readonly string[];
  readonly plan?: boolean;
  /** Files of signed answers. */
  readonly approval?: readonly string[];
  /** Of the text files that cells write: what is larger is not copied. */
  readonly copyKib?: string;
  /** Address of a Prometheus. */
  readonly prometheus?: string;
}

export async function run(file: string, options: RunOptions): Promise<number> {
  const runbook = loadRunbook(await readInput(file), path.resolve(file));
  const cells = selectCells(runbook, options);
  if (options.plan) return plan(cells, options);
  const folder = folderOf(runbook);
  // All that can be wrong with the arguments and the policies is told before an incident is opened for them.
  const effectivePolicy = await sessionPolicy(options.policy, folder);
  const values = valuesOf(options.var ?? []);
  const artifacts = options.copyKib === undefined ? undefined : { copyBytes: kibibytes(options.copyKib) };
  const approvals = await Promise.all((options.approval ?? []).map(readAnswer));
  const place: Place = {
    flag: options.evidence,
    env: process.env,
    tool: { name: 'runbook', version },
  };
  const title = runbook.document.cells[0]?.headings[0] ?? runbook.name;
  const incident = options.incident
    ? await joinOpen(place, options.incident, folder)
    : await Incident.open(place, { title, folder });
  for (const warning of incident.warnings) await printError(`runbook: ${warning}\n`);
  const teller = options.json ? jsonTeller(incident.writer) : peopleTeller;
  let level: IncidentLevel = null;
  const readLevel = async (): Promise<void> => {
    level = await incidentLevel(incident.folder, runbook.declarations);
  };
  const questioner = terminalQuestioner();
  const startedAt = Date.now();
  let done = 0;
  let status: ExitStatus = exitStatus.done;
  let waits = false;
  try {
    const session = await NotebookSession.start({
      incident,
      folder,
      isTrusted: () => true,
      questioner,
      target: runbook.document.settings,
      incidentLevel: () => level,
      readLevel,
      effectivePolicy,
      values,
      ...(artifacts ? { artifacts } : {}),
      approvals,
      monitoring: () => monitoringPlaces(process.env, options.prometheus),
      runbookEnv: runbook.document.settings.env,
    });
    try {
      await teller.begin(runbook, incident);
      ({ done, status } = await runCells(cells, { session, runbook, teller, questioner }));
    } finally {
      waits = session.waitsForApproval;
      await session.dispose();
    }
  } finally {
    // An answer is for this incident: it stays open for the run that brings it.
    if (options.incident || waits) await incident.leave();
    else await incident.close(`${done} of ${cells.length} cells ran`);
  }
  await teller.end(done, cells.length, incident, Date.now() - startedAt);
  return status;
}

async function readAnswer(file: string): Promise<string> {
  return Buffer.from(await readInput(file)).toString('utf8');
}

/** What would run, with its risk; asks nothing, runs nothing, writes no evidence. */
async function plan(cells: readonly RunbookCell[], { json }: RunOptions): Promise<number> {
  for (const cell of cells) {
    const assessment = await assessCell(cell);
    const commands = assessment?.commands ?? [];
    if (json) {
      const { index } = cell;
      const told = commands.map(({ text, risk, where, reasons }) => ({ text, risk, where, reasons }));
      await printJsonLine({ event: 'plan', index, risk: assessment?.risk ?? 'unknown', commands: told });
      continue;
    }
    const risk = assessment?.risk ?? (cell.cell.executable ? 'unknown' : 'not run');
    await print(`▶ ${cell.index}  ${cell.cell.headings.at(-1) ?? 'cell'}  (${risk})\n`);
    for (const { text, risk: own } of commands)
      await print(`    ${own.padEnd(8)} ${text.replace(/\n\s*/g, ' ')}\n`);
    const open = [...new Set((assessment?.placeholders ?? []).map((one) => one.text))];
    if (open.length > 0) await print(`    needs    ${open.join(', ')}\n`);
  }
  return exitStatus.done;
}

function kibibytes(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text)) return value * 1024;
  throw new RunbookError({
    code: 'size-unusable',
    message: `${JSON.stringify(text)} is no number of KiB.`,
    mend: 'Use --copy-kib 1024, for example.',
  });
}
