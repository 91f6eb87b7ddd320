// Runs the chosen cells one after the other until one fails. A cell that does not end by itself goes on beside the
// next ones; what follows it in the cell is offered at a terminal.

import { formatDuration } from '../base/duration.ts';
import type { CellDisplay, CellOutcome } from '../incident/cellOutcome.ts';
import type { CellPart, Held } from '../incident/cellParts.ts';
import { short } from '../incident/cellStages.ts';
import type { NotebookSession } from '../incident/notebookSession.ts';
import type { Questioner } from '../incident/question.ts';
import type { Runbook, RunbookCell } from '../incident/runbook.ts';
import { type ExitStatus, exitStatus } from './exitStatus.ts';
import { watchInterrupts } from './interrupts.ts';
import { printError } from './print.ts';
import type { Teller } from './tellers.ts';
import { askYes } from './terminalQuestioner.ts';

export interface CellsContext {
  readonly session: NotebookSession;
  readonly runbook: Runbook;
  readonly teller: Teller;
  readonly questioner: Questioner;
}

/** A run, and whether it ended or goes on beside the others. */
interface Started {
  readonly ended: Promise<CellOutcome>;
  /** Resolves when the next cell may run. */
  readonly apart: Promise<'ended' | 'beside'>;
  readonly held: () => Held | undefined;
}

export async function runCells(
  cells: readonly RunbookCell[],
  context: CellsContext,
): Promise<{ readonly done: number; readonly status: ExitStatus }> {
  const { teller } = context;
  const beside = new Set<Promise<ExitStatus>>();
  const stop = { front: new AbortController(), all: new AbortController() };
  // What runs in front goes first; what runs beside it has nothing else to end it.
  let inFront = false;
  const interrupts = watchInterrupts(() => (inFront ? stop.front : stop.all).abort());
  let done = 0;
  let status: ExitStatus = exitStatus.done;
  const run = async (cell: RunbookCell, part?: CellPart): Promise<ExitStatus> => {
    stop.front = new AbortController();
    inFront = true;
    const started = start(cell, part, context, AbortSignal.any([stop.front.signal, stop.all.signal]));
    const how = await started.apart;
    inFront = false;
    const finished = started.ended.then(async (outcome) => {
      // To stop what does not end by itself is no failure.
      const isStopped = how === 'beside' && outcome.status === 'interrupted';
      const message = `Stopped after ${formatDuration(outcome.result?.durationMs ?? 0)}.`;
      const told: CellOutcome = isStopped ? { ...outcome, status: 'done', message } : outcome;
      await teller.ended(cell, told);
      return statusOfOutcome(told);
    });
    if (how === 'beside') {
      beside.add(finished);
      finished.then(
        () => beside.delete(finished),
        () => {},
      );
    } else {
      const own = await finished;
      if (own !== exitStatus.done) return own;
    }
    const held = started.held();
    if (!held || interrupts.wasInterrupted()) return exitStatus.done;
    const question = `Run what follows “${short(held.after)}”? [y/N] `;
    return (await askYes(question)) ? run(cell, held) : exitStatus.done;
  };
  try {
    for (const cell of cells) {
      await teller.cell(cell);
      status = await run(cell);
      if (status === exitStatus.done && interrupts.wasInterrupted()) status = exitStatus.interrupted;
      if (status !== exitStatus.done) break;
      done++;
    }
    const lasting = [...beside];
    if (lasting.length > 0 && status === exitStatus.done && process.stderr.isTTY) {
      const what = lasting.length === 1 ? 'One cell still runs' : `${lasting.length} cells still run`;
      await printError(`\n${what}: Ctrl-C ends ${lasting.length === 1 ? 'it' : 'them'}.\n`);
    } else {
      stop.all.abort();
    }
    for (const own of await Promise.all(lasting)) if (status === exitStatus.done) status = own;
    return { done, status };
  } finally {
    stop.all.abort();
    interrupts.dispose();
  }
}

function start(
  cell: RunbookCell,
  part: CellPart | undefined,
  { session, runbook, teller, questioner }: CellsContext,
  signal: AbortSignal,
): Started {
  let held: Held | undefined;
  let onBeside: () => void = () => {};
  const besides = new Promise<'beside'>((resolve) => {
    onBeside = () => resolve('beside');
  });
  const shown = teller.display(cell);
  const display: CellDisplay = {
    ...shown,
    state(state) {
      if (state.type === 'held') held = state.held;
      shown.state?.(state);
      if (state.type === 'beside') onBeside();
    },
  };
  const request = { runbook, cell, ...(part ? { part } : {}) };
  const ended = session.run(request, display, signal).then(async (outcome) => {
    if (!outcome.query || !(await wantsQuery(questioner, outcome.query))) return outcome;
    return session.run({ runbook, cell, query: outcome.query }, display, signal);
  });
  const apart = Promise.race([besides, ended.then(() => 'ended' as const)]);
  return { ended, apart, held: () => held };
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
