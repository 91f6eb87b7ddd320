// Owns the processes that the hosts start: each leads its own group, and every group still alive is ended when
// this process ends, whatever ends it.

import { spawn } from 'node:child_process';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** @type {Set<ChildProcess>} */
const owned = new Set();
const windows = process.platform === 'win32';
let watching = false;

/** @param {ChildProcess} child @param {NodeJS.Signals} signal */
function signalGroup(child, signal) {
  try {
    if (windows || child.pid === undefined) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

function watchEnd() {
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    for (const child of owned) signalGroup(child, 'SIGKILL');
  });
  for (const [signal, status] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])) {
    // Whoever has a better way to end adds a listener of their own; then theirs decides.
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(status);
    });
  }
}

/**
 * Starts a process that does not outlive this one.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function spawnOwned(command, args, options = {}) {
  watchEnd();
  const child = spawn(command, args, { ...options, detached: !windows });
  owned.add(child);
  // A group may outlive its leader: what is left of it is ended with it.
  child.once('exit', () => {
    signalGroup(child, 'SIGKILL');
    owned.delete(child);
  });
  child.once('error', () => owned.delete(child));
  return child;
}

/**
 * Ends a process and its group: SIGTERM, and SIGKILL when that did not do in `graceMs`.
 * @param {ChildProcess} child
 */
export async function endOwned(child, graceMs = 3000) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}

/**
 * Runs a program to its end and gives its output; throws with the last of the output when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<string>} stdout
 */
export async function runToEnd(command, args, { timeoutMs = 600_000, ...options } = {}) {
  const child = spawnOwned(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], shell: windows });
  let stdout = '';
  let all = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    all = (all + text).slice(-8000);
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    all = (all + text).slice(-8000);
  });
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), timeoutMs);
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  }).finally(() => clearTimeout(timer));
  if (status !== 0) throw new Error(`\`${command} ${args.join(' ')}\` ended with ${status}:\n${all.trim()}`);
  return stdout;
}
