// Which incidents lie below a root, found without reading any of them.

import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../../base/runbookError.ts';
import { isId } from '../format/layout.ts';

/** Their folders, absolute where the root is. None where the root is not there yet. */
export async function incidentFolders(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || !isId(entry.name)) continue;
    const dir = path.join(root, entry.name);
    const writers = await stat(path.join(dir, 'writers')).catch(() => undefined);
    if (writers?.isDirectory()) found.push(dir);
  }
  return found;
}

/** All files of an incident, in bytes. */
export async function bytesOnDisk(dir: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    total += (await stat(path.join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return total;
}
