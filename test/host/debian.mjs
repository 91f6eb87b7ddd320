// Owns what is installed through apt-get: only as root on a machine that has it, and only what is missing.

import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { tell } from './cache.mjs';
import { runToEnd } from './processes.mjs';

/** The absolute path of the first of these programs on the PATH. @param {readonly string[]} names */
export function findProgram(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

export function canInstall() {
  return process.getuid?.() === 0 && findProgram('apt-get') !== undefined;
}

let updated = false;

/**
 * Installs Debian packages without a question; the package lists are fetched when they turn out to be missing.
 * @param {...string} packages
 */
export async function aptInstall(...packages) {
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const install = () =>
    runToEnd(
      'apt-get',
      ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...packages],
      options,
    );
  tell(`apt-get installs ${packages.join(', ')}`);
  try {
    await install();
  } catch (error) {
    if (updated) throw error;
    await runToEnd('apt-get', ['update'], options);
    updated = true;
    await install();
  }
}
