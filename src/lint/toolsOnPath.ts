// The programs of this machine's PATH: the port of `lintDocument` for hosts that have one.

import { constants, promises as fs } from 'node:fs';
import path from 'node:path';
import type { LintTools } from './lintRule.ts';

/** Each name is looked up once. */
export function toolsOnPath(searchPath = process.env.PATH ?? ''): LintTools {
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== '');
  const known = new Map<string, Promise<boolean>>();
  return {
    has(name) {
      const asked = known.get(name) ?? isProgram(folders, name);
      known.set(name, asked);
      return asked;
    },
  };
}

async function isProgram(folders: readonly string[], name: string): Promise<boolean> {
  for (const folder of folders) {
    const file = path.join(folder, name);
    const stat = await fs.stat(file).catch(() => null);
    if (!stat?.isFile()) continue;
    const runs = await fs.access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return true;
  }
  return false;
}
