// A run of which the log tells no end: it goes on in somebody's window, or it went down with one.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lockName } from '../evidence/format/layout.ts';
import { isAlive, parseLock } from '../evidence/write/processStart.ts';
import type { RecordedRun } from './recordedRuns.ts';

/** `unknown` where its window is on another machine, of which no end has reached this one. */
export type Unended = 'runs' | 'unknown' | 'interrupted';

/** How long VS Code gives a window's extensions to end. Milliseconds. */
const leavingMs = 6000;
const lookEveryMs = 250;

/** Once it is sure: a window that is reloaded ends its session a moment after the new one looks. */
export async function settledState(run: RecordedRun): Promise<Unended> {
  const until = Date.now() + leavingMs;
  let state = await unendedState(run);
  if (state !== 'runs') return state;
  while (state === 'runs' && Date.now() < until) {
    await delay(lookEveryMs);
    state = await unendedState(run);
  }
  return state === 'runs' ? 'runs' : 'interrupted';
}

export async function unendedState({ dir, writer, writerEnded }: RecordedRun): Promise<Unended> {
  if (writerEnded) return 'interrupted';
  const text = await readFile(path.join(dir, 'writers', writer, lockName), 'utf8').catch(() => undefined);
  const lock = text === undefined ? undefined : parseLock(text);
  const alive = lock && isAlive(lock);
  if (alive === undefined) return 'unknown';
  return alive ? 'runs' : 'interrupted';
}

/** For the one who reads what it has put out. */
export function unendedText(state: Unended, { by }: RecordedRun): string {
  switch (state) {
    case 'runs':
      return `It still runs, in a window of ${by}.`;
    case 'unknown':
      return `No end of it is recorded here: it may still run in a window of ${by}.`;
    default:
      return 'Interrupted: the session ended before the cell did.';
  }
}
