// The lint room's ports on this machine: the files around a runbook, and the programs on the PATH.

import { access, constants, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { readRunbook } from '../alerts/rules/loadRunbooks.ts';
import type { LintFiles, LintTools } from '../lint/lintRule.ts';

/** Relative to the runbook's folder; nothing is read but what a link in the runbook names. */
export function lintFilesAround(folder: string): LintFiles {
  const at = (relative: string): string => path.resolve(folder, relative);
  return {
    async kind(relative) {
      const found = await stat(at(relative)).catch(() => undefined);
      return found ? (found.isDirectory() ? 'folder' : 'file') : 'none';
    },
    async anchors(relative) {
      const bytes = await readFile(at(relative)).catch(() => undefined);
      return bytes ? new Set(readRunbook(relative, bytes).anchors.keys()) : null;
    },
  };
}

export function lintToolsOnPath(env: Readonly<Record<string, string | undefined>>): LintTools {
  const folders = (env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const known = new Map<string, Promise<boolean>>();
  const find = async (name: string): Promise<boolean> => {
    for (const folder of folders) {
      const there = await access(path.join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      );
      if (there) return true;
    }
    return false;
  };
  return {
    has(name) {
      const asked = known.get(name) ?? find(name);
      known.set(name, asked);
      return asked;
    },
  };
}
