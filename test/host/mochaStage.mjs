// Owns a run of the mocha command whose counts are wanted.

import { openSync } from 'node:fs';
import path from 'node:path';
import { spawnOwned } from './processes.mjs';

const project = path.resolve(import.meta.dirname, '../..');

/** Without a file of its own it says all as it comes. */
const toFile = (/** @type {string | undefined} */ file) =>
  file === undefined ? 'inherit' : openSync(file, 'w');

/**
 * Runs mocha in this project and waits for its end; its counts are in `resultFile` when it got there.
 * @param {readonly string[]} args
 * @param {string} resultFile
 * @param {Record<string, string>} [env]
 * @param {string} [outputFile] where it writes what else goes to the terminal
 * @returns {Promise<number | string>} its exit status, or the signal that ended it
 */
export async function runMocha(args, resultFile, env = {}, outputFile = undefined) {
  const mocha = path.join(project, 'node_modules/mocha/bin/mocha.js');
  const reporter = path.join(project, 'test/host/reporter.cjs');
  const output = toFile(outputFile);
  const child = spawnOwned(process.execPath, [mocha, '--reporter', reporter, ...args], {
    cwd: project,
    stdio: ['inherit', output, output],
    env: { ...process.env, ...env, RUNBOOK_TEST_RESULT: resultFile },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'no status'));
  });
}
