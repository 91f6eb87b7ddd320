// Owns a running VS Code server: started on a free loopback port with data and extension folders of its own,
// and ended with everything that it started.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { obtainCodeServer } from './codeServer.mjs';
import { installFolder } from './installed.mjs';
import { endOwned, runToEnd, spawnOwned } from './processes.mjs';

/** @typedef {import('./codeServer.mjs').HostName} HostName */
/**
 * @typedef {object} ServerOptions
 * @property {HostName} [host] `newest` when not given
 * @property {boolean} [trust] every workspace is trusted without a question; true when not given
 * @property {string} [token] asked of the browser; none when not given
 * @property {number} [port] a free one when not given
 * @property {Record<string, string | undefined>} [env] added to this process's, for the extension host and the cells
 * @property {Record<string, unknown>} [settings] machine settings beside the quiet ones
 * @property {string} [vsix] a packaged extension that is installed first
 * @property {string} [installed] folder of an extension, built, that is there as if it were installed: nothing tells
 *   the window from a user's then, toasts and all
 * @property {string} [dataFolder] kept when given; else a fresh one that goes at the end
 */

/** What would change a screenshot or reach for the network by itself. */
const quietSettings = {
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'security.workspace.trust.banner': 'never',
};

const startTimeoutMs = 60_000;
const keptLogLength = 100_000;

/** A VS Code server on 127.0.0.1. */
export class Server {
  #child;
  #log = '';
  #folder;
  #keepFolder;

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {string} folder
   * @param {boolean} keepFolder
   */
  constructor(child, folder, keepFolder) {
    this.#child = child;
    this.#folder = folder;
    this.#keepFolder = keepFolder;
    /** @type {string} `127.0.0.1:PORT`, which is also the authority of remote URIs */
    this.authority = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => {
        this.#log = (this.#log + text).slice(-keptLogLength);
      });
  }

  /** The last of what the server said. */
  get log() {
    return this.#log;
  }

  /** Its process, the parent of the extension hosts. */
  get pid() {
    return this.#child.pid;
  }

  get url() {
    return `http://${this.authority}/`;
  }

  /** @param {string} file absolute path @returns {string} its URI in the workbench */
  remoteUri(file) {
    return `vscode-remote://${this.authority}${path.posix.normalize(file.split(path.sep).join('/'))}`;
  }

  /**
   * The address that opens a folder.
   * @param {string} folder absolute path
   * @param {Record<string, string>} [payload] such as `extensionDevelopmentPath`, values are URIs
   * @param {string} [token]
   */
  address(folder, payload = {}, token) {
    const query = new URLSearchParams({ folder });
    if (token) query.set('tkn', token);
    if (Object.keys(payload).length > 0) query.set('payload', JSON.stringify(Object.entries(payload)));
    return `${this.url}?${query}`;
  }

  async untilListening() {
    const until = Date.now() + startTimeoutMs;
    while (Date.now() < until) {
      const port = /Extension host agent listening on (\d+)/.exec(this.#log)?.[1];
      if (port) {
        this.authority = `127.0.0.1:${port}`;
        return;
      }
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`The VS Code server did not start. What it said:\n${this.#log}`);
  }

  /** Settles when the server has ended, for whatever reason. */
  get ended() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => this.#child.once('exit', () => resolve(undefined)));
  }

  async dispose() {
    await endOwned(this.#child);
    if (!this.#keepFolder) await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Starts a server and waits until it listens.
 * @param {ServerOptions} [options]
 */
export async function startServer(options = {}) {
  const { node, vscode } = await obtainCodeServer(options.host ?? 'newest');
  const folder = options.dataFolder ?? (await mkdtemp(path.join(tmpdir(), 'runbook-host-')));
  const machine = path.join(folder, 'data/Machine');
  await mkdir(machine, { recursive: true });
  await mkdir(path.join(folder, 'extensions'), { recursive: true });
  await writeFile(
    path.join(machine, 'settings.json'),
    JSON.stringify({ ...quietSettings, ...options.settings }, null, 2),
  );
  const main = path.join(vscode, 'out/server-main.js');
  const places = ['--server-data-dir', folder, '--extensions-dir', path.join(folder, 'extensions')];
  const accepted = '--accept-server-license-terms';
  if (options.installed) await installFolder(options.installed, path.join(folder, 'extensions'));
  if (options.vsix) await runToEnd(node, [main, ...places, accepted, '--install-extension', options.vsix]);
  const child = spawnOwned(
    node,
    [
      main,
      ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
      ...(options.token ? ['--connection-token', options.token] : ['--without-connection-token']),
      ...(options.trust === false ? [] : ['--disable-workspace-trust']),
      ...places,
      ...[accepted, '--telemetry-level', 'off'],
      // Without it a built VS Code ignores the extension under development that an address names.
      ...(options.vsix || options.installed ? [] : ['--enable-smoke-test-driver']),
    ],
    { env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const server = new Server(child, folder, options.dataFolder !== undefined);
  try {
    await server.untilListening();
    return server;
  } catch (error) {
    await server.dispose();
    throw error;
  }
}
