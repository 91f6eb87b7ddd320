// Owns how hosts come from npm: with the machine's own npm and whatever registry it is configured for.

import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { runToEnd } from './processes.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];

/** npm hands its own settings to its children; inside `npm test` those of this project would reach the hosts. */
function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|command|config_(local_prefix|prefix|global|omit))/i.test(name),
    ),
  );
}

/**
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} [env] added to this process's
 */
export async function runNpm(args, cwd, env = {}) {
  try {
    return await runToEnd(npm, [...args, ...quiet], { cwd, env: { ...cleanEnvironment(), ...env } });
  } catch (error) {
    throw new Error(
      `npm could not do its part. Is the registry reachable (npm ping)?\n${/** @type {Error} */ (error).message}`,
      { cause: error },
    );
  }
}

/**
 * Puts the content of a package, without its dependencies, into `folder/package`.
 * @param {string} spec `name@version`
 * @param {string} folder
 */
export async function unpackPackage(spec, folder) {
  await runNpm(['pack', spec, '--ignore-scripts'], folder);
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Error(`npm pack ${spec} left no tarball in ${folder}.`);
  await runToEnd('tar', ['-xzf', tarball], { cwd: folder });
  await rm(path.join(folder, tarball));
  return path.join(folder, 'package');
}
