// Owns what tests of the workbench share: the host that the run names, a window for a suite of tests with an
// evidence folder of its own, and a picture of every failure.

import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toHostName } from '../host/codeServer.mjs';
import { Workbench, type WorkbenchOptions } from '../host/workbench.mjs';

export const project = path.resolve(import.meta.dirname, '../..');
export const host = toHostName(process.env.RUNBOOK_HOST ?? 'newest');

/** A folder of test documents beside the project, or undefined where it is absent. */
export function sharedFolder(name: string): string | undefined {
  const folder = path.resolve(project, '../shared', name);
  return existsSync(folder) ? folder : undefined;
}

export interface Window {
  readonly workbench: Workbench;
  /** Where the window's evidence goes. */
  readonly evidence: string;
}

/**
 * Opens a window before the tests of the surrounding suite and closes it after them. A failed test leaves
 * a screenshot.
 */
export function useWindow(options: () => Promise<WorkbenchOptions> | WorkbenchOptions): Window {
  let workbench: Workbench | undefined;
  let evidence = '';
  before(async function () {
    this.timeout(600_000);
    evidence = await mkdtemp(path.join(tmpdir(), 'runbook-evidence-'));
    const wanted = await options();
    workbench = await Workbench.open({
      host,
      ...wanted,
      env: { RUNBOOK_EVIDENCE: evidence, KUBECONFIG: undefined, ...wanted.env },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed' || !workbench) return;
    const name = this.currentTest.fullTitle().replaceAll(/\W+/g, '-').slice(0, 100);
    const picture = await workbench.screenshot(`failed-${name}`);
    console.log(`      ${picture}\n      ${workbench.console.filter(isError).slice(-5).join('\n      ')}`);
  });
  after(async () => {
    await workbench?.dispose();
    await rm(evidence, { recursive: true, force: true });
  });
  return {
    get workbench() {
      if (!workbench) throw new Error('The window is not open: before() has not run.');
      return workbench;
    },
    get evidence() {
      return evidence;
    },
  };
}

/** Every event on disk, over all incidents and writers, in the order of the files. */
export async function recordedEvents(evidence: string): Promise<Record<string, unknown>[]> {
  const files = await readdir(evidence, { recursive: true });
  const logs = files.filter((file) => path.basename(file) === 'log.jsonl').sort();
  const texts = await Promise.all(logs.map((file) => readFile(path.join(evidence, file), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
}

/** Failed look-ups of the gallery are the host's, not ours. */
function isError(line: string): boolean {
  return line.startsWith('error:') && !/open-vsx|ERR_NAME_NOT_RESOLVED|404|unknown error/.test(line);
}
