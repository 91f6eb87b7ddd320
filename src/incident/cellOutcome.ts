// What came of a cell: one shape for every end, whichever host ran it.

import path from 'node:path';
import { formatDuration } from '../base/duration.ts';
import type { QueryPicture } from '../base/queryPicture.ts';
import type { RunResult } from '../kernel/types.ts';
import type { Undo } from './beforeChange.ts';
import type { Held } from './cellParts.ts';

/** The first cause wins: a cell that was interrupted and also failed was interrupted. */
export type CellStatus = 'done' | 'failed' | 'interrupted' | 'timed-out' | 'refused' | 'unusable';

export interface CellOutcome {
  readonly status: CellStatus;
  /** One line for people; with `refused` and `unusable` it says why and the mend. */
  readonly message: string;
  /** Undefined where nothing was started. */
  readonly runId?: string;
  readonly result?: RunResult;
  /** A query that a command failed to send, and that can be asked natively. */
  readonly query?: string;
  /** The way back from what it changed. */
  readonly undo?: Undo;
}

/** Where a running cell's output goes. What comes here is what was recorded: secrets are cut out already. */
export interface CellDisplay {
  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): void | Promise<void>;
  /** A line of our own: a status, a warning. */
  notice(text: string): void;
  /** How far what the cell waits for has come, in place of what was told before; undefined when it is over. */
  progress?(text: string | undefined): void;
  /** What a query answered, for whoever can draw it; its text comes through `output` all the same. */
  values?(picture: QueryPicture): void;
  /** What the cell is about, for a mark beside it that comes and goes. */
  state?(state: RunState): void;
  /** Opens a terminal for a command that talks to a person; absent where this host has none. */
  terminal?(request: TerminalRequest): void;
}

export type RunState =
  /** It runs beside the other cells from now on, until it is stopped. */
  | { readonly type: 'beside'; readonly command: string; readonly why: string }
  /** Commands that were not run, since the one before them does not end by itself or took a terminal. */
  | { readonly type: 'held'; readonly held: Held }
  /** It waits in a `sleep` until `untilMs`, epoch milliseconds. */
  | { readonly type: 'sleep'; readonly untilMs: number; readonly totalMs: number }
  | { readonly type: 'awake' }
  /** Nothing was written for this long; it still runs. */
  | { readonly type: 'silence'; readonly silentMs: number }
  /** The cell has ended; these processes of it have not. */
  | { readonly type: 'jobs'; readonly pids: readonly number[] };

export interface TerminalSize {
  readonly columns?: number;
  readonly rows?: number;
}

/** What a host does with a terminal once it is open. */
export interface OpenTerminal {
  write(text: string): void;
  resize(columns: number, rows: number): void;
  kill(): void;
  /** Resolves when its program has ended and all of its output is recorded. */
  readonly ended: Promise<{ readonly exitCode: number }>;
}

export interface TerminalRequest {
  /** For its tab. */
  readonly title: string;
  /** Starts the program; `show` gets what was recorded of its output. Rejects where there is no terminal. */
  open(show: (bytes: Uint8Array) => void | Promise<void>, size: TerminalSize): Promise<OpenTerminal>;
  /** The host closed it before it was open. */
  cancel(): void;
}

export function outcomeOf(runId: string, result: RunResult): CellOutcome {
  const took = formatDuration(result.durationMs);
  if (result.notStarted !== null)
    return { status: 'unusable', message: `Not run: ${result.notStarted}`, runId, result };
  if (result.refused !== null)
    return { status: 'refused', message: `Refused: ${result.refused}`, runId, result };
  if (result.interrupted)
    return { status: 'interrupted', message: `Interrupted after ${took}.`, runId, result };
  if (result.timedOut)
    return { status: 'timed-out', message: `Stopped at its time limit, after ${took}.`, runId, result };
  if (result.ok) return { status: 'done', message: `Done in ${took}.`, runId, result };
  return { status: 'failed', message: whatFailed(result), runId, result };
}

/** To these 1 says that there was nothing to find; 2 is a failure. */
const searches = /^(?:[efz]?grep|pgrep|rg)$/;

/** `curl failed (7) on line 3`: each status that was not seen otherwise, since bash goes on after a failure. */
export function whatFailed(result: Pick<RunResult, 'commands' | 'signal' | 'exitCode'>): string {
  // What encloses the command that failed, a loop or a pipeline of several lines, comes after it and begins no later.
  const failed = result.commands
    .filter((command) => command.failed)
    .filter(({ exitCode, line }, at, all) => {
      const before = all[at - 1];
      return !before || before.exitCode !== exitCode || before.line < line;
    });
  const told = failed.slice(0, 5).map(({ text, failedPart, exitCode, line }) => {
    const [word = ''] = (failedPart ?? text).trim().split(/\s+/, 1);
    // bash 3.2 does not tell which of several it was where that was a subshell.
    const known = failedPart !== undefined || !/[|;&]/.test(text);
    const name = known && /^[\w./-]+$/.test(word) ? path.basename(word) : 'a command';
    const what = exitCode === 1 && searches.test(name) ? 'found nothing' : 'failed';
    return `${name} ${what} (${exitCode}) on line ${line + 1}`;
  });
  if (failed.length > told.length) told.push(`${failed.length - told.length} more failed`);
  if (told.length === 0) {
    told.push(
      result.signal ? `bash was ended by ${result.signal}` : `exit code ${result.exitCode ?? 'unknown'}`,
    );
  }
  return `Failed: ${told.join('; ')}.`;
}
