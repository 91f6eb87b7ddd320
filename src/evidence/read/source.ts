// Where a verifier reads from: a folder or a pack, seen alike. A source gives bytes and believes nothing.

import { createReadStream } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { RunbookError, systemCode } from '../../base/runbookError.ts';
import { checkpointName, logName } from '../format/layout.ts';
import { standingLogs } from './standingLogs.ts';

export interface SourceFile {
  /** With `/`, relative to the incident's folder. */
  readonly path: string;
  readonly bytes: number;
  /** Anything but a plain file is refused by the verifier. */
  readonly plain: boolean;
}

export interface Source {
  readonly incident: string;
  readonly files: ReadonlyMap<string, SourceFile>;
  read(file: string): AsyncIterable<Uint8Array>;
  close(): void;
}

export const maxFiles = 200_000;

/**
 * An incident's folder as it stands now: what its writers add to their logs later is not seen. Throws
 * `evidence-unreadable` for one with too many files.
 */
export async function openFolder(dir: string): Promise<Source> {
  const logs = await standingLogs(dir);
  const files = new Map<string, SourceFile>();
  // After the logs: a blob is there before any event points at it.
  await walk(dir, '', files);
  const notes = new Map<string, Uint8Array>();
  const isNewcomer = (writer: string): boolean =>
    !logs.has(writer) && files.get(`writers/${writer}/${logName}`)?.plain === true;
  const newcomers = new Set([...files.keys()].map(writerOf).filter(isNewcomer));
  for (const [name, file] of [...files]) {
    const writer = writerOf(name);
    const leaf = name.slice(`writers/${writer}/`.length);
    const log = logs.get(writer);
    if (newcomers.has(writer)) files.delete(name);
    else if (log && file.plain && leaf === logName) files.set(name, { ...file, bytes: log.bytes });
    else if (log?.note && file.plain && leaf === checkpointName) {
      notes.set(name, log.note);
      files.set(name, { ...file, bytes: log.note.length });
    }
  }
  return {
    incident: path.basename(path.resolve(dir)),
    files,
    read: (file) => {
      const note = notes.get(file);
      if (note) return Readable.from([note]);
      const bytes = file.endsWith(`/${logName}`) ? files.get(file)?.bytes : undefined;
      if (bytes === 0) return Readable.from([]);
      const end = bytes === undefined ? {} : { end: bytes - 1 };
      return createReadStream(path.join(dir, file), { highWaterMark: 1 << 20, ...end });
    },
    close: () => {},
  };
}

/** Empty for what is in no writer's folder. */
const writerOf = (file: string): string => /^writers\/([^/]+)\//.exec(file)?.[1] ?? '';

async function walk(base: string, below: string, files: Map<string, SourceFile>): Promise<void> {
  // What goes while one looks (a lock, a draft that gets its name) was nothing to be read.
  const entries = await (below ? whereThere(opendir(path.join(base, below))) : opendir(base));
  for await (const entry of entries ?? []) {
    const at = below ? `${below}/${entry.name}` : entry.name;
    if (files.size >= maxFiles) throw tooMany();
    if (entry.isDirectory() && at.split('/').length < 8) {
      await walk(base, at, files);
      continue;
    }
    const stat = await whereThere(lstat(path.join(base, at)));
    if (stat) files.set(at, { path: at, bytes: stat.size, plain: entry.isFile() });
  }
}

async function whereThere<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function tooMany(): RunbookError {
  return new RunbookError({
    code: 'evidence-unreadable',
    message: `There are more than ${maxFiles} files.`,
    mend: 'No incident has as many: this is something else.',
  });
}

/** All of a small file; undefined where it is absent, no plain file, or larger than `limit` bytes. */
export async function readSmall(source: Source, file: string, limit: number): Promise<Buffer | undefined> {
  const entry = source.files.get(file);
  if (!entry?.plain || entry.bytes > limit) return undefined;
  const pieces: Uint8Array[] = [];
  let held = 0;
  for await (const piece of source.read(file)) {
    held += piece.length;
    if (held > limit) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
