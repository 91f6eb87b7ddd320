// The logs of an incident as they all stood at one moment, while their writers go on: what is verified, hashed and
// packed has to be the same bytes, and no log may speak of another's events that were not read.

import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkpointName, lockName, logName } from '../format/layout.ts';

export interface StandingLog {
  /** How much of it stood; what was written since is not read. */
  readonly bytes: number;
  /** Its checkpoint, which covers no more than that. */
  readonly note: Buffer | undefined;
}

const mostTries = 40;
const pauseMs = 25;
const mostNoteBytes = 64 * 1024;

/**
 * By the writer's name. A writer that is busy (it has just begun and not sealed, or is in the middle of a line) is
 * waited for, for a second at most: then its log is given as it is, and a verifier tells what is wrong with it.
 */
export async function standingLogs(dir: string): Promise<ReadonlyMap<string, StandingLog>> {
  for (let tries = 1; ; tries += 1) {
    // The notes first: a note that is older than its log covers a part of it, one that is newer covers too much.
    const notes = new Map(writersIn(dir).map((writer) => [writer, noteOf(dir, writer)]));
    const sizes = sizesIn(dir);
    const isOneMoment = same(sizes, sizesIn(dir)) && [...sizes.keys()].every((writer) => notes.has(writer));
    const isBusy = [...sizes].some(([writer, bytes]) => isBetween(dir, writer, bytes, notes.get(writer)));
    if ((isOneMoment && !isBusy) || tries === mostTries)
      return new Map([...sizes].map(([writer, bytes]) => [writer, { bytes, note: notes.get(writer) }]));
    await delay(isBusy ? pauseMs : 1);
  }
}

/** Synchronous, as all of these: two passes that agree leave no time for anything between them. */
function sizesIn(dir: string): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const writer of writersIn(dir)) {
    const log = lstatSync(path.join(dir, 'writers', writer, logName), { throwIfNoEntry: false });
    if (log?.isFile()) sizes.set(writer, log.size);
  }
  return sizes;
}

function writersIn(dir: string): string[] {
  try {
    return readdirSync(path.join(dir, 'writers'), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}

const same = (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean =>
  one.size === other.size && [...one].every(([writer, bytes]) => other.get(writer) === bytes);

function noteOf(dir: string, writer: string): Buffer | undefined {
  const file = path.join(dir, 'writers', writer, checkpointName);
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size > mostNoteBytes) return undefined;
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Only of a writer that holds its log: what others left behind stays as it is, however long one waits. */
function isBetween(dir: string, writer: string, bytes: number, note: Buffer | undefined): boolean {
  if (bytes === 0) return false;
  const folder = path.join(dir, 'writers', writer);
  if (!lstatSync(path.join(folder, lockName), { throwIfNoEntry: false })) return false;
  return note === undefined || !endsLine(path.join(folder, logName), bytes);
}

function endsLine(file: string, bytes: number): boolean {
  try {
    const fd = openSync(file, 'r');
    try {
      const last = Buffer.alloc(1);
      return fstatSync(fd).isFile() && readSync(fd, last, 0, 1, bytes - 1) === 1 && last[0] === 10;
    } finally {
      closeSync(fd);
    }
  } catch {
    return true;
  }
}
