// Owns the test command: build, types, lint, the tests of the rooms, the suite inside real VS Code hosts and the
// workbench as a person uses it. Each stage's counts are those that its own run wrote.
// Usage: node test/run.mjs [--unit] [--editor] [--only-newest] [--desktop] [--soak]
//   --unit         the rooms' tests alone      --editor   the VS Code hosts alone
//   --only-newest  spares the oldest host      --soak     the long runs, test/**/*.soak.ts, alone
//   --desktop      may download a desktop VS Code for the suite; without it VSCODE_PATH names one

import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildSuite } from './host/buildSuite.mjs';
import { hosts } from './host/codeServer.mjs';
import { runDesktopSuite, whyNoDesktop } from './host/desktop.mjs';
import { runMocha } from './host/mochaStage.mjs';
import { spawnOwned } from './host/processes.mjs';
import { runSuite } from './host/suite.mjs';

/** @typedef {import('./host/reporter.cjs').RunOfTests} RunOfTests */

const project = path.resolve(import.meta.dirname, '..');
const { values: flags } = parseArgs({
  options: {
    unit: { type: 'boolean', default: false },
    editor: { type: 'boolean', default: false },
    'only-newest': { type: 'boolean', default: false },
    desktop: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
  },
});
const everything = !flags.unit && !flags.editor && !flags.soak;

const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const summary = [];
const results = await mkdtemp(path.join(tmpdir(), 'runbook-results-'));

/** @param {string} name @param {string} outcome @param {number} startedAt */
function close(name, outcome, startedAt) {
  const line = `${name}: ${outcome} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`;
  summary.push(line);
  process.stdout.write(`--- ${line}\n`);
}

/**
 * A stage that has no tests but can fail.
 * @param {string} name
 * @param {readonly string[]} command a script of node_modules or this project, and its arguments
 * @returns {Promise<boolean>} whether it went well
 */
async function check(name, [script = '', ...args]) {
  process.stdout.write(`\n=== ${name}\n`);
  const startedAt = Date.now();
  const child = spawnOwned(process.execPath, [script, ...args], { cwd: project, stdio: 'inherit' });
  const status = await new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  if (status !== 0) total.failed++;
  close(name, status === 0 ? 'done' : `failed with ${status}`, startedAt);
  return status === 0;
}

/**
 * A stage of tests: what it wrote to its result file is what counts.
 * @param {string} name
 * @param {(resultFile: string) => Promise<unknown>} run
 */
async function stage(name, run) {
  process.stdout.write(`\n=== ${name}\n`);
  const startedAt = Date.now();
  const file = path.join(results, `${summary.length}.json`);
  let trouble = '';
  try {
    const status = await run(file);
    if (typeof status === 'number' ? status !== 0 : status !== undefined) trouble = `ended with ${status}`;
  } catch (error) {
    trouble = /** @type {Error} */ (error).message;
    process.stderr.write(`${trouble}\n`);
  }
  /** @type {RunOfTests | undefined} */
  const counts = await readFile(file, 'utf8').then(JSON.parse, () => undefined);
  const { passed = 0, failed = 0, skipped = 0 } = counts ?? {};
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  // A run that broke off, or had nothing to run, is no success.
  if (failed === 0 && (trouble !== '' || passed === 0)) {
    total.failed++;
    trouble ||= 'no test ran';
  }
  const outcome = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  close(name, trouble === '' ? outcome : `${outcome} (${trouble})`, startedAt);
}

/**
 * In two halves side by side, since most of either waits for other programs. The second, which drives whole programs
 * and the practice cluster, is shown when both are over.
 */
async function unit() {
  const output = path.join(results, 'programs.txt');
  const programs = 'test/{cli,practice,runbooks}/**';
  const second = runMocha(
    ['--spec', `${programs}/*.test.ts`],
    path.join(results, 'programs.json'),
    {},
    output,
  );
  await stage('rooms', (file) => runMocha(['--spec', 'test/**/*.test.ts', '--ignore', programs], file));
  await stage('programs, practice and runbooks', async (file) => {
    const status = await second;
    process.stdout.write(await readFile(output, 'utf8'));
    await copyFile(path.join(results, 'programs.json'), file);
    return status;
  });
}

/**
 * Tests that share a window build on each other, so a file ends at its first failure, and then has one more try in a
 * window of its own: on a busy machine a window may be late once, but what is wrong is wrong twice. Both are shown.
 * @param {string} folder of this project
 * @param {string} resultFile
 * @param {Record<string, string>} [env]
 */
async function runWindows(folder, resultFile, env = {}) {
  const all = await readdir(path.join(project, folder), { recursive: true });
  const mocha = ['--no-config', '--import=tsx', '--timeout', '400000', '--bail', '--exit', '--spec'];
  const sum = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const trouble = [];
  for (const name of all.filter((one) => one.endsWith('.test.ts')).sort()) {
    const file = path.join(folder, name);
    let status = await runMocha([...mocha, file], resultFile, env);
    if (status !== 0) {
      process.stdout.write(`\n!!! once more, in a window of its own: ${file}\n`);
      status = await runMocha([...mocha, file], resultFile, env);
    }
    if (status !== 0) trouble.push(`${name} ended with ${status}`);
    /** @type {RunOfTests} */
    const counts = await readFile(resultFile, 'utf8').then(JSON.parse, () => ({
      passed: 0,
      failed: 1,
      skipped: 0,
    }));
    for (const state of /** @type {const} */ (['passed', 'failed', 'skipped'])) sum[state] += counts[state];
    await rm(resultFile, { force: true });
  }
  await writeFile(resultFile, JSON.stringify(sum));
  return trouble.length > 0 ? trouble.join(', ') : 0;
}

async function editor() {
  const suite = await buildSuite();
  const names = /** @type {import('./host/codeServer.mjs').HostName[]} */ (
    flags['only-newest'] ? ['newest'] : ['oldest', 'newest']
  );
  for (const host of names) {
    const env = { RUNBOOK_TEST_VSCODE: hosts[host].vscode };
    await stage(`suite in VS Code ${hosts[host].vscode}`, (resultFile) =>
      runSuite({ host, suite, resultFile, env }),
    );
  }
  for (const host of names)
    await stage(`workbench of VS Code ${hosts[host].vscode}`, (resultFile) =>
      runWindows('test/editor/workbench', resultFile, { RUNBOOK_HOST: host }),
    );
  await stage('packaged extension', (resultFile) => runWindows('test/editor/packaged', resultFile));
  const reason = whyNoDesktop(flags.desktop);
  if (reason) process.stdout.write(`\n=== suite in a desktop VS Code\n--- left out: ${reason}\n`);
  else await stage('suite in a desktop VS Code', (resultFile) => runDesktopSuite({ suite, resultFile }));
}

async function main() {
  if (!(await check('build', ['esbuild.mjs']))) return;
  if (everything) {
    await check('types', ['node_modules/typescript/bin/tsc', '--noEmit']);
    await check('lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']);
  }
  if (everything || flags.unit) await unit();
  if (everything || flags.editor) await editor();
  if (flags.soak)
    await stage('soak', (file) =>
      runMocha(['--no-config', '--import=tsx', '--timeout', '0', '--spec', 'test/**/*.soak.ts'], file),
    );
}

try {
  await main();
} finally {
  await rm(results, { recursive: true, force: true });
}
process.stdout.write(`\n${summary.join('\n')}\n\n`);
process.stdout.write(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`,
);
process.exitCode = total.failed > 0 ? 1 : 0;
