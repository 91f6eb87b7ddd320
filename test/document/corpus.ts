// Real runbooks beside the repository, for tests that read them; they are not part of the project.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const shared = path.resolve(import.meta.dirname, '../../../shared');

export const corpusMissing = existsSync(shared) ? undefined : `no runbooks at ${shared}`;

export interface CorpusFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export function corpusFiles(): CorpusFile[] {
  if (corpusMissing) return [];
  return readdirSync(shared, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(path.join(shared, name))) }));
}
