// Owns the folder in which downloaded hosts are kept between runs, and the lock that lets one process at a time
// fill a place in it.

import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const stillEveryMs = 30_000;

/** `RUNBOOK_CACHE`, or `runbook-notebooks` in the user's cache folder. */
export function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return process.env.RUNBOOK_CACHE || path.join(base, 'runbook-notebooks');
}

/** One line of progress on stderr: stdout belongs to the command's own output. @param {string} text */
export function tell(text) {
  process.stderr.write(`[hosts] ${text}\n`);
}

/** @param {string} file */
async function exists(file) {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Whether the process that wrote the lock lives; a lock without a readable owner counts as fresh for 10 s.
 * @param {string} lock */
async function isHeld(lock) {
  const owner = Number(await readFile(path.join(lock, 'pid'), 'utf8').catch(() => ''));
  if (!owner) {
    const age = await stat(lock).catch(() => undefined);
    return age !== undefined && Date.now() - age.mtimeMs < 10_000;
  }
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {string} lock @param {string} what */
async function takeLock(lock, what) {
  let told = false;
  for (;;) {
    try {
      await mkdir(lock);
      await writeFile(path.join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    if (!(await isHeld(lock))) {
      await rm(lock, { recursive: true, force: true });
      continue;
    }
    if (!told) tell(`${what}: another process is fetching it, waiting`);
    told = true;
    await sleep(500);
  }
}

/**
 * The cached folder `name`, made by `make(folder)` the first time. A folder is there whole or not at all.
 * @param {string} name
 * @param {(folder: string) => Promise<void>} make
 * @returns {Promise<string>} absolute path
 */
export async function cached(name, make) {
  const root = cacheFolder();
  const folder = path.join(root, name);
  if (await exists(folder)) return folder;
  await mkdir(root, { recursive: true });
  const lock = `${folder}.lock`;
  await takeLock(lock, name);
  try {
    if (await exists(folder)) return folder;
    const partial = `${folder}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    const startedAt = Date.now();
    const seconds = () => Math.round((Date.now() - startedAt) / 1000);
    tell(`${name}: fetching into ${root}, once; this may take minutes`);
    const still = setInterval(() => tell(`${name}: still at it after ${seconds()} s`), stillEveryMs);
    await make(partial).finally(() => clearInterval(still));
    await rename(partial, folder);
    tell(`${name}: ready after ${seconds()} s`);
    return folder;
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}
