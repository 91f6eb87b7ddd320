// Owns `npm start`: VS Code on a sample workspace with a runbook open. The desktop one where `code` is on the PATH
// and a display is there, else the carried one at a loopback address with a token. Ctrl-C ends it, and nothing
// stays running.
// Usage: node test/host/start.mjs [--carried] [--port N]

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { hosts } from './codeServer.mjs';
import { findProgram } from './debian.mjs';
import { endOwned, runToEnd, spawnOwned } from './processes.mjs';
import { startServer } from './server.mjs';

const project = path.resolve(import.meta.dirname, '../..');
const firstRunbook = 'security-platform-operations.runbook.md';
/** What the newcomer meets: the fault, and the alert that tells of it. */
const firstFault = { id: 'crash-loop', alert: 'AuthServiceCrashLooping' };
const firesWithinMs = 120_000;
const { values: flags } = parseArgs({
  options: { carried: { type: 'boolean', default: false }, port: { type: 'string' } },
});

/** Where a user's own things of this program are: they stay between starts. */
function stateFolder() {
  const base = process.env.XDG_STATE_HOME || path.join(homedir(), '.local/state');
  return path.join(base, 'runbook-notebooks');
}

/** Our runbooks, to be changed at will: what was changed there is not overwritten. */
async function sampleWorkspace() {
  const folder = path.join(stateFolder(), 'sample-workspace');
  await mkdir(folder, { recursive: true });
  await cp(path.join(project, 'runbooks'), folder, { recursive: true, force: false });
  return folder;
}

function findDesktop() {
  const display =
    process.platform !== 'linux' || process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY;
  return display && !flags.carried ? findProgram('code', 'code.cmd') : undefined;
}

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Settles when the user ends it. */
function untilInterrupted() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
}

/**
 * @param {string} code
 * @param {string} workspace
 * @param {NodeJS.ProcessEnv} env
 */
async function openDesktop(code, workspace, env) {
  say(`Opening VS Code (${code}) on ${workspace}. It ends with its window; Ctrl-C ends this command.`);
  const child = spawnOwned(
    code,
    [
      '--wait',
      '--new-window',
      `--extensionDevelopmentPath=${project}`,
      workspace,
      path.join(workspace, firstRunbook),
    ],
    { env, stdio: 'inherit', shell: process.platform === 'win32' },
  );
  await Promise.race([
    untilInterrupted(),
    new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    }),
  ]);
}

/** @param {string} workspace @param {NodeJS.ProcessEnv} env */
async function openCarried(workspace, env) {
  const token = randomBytes(16).toString('hex');
  const server = await startServer({
    host: 'newest',
    token,
    env,
    port: flags.port === undefined ? 0 : Number(flags.port),
    dataFolder: path.join(stateFolder(), 'vscode-server'),
    installed: project,
    // The first window asks for its file before it knows the extensions: the association makes it wait for them.
    settings: {
      'workbench.editorAssociations': { '*.runbook.md': 'runbook' },
      // Light or dark, as the browser's machine is.
      'window.autoDetectColorScheme': true,
    },
  });
  const payload = { openFile: server.remoteUri(path.join(workspace, firstRunbook)) };
  say(
    `VS Code ${hosts.newest.vscode} runs on this machine, for this address and token only. Open in a browser:`,
  );
  say(`\n${server.address(workspace, payload, token)}\n`);
  say(`The sample workspace is ${workspace}. Ctrl-C ends it.`);
  try {
    const ended = server.ended.then(() => 'ended');
    if ((await Promise.race([untilInterrupted(), ended])) === 'ended')
      throw new Error(`The VS Code server ended by itself. What it said:\n${server.log}`);
  } finally {
    await server.dispose();
  }
}

/**
 * The practice cluster, beside VS Code and for it alone; one that runs already is used and left running.
 *
 * @returns {Promise<{ kubeconfig: string, stop: () => Promise<void> }>}
 */
async function startPractice() {
  const command = [path.join(project, 'dist/cli/runbook.js'), 'practice'];
  const running = spawnSync(process.execPath, [...command, 'kubeconfig'], { encoding: 'utf8' });
  if (running.status === 0) return { kubeconfig: running.stdout.trim(), stop: async () => {} };
  const child = spawnOwned(process.execPath, [...command, 'start'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  for await (const chunk of child.stdout ?? []) {
    told += chunk;
    const kubeconfig = /export KUBECONFIG=(.+)/.exec(told)?.[1];
    if (!kubeconfig) continue;
    say(`The practice cluster runs beside it: export KUBECONFIG=${kubeconfig}`);
    return { kubeconfig, stop: () => endOwned(child) };
  }
  throw new Error(`The practice cluster did not start. ${told}`);
}

/**
 * Starts the newcomer's fault and waits until its alert fires.
 *
 * @param {string} kubeconfig
 */
async function startFault(kubeconfig) {
  const command = [path.join(project, 'dist/cli/runbook.js'), 'practice'];
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  const started = spawnSync(process.execPath, [...command, 'fault', firstFault.id], {
    env,
    encoding: 'utf8',
  });
  if (started.status !== 0) throw new Error(`The fault did not start. ${started.stderr}`);
  say(`Something is broken there on purpose. Waiting for the alert ${firstFault.alert}…`);
  for (const end = Date.now() + firesWithinMs; Date.now() < end; await delay(1000)) {
    const told = spawnSync(process.execPath, [...command, 'status', '--json'], { env, encoding: 'utf8' });
    const { faults = [] } = told.status === 0 ? JSON.parse(told.stdout) : {};
    const fault = faults.find((/** @type {{ id: string }} */ { id }) => id === firstFault.id);
    if (fault?.state === 'firing') return;
  }
  throw new Error(`The alert ${firstFault.alert} did not fire.`);
}

async function main() {
  // A test run has built it already, and others read what is there.
  if (!process.env.RUNBOOK_BUILT) await runToEnd(process.execPath, ['esbuild.mjs'], { cwd: project });
  const workspace = await sampleWorkspace();
  const { kubeconfig, stop } = await startPractice();
  try {
    await startFault(kubeconfig);
    const env = {
      ...process.env,
      KUBECONFIG: kubeconfig,
      // Read by the extension: it opens at the step that answers, once for each start.
      RUNBOOK_FIRST_RUN: `${firstFault.alert}:${randomBytes(6).toString('hex')}`,
    };
    const desktop = findDesktop();
    if (desktop) await openDesktop(desktop, workspace, env);
    else await openCarried(workspace, env);
  } finally {
    await stop();
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${/** @type {Error} */ (error).message}\n`);
  process.exit(1);
}
