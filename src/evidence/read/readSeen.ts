// What a writer sees of the others' logs: their newest checkpoints. Put into its own log, it makes a later
// rewrite of theirs visible.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Seen } from '../events.ts';
import { originOf, parseCheckpoint } from '../format/checkpoint.ts';
import { checkpointName, isId } from '../format/layout.ts';

/** In order of their names; checkpoints that are damaged or absent are left out. */
export async function readSeen(incidentDir: string, except: string): Promise<Seen> {
  const names = await readdir(path.join(incidentDir, 'writers')).catch(() => []);
  const seen: { writer: string; size: number; root: string }[] = [];
  for (const writer of names.filter((name) => name !== except && isId(name)).sort()) {
    const note = await readFile(path.join(incidentDir, 'writers', writer, checkpointName), 'utf8').catch(
      () => '',
    );
    const checkpoint = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
    if (checkpoint && checkpoint.origin === originOf(path.basename(incidentDir), writer))
      seen.push({ writer, size: checkpoint.size, root: checkpoint.root.toString('base64') });
  }
  return seen;
}
