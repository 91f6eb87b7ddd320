// Whether the process that a lock names still lives: its number alone may have been given to another since.

import { readFileSync } from 'node:fs';
import os from 'node:os';

export interface Lock {
  readonly pid: number;
  readonly host: string;
  /** When the process started, as its system counts; empty where that is not known. */
  readonly started: string;
}

/** Field 22 of /proc/<pid>/stat with the boot's id; empty on other systems. */
export function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}:${fields[19]}`;
  } catch {
    return '';
  }
}

/** Undefined for a lock of another machine: from here nobody can tell. */
export function isAlive(lock: Lock): boolean | undefined {
  if (lock.host !== os.hostname()) return undefined;
  try {
    process.kill(lock.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const started = processStart(lock.pid);
  return !lock.started || !started || started === lock.started;
}

export function parseLock(text: string): Lock | undefined {
  try {
    const lock = JSON.parse(text) as Lock;
    return typeof lock.pid === 'number' && typeof lock.host === 'string'
      ? { ...lock, started: lock.started ?? '' }
      : undefined;
  } catch {
    return undefined;
  }
}
