// Tells how long a run still waits in a `sleep`. The process itself is looked at, since only it says which of a
// cell's commands bash has come to, and what `sleep "$WAIT"` stands for.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Disposable } from '../base/disposable.ts';
import { nowTicks, type ProcessInfo, ticksPerSecond } from './processes.ts';
import type { RunEvent } from './types.ts';

const firstLookMs = 250;
const intervalMs = 1000;
/** Shorter ones are over before anybody has read how long they take. */
const shortestMs = 5000;

const unitMs: Readonly<Record<string, number>> = {
  '': 1000,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** How long `sleep` with these arguments takes; undefined for what it does not understand. */
function sleepDuration(args: readonly string[]): number | undefined {
  let totalMs = 0;
  for (const arg of args) {
    const [, number, unit] = /^(\d*\.?\d+|\d+\.)([smhd]?)$/.exec(arg) ?? [];
    if (number === undefined) return undefined;
    totalMs += Number(number) * unitMs[unit ?? '']!;
  }
  return args.length > 0 ? totalMs : undefined;
}

interface Looked {
  readonly words: readonly string[];
  /** Milliseconds since it started. */
  readonly ageMs: number;
}

function look({ pid, startTicks }: ProcessInfo): Looked | undefined {
  try {
    if (process.platform === 'linux') {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
      return { words, ageMs: ((nowTicks() - startTicks) * 1000) / ticksPerSecond };
    }
    const told = execFileSync('ps', ['-o', 'etime=,args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [etime, ...words] = told.split(/\s+/);
    const [seconds = 0, minutes = 0, hours = 0, days = 0] = etime!.split(/[:-]/).reverse().map(Number);
    return { words, ageMs: (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 };
  } catch {
    return undefined;
  }
}

/** Tells `sleep` for the one that takes longest, and `awake` when it is over. */
export function watchSleep(
  processes: () => readonly ProcessInfo[],
  tell: (event: RunEvent) => void,
): Disposable {
  let watched: number | undefined;
  let timer = setTimeout(check, firstLookMs);
  function check(): void {
    const living = processes();
    if (!living.some(({ pid }) => pid === watched)) {
      const found = living.flatMap((info) => {
        const { words, ageMs } = look(info) ?? { words: [], ageMs: 0 };
        const totalMs = path.basename(words[0] ?? '') === 'sleep' ? sleepDuration(words.slice(1)) : undefined;
        return totalMs !== undefined && totalMs >= shortestMs
          ? [{ pid: info.pid, totalMs, untilMs: Date.now() + totalMs - ageMs }]
          : [];
      });
      const longest = found.sort((one, other) => other.untilMs - one.untilMs)[0];
      if (longest) tell({ type: 'sleep', untilMs: longest.untilMs, totalMs: longest.totalMs });
      else if (watched !== undefined) tell({ type: 'awake' });
      watched = longest?.pid;
    }
    timer = setTimeout(check, intervalMs);
  }
  return {
    dispose() {
      clearTimeout(timer);
      if (watched !== undefined) tell({ type: 'awake' });
    },
  };
}
