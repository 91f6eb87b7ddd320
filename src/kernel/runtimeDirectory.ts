// The session's private directory: mode 0700, on a RAM disk where there is one, gone when the session is.

import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

function isUsable(directory: string | undefined): directory is string {
  if (!directory) return false;
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return !/\s/.test(directory);
  } catch {
    return false;
  }
}

/** Makes it and returns its absolute path, which holds no blanks. */
export function makeRuntimeDirectory(parent?: string): string {
  const candidates = parent ? [parent] : [process.env.XDG_RUNTIME_DIR, '/dev/shm', tmpdir()];
  const chosen = candidates.find(isUsable) ?? tmpdir();
  return mkdtempSync(path.join(chosen, 'runbook-'));
}
