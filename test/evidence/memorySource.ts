// An incident in memory, so that thousands of mutations of it can be verified quickly.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Source } from '../../src/evidence/read/source.ts';

export type Files = Map<string, Buffer>;

export function loadFiles(dir: string): Files {
  const files: Files = new Map();
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = path.join(dir, name);
    if (statSync(file).isFile()) files.set(name.split(path.sep).join('/'), readFileSync(file));
  }
  return files;
}

export function memorySource(incident: string, files: Files): Source {
  return {
    incident,
    files: new Map(
      [...files].map(([name, bytes]) => [name, { path: name, bytes: bytes.length, plain: true }]),
    ),
    async *read(name) {
      yield files.get(name)!;
    },
    close: () => {},
  };
}
