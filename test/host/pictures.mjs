// Owns `npm run screenshots`: takes the README's pictures out of the newcomer's test and writes them, small, to
// docs/images. Run `npm run build` first.

import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const project = path.resolve(import.meta.dirname, '../..');
const images = path.join(project, 'docs/images');
const limitBytes = 600 * 1024;
/** Fewer colours: a quarter of the bytes, and nothing that anybody sees. */
const smaller =
  'npm exec --yes --package=sharp-cli@5.2.0 -- sharp --format png --palette true --quality 90 --compressionLevel 9'.split(
    ' ',
  );

/** @param {readonly string[]} command @param {NodeJS.ProcessEnv} [more] */
function run([program = '', ...args], more = {}) {
  const { status } = spawnSync(program, args, {
    cwd: project,
    stdio: 'inherit',
    env: { ...process.env, ...more },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}.`);
}

const folder = await mkdtemp(path.join(tmpdir(), 'runbook-pictures-'));
try {
  const mocha = [
    path.join(project, 'node_modules/mocha/bin/mocha.js'),
    '--no-config',
    '--import=tsx',
    '--timeout',
    '400000',
    '--exit',
  ];
  // The drill needs the window of the first test, and none of the incident between.
  const spec = ['--grep', 'finds the alert|practises it', '--spec', 'test/editor/workbench/newcomer.test.ts'];
  run([process.execPath, ...mocha, ...spec], { RUNBOOK_HOST: 'newest', RUNBOOK_PICTURES: folder });
  const names = (await readdir(folder)).sort();
  run([...smaller, '--input', ...names.map((name) => path.join(folder, name)), '--output', images]);
  let total = 0;
  for (const name of names) {
    const { size } = await stat(path.join(images, name));
    total += size;
    process.stdout.write(`docs/images/${name}  ${Math.round(size / 1024)} KiB\n`);
  }
  if (total > limitBytes) throw new Error(`${Math.round(total / 1024)} KiB are too much for a README.`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
