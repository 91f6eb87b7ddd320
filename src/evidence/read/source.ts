// Where a verifier reads from: a folder or a pack, seen alike. A source gives bytes and believes nothing.

import { createReadStream } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import path from 'node:path';
import { RunbookError } from '../../base/runbookError.ts';

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

/** An incident's folder. Throws `evidence-unreadable` for one with too many files. */
export async function openFolder(dir: string): Promise<Source> {
  const files = new Map<string, SourceFile>();
  await walk(dir, '', files);
  return {
    incident: path.basename(path.resolve(dir)),
    files,
    read: (file) => createReadStream(path.join(dir, file), { highWaterMark: 1 << 20 }),
    close: () => {},
  };
}

async function walk(base: string, below: string, files: Map<string, SourceFile>): Promise<void> {
  const entries = await opendir(path.join(base, below));
  for await (const entry of entries) {
    const at = below ? `${below}/${entry.name}` : entry.name;
    if (files.size >= maxFiles) throw tooMany();
    if (entry.isDirectory() && at.split('/').length < 8) {
      await walk(base, at, files);
      continue;
    }
    const { size } = await lstat(path.join(base, at));
    files.set(at, { path: at, bytes: size, plain: entry.isFile() });
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
