// Owns a run of the in-host suite in a VS Code server: the window is opened by a browser nobody looks at, the
// tests run in the extension host, their lines and counts come back through files.

import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launchBrowser } from './chromium.mjs';
import { startServer } from './server.mjs';

/** @typedef {import('./codeServer.mjs').HostName} HostName */

const project = path.resolve(import.meta.dirname, '../..');
const defaultTimeoutMs = 10 * 60_000;

/** Passes on what is added to a file, until it is stopped.
 * @param {string} file @param {NodeJS.WritableStream} to */
export function follow(file, to) {
  let offset = 0;
  const pass = async () => {
    const handle = await open(file).catch(() => undefined);
    if (!handle) return;
    try {
      const { size } = await handle.stat();
      const bytes = Buffer.alloc(size - offset);
      offset += (await handle.read(bytes, 0, bytes.length, offset)).bytesRead;
      to.write(bytes);
    } finally {
      await handle.close();
    }
  };
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(pass);
  }, 300);
  return async () => {
    clearInterval(timer);
    await running;
    await pass();
  };
}

/**
 * Runs the suite to its end; throws when it did not get there.
 * @param {object} options
 * @param {HostName} options.host
 * @param {string} options.suite the file whose `run` runs the suite
 * @param {string} options.resultFile gets the counts
 * @param {string} [options.extension] folder of the extension under development; this project when not given
 * @param {Record<string, string>} [options.env]
 * @param {number} [options.timeoutMs]
 */
export async function runSuite({ host, suite, resultFile, extension = project, env = {}, ...rest }) {
  const timeoutMs = rest.timeoutMs ?? defaultTimeoutMs;
  const folder = await mkdtemp(path.join(tmpdir(), 'runbook-suite-'));
  const outputFile = path.join(folder, 'output');
  const server = await startServer({
    host,
    env: { ...env, RUNBOOK_TEST_RESULT: resultFile, RUNBOOK_TEST_OUTPUT: outputFile },
  });
  const stopFollowing = follow(outputFile, process.stdout);
  /** @type {import('playwright-core').Browser | undefined} */
  let browser;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {string[]} */
  const said = [];
  try {
    browser = await launchBrowser();
    const page = await (await browser.newContext()).newPage();
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    const ended = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', () => {});
    const workspace = path.join(folder, 'workspace');
    await mkdir(workspace);
    await page.goto(
      server.address(workspace, {
        extensionDevelopmentPath: server.remoteUri(extension),
        extensionTestsPath: server.remoteUri(suite),
      }),
    );
    const timeout = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`The suite did not end in ${timeoutMs} ms.`)), timeoutMs);
    });
    const died = server.ended.then(() => Promise.reject(new Error('The VS Code server ended.')));
    await Promise.race([ended, timeout, died]);
    await readFile(resultFile).catch((error) => {
      throw new Error('The suite ended without a result.', { cause: error });
    });
  } catch (error) {
    await stopFollowing();
    process.stderr.write(
      `The window said:\n${said.slice(-30).join('\n')}\nThe server said:\n${server.log}\n`,
    );
    throw error;
  } finally {
    clearTimeout(timer);
    await browser?.close().catch(() => {});
    await server.dispose();
    await stopFollowing();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
