// Who makes a dead writer whole: one process at a time, however many come at once, and another one where that process
// is killed over it. Claims are numbered files beside what is unfinished; a number is given once.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { systemCode } from '../../base/runbookError.ts';
import { lockName, openFolder } from '../format/layout.ts';
import { isAlive, parseLock, processStart } from './processStart.ts';

const claimName = /^claim-(\d{1,6})$/;
/** A claim that is being written is empty for a moment; one that stays so is what a power cut left. */
const halfWrittenMs = 10_000;

export interface Claim {
  /** The writer is whole and that is recorded: nobody has to come again. */
  finish(): void;
  /** It is not: the next one takes over. */
  abandon(): void;
}

/**
 * Takes the writer in `dir`; undefined where it closed properly, lives, is of another machine, or another process has
 * it. Its lock stays until the end, so that a recovery that is killed itself is made up for.
 */
export function claimWriter(dir: string): Claim | undefined {
  if (!isDead(path.join(dir, lockName))) return undefined;
  const open = path.join(dir, openFolder);
  mkdirSync(open, { recursive: true, mode: 0o700 });
  const last = Math.max(0, ...claims(open));
  if (last > 0 && !isDead(path.join(open, `claim-${last}`))) return undefined;
  const own = path.join(open, `claim-${last + 1}`);
  const lock = { pid: process.pid, host: os.hostname(), started: processStart(process.pid) };
  try {
    writeFileSync(own, JSON.stringify(lock), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return undefined;
    throw error;
  }
  const claim: Claim = {
    finish() {
      // First the lock: whoever claims from now on sees that there is nothing left to do.
      rmSync(path.join(dir, lockName), { force: true });
      rmSync(open, { recursive: true, force: true });
    },
    abandon: () => rmSync(own, { force: true }),
  };
  if (existsSync(path.join(dir, lockName))) return claim;
  claim.finish();
  return undefined;
}

function claims(open: string): number[] {
  return readdirSync(open).flatMap((name) => Number(claimName.exec(name)?.[1] ?? []));
}

/** Whether its process is gone for sure. A lock that is not there belongs to nobody. */
function isDead(file: string): boolean {
  try {
    const text = readFileSync(file, 'utf8');
    const lock = parseLock(text);
    if (lock) return isAlive(lock) === false;
    return Date.now() - statSync(file).mtimeMs > halfWrittenMs;
  } catch {
    return false;
  }
}
