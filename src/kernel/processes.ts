// What runs on this machine and belongs to a session: by process group and process session, and, where something
// left both, by the marker in its environment. Linux reads /proc; elsewhere `ps` tells groups only.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since boot; 0 where unknown. */
  readonly startTicks: number;
}

export const ticksPerSecond = 100;
const hasProc = process.platform === 'linux';

/** Clock ticks since boot, to compare with `startTicks`; 0 where unknown. */
export function nowTicks(): number {
  if (!hasProc) return 0;
  return Math.floor(os.uptime() * ticksPerSecond);
}

function readStat(pid: string): ProcessInfo | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name may hold blanks and parentheses: fields count from the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return {
    pid: Number(pid),
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTicks: Number(fields[19]),
  };
}

function hasMark(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
  } catch {
    return false;
  }
}

/** One process, where it lives and is no zombie. */
export function processInfo(pid: number): ProcessInfo | undefined {
  return hasProc ? readStat(String(pid)) : listWithPs().find((info) => info.pid === pid);
}

function listWithPs(): ProcessInfo[] {
  const text = execFileSync('ps', ['-axo', 'pid=,ppid=,pgid=,stat='], { encoding: 'latin1' });
  return text.split('\n').flatMap((line) => {
    const [pid, parent, group, state] = line.trim().split(/\s+/);
    if (!pid || state?.startsWith('Z')) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        session: Number(group),
        startTicks: 0,
      },
    ];
  });
}

/** Living processes of the bash processes `groups`, and of whoever carries `mark` in its environment. */
export function sessionProcesses(groups: ReadonlySet<number>, mark: string): ProcessInfo[] {
  if (!hasProc) return listWithPs().filter((info) => groups.has(info.group));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((name) => readStat(name) ?? [])
    .filter((info) => groups.has(info.group) || groups.has(info.session) || hasMark(info.pid, mark));
}

/** The processes of `pids` and what they have started, as far as it is among `living`. */
export function withDescendants(living: readonly ProcessInfo[], pids: readonly number[]): ProcessInfo[] {
  const wanted = new Set(pids);
  for (let before = 0; before !== wanted.size; ) {
    before = wanted.size;
    for (const { pid, parent } of living) if (wanted.has(parent)) wanted.add(pid);
  }
  return living.filter(({ pid }) => wanted.has(pid));
}

/** False when the process is gone already. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
