// `runbook run`: the cells of a runbook, one after the other, under an incident.

import path from 'node:path';
import { formatDuration } from '../base/duration.ts';
import { RunbookError } from '../base/runbookError.ts';
import type { CellDisplay, CellOutcome } from '../incident/cellOutcome.ts';
import { Incident, type Place } from '../incident/incident.ts';
import { NotebookSession } from '../incident/notebookSession.ts';
import type { Questioner } from '../incident/question.ts';
import { assessCell, folderOf, loadRunbook, type Runbook, type RunbookCell } from '../incident/runbook.ts';
import { type ExitStatus, exitStatus } from './exitStatus.ts';
import { watchInterrupts } from './interrupts.ts';
import { monitoringPlaces } from './monitoringPlaces.ts';
import { print, printError, printJsonLine } from './print.ts';
import { readInput } from './readInput.ts';
import { type Selection, selectCells } from './selectCells.ts';
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
  /** Of the text files that cells write: what is larger is not copied. */
  readonly copyKib?: string;
  /** Address of a Prometheus. */
  readonly prometheus?: string;
}

/** Where what happens is told: for people, or a JSON line an event. */
interface Teller {
  begin(runbook: Runbook, incident: Incident): Promise<void>;
  cell(cell: RunbookCell): Promise<void>;
  display(cell: RunbookCell): CellDisplay;
  ended(cell: RunbookCell, outcome: CellOutcome): Promise<void>;
  end(done: number, of: number, incident: Incident, tookMs: number): Promise<void>;
}

export async function run(file: string, options: RunOptions): Promise<number> {
  const runbook = loadRunbook(await readInput(file), path.resolve(file));
  const cells = selectCells(runbook, options);
  if (options.plan) return plan(cells, options);
  const teller = options.json ? jsonTeller : peopleTeller;
  const folder = folderOf(runbook);
  const place: Place = {
    flag: options.evidence,
    env: process.env,
    tool: { name: 'runbook', version },
  };
  const title = runbook.document.cells[0]?.headings[0] ?? runbook.name;
  const incident = options.incident
    ? await Incident.join(place, options.incident, folder)
    : await Incident.open(place, { title, folder });
  for (const warning of incident.warnings) await printError(`runbook: ${warning}\n`);
  const questioner = terminalQuestioner();
  const startedAt = Date.now();
  let done = 0;
  let status: ExitStatus = exitStatus.done;
  try {
    const session = await NotebookSession.start({
      incident,
      folder,
      isTrusted: () => true,
      questioner,
      target: runbook.document.settings,
      incidentLevel: () => null,
      policyFile: options.policy,
      values: valuesOf(options.var ?? []),
      ...(options.copyKib === undefined ? {} : { artifacts: { copyBytes: kibibytes(options.copyKib) } }),
      monitoring: () => monitoringPlaces(process.env, options.prometheus),
      ...(runbook.document.settings.env ? { env: runbook.document.settings.env } : {}),
    });
    const interrupts = watchInterrupts(() => session.interrupt());
    try {
      await teller.begin(runbook, incident);
      for (const cell of cells) {
        await teller.cell(cell);
        let outcome = await session.run({ runbook, cell }, teller.display(cell));
        if (outcome.query && (await wantsQuery(questioner, outcome.query)))
          outcome = await session.run({ runbook, cell, query: outcome.query }, teller.display(cell));
        await teller.ended(cell, outcome);
        status = statusOfOutcome(outcome);
        if (status !== exitStatus.done) break;
        if (interrupts.wasInterrupted()) {
          status = exitStatus.interrupted;
          break;
        }
        done++;
      }
    } finally {
      interrupts.dispose();
      await session.dispose();
    }
  } finally {
    if (options.incident) await incident.leave();
    else await incident.close(`${done} of ${cells.length} cells ran`);
  }
  await teller.end(done, cells.length, incident, Date.now() - startedAt);
  return status;
}

/** A read that the cell was about to make: asked for, since it is not the command that stands there. */
async function wantsQuery(questioner: Questioner, query: string): Promise<boolean> {
  const reasons = ['asks Prometheus for values and changes nothing'];
  const answer = await questioner.ask({
    consent: 'confirm',
    title: 'Ask Prometheus for it natively?',
    calls: [{ text: query, risk: 'read', reasons, where: 'here' }],
    target: undefined,
    why: ['curl refused the address of this query.'],
  });
  return answer.yes;
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

function statusOfOutcome({ status }: CellOutcome): ExitStatus {
  switch (status) {
    case 'done':
      return exitStatus.done;
    case 'refused':
      return exitStatus.refused;
    case 'interrupted':
      return exitStatus.interrupted;
    default:
      return exitStatus.failed;
  }
}

const strong = (text: string): string => (process.stderr.isTTY ? `\u001b[1m${text}\u001b[0m` : text);

/** Headers and results go to stderr, so that stdout is the cells' own output, unprefixed. */
const peopleTeller: Teller = {
  async begin(runbook, incident) {
    await printError(`${strong(runbook.name)}  incident ${incident.id}\nevidence: ${incident.folder}\n`);
  },
  async cell({ index, cell, alerts, severity }) {
    const answers = [alerts.map((alert) => alert.name).join(', '), severity?.raw ?? '']
      .filter(Boolean)
      .join(' · ');
    const title = cell.headings.at(-1) ?? 'cell';
    await printError(`\n${strong(`▶ ${index}  ${title}`)}${answers ? `  (${answers})` : ''}\n`);
  },
  display: () => ({
    output: (stream, bytes) => (stream === 'stdout' ? print(bytes) : printError(bytes)),
    notice: (text) => void printError(`  ${text}\n`),
  }),
  async ended({ index }, outcome) {
    await printError(`${outcome.status === 'done' ? '✔' : '✘'} ${index}  ${outcome.message}\n`);
  },
  async end(done, of, incident, tookMs) {
    await printError(
      `\n${done} of ${of} cells done in ${formatDuration(tookMs)}; incident ${incident.id}, evidence in ${incident.folder}\n`,
    );
  },
};

const jsonTeller: Teller = {
  begin: ({ name, sha256 }, { id, folder }) =>
    printJsonLine({ event: 'begin', runbook: name, sha256, incident: id, folder }),
  cell: ({ index, cell }) =>
    printJsonLine({ event: 'cell', index, headings: cell.headings, source: cell.text }),
  display: ({ index }) => {
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    return {
      output: (stream, bytes) =>
        printJsonLine({
          event: 'output',
          index,
          stream,
          text: decoders[stream].decode(bytes, { stream: true }),
        }),
      notice: (text) => void printJsonLine({ event: 'notice', index, text }),
    };
  },
  ended: ({ index }, { status, message, runId, result }) =>
    printJsonLine({
      event: 'result',
      index,
      status,
      message,
      run: runId ?? null,
      exitCode: result?.exitCode ?? null,
      durationMs: result?.durationMs ?? null,
      cwd: result?.cwd ?? null,
      commands: result?.commands ?? [],
    }),
  end: (done, of, { id, folder }, tookMs) =>
    printJsonLine({ event: 'end', done, of, incident: id, folder, durationMs: tookMs }),
};

function kibibytes(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text)) return value * 1024;
  throw new RunbookError({
    code: 'size-unusable',
    message: `${JSON.stringify(text)} is no number of KiB.`,
    mend: 'Use --copy-kib 1024, for example.',
  });
}
