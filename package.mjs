// Owns `npm run package`: the VSIX, made in a folder of its own. The Extensions view shows the README and leads from it
// to no file of the extension: there the links to the pages become words, and a command opens the pages.
// Usage: node package.mjs [--out FILE]

import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const project = import.meta.dirname;
const { values: flags } = parseArgs({
  options: { out: { type: 'string', default: 'runbook-notebooks.vsix' } },
});
const out = path.resolve(flags.out);
const vsce =
  'exec --yes --package=@vscode/vsce@3.9.2 -- vsce package --no-dependencies --allow-missing-repository';
const content = ['.vscodeignore', 'CHANGELOG.md', 'LICENSE', 'dist', 'docs', 'media', 'runbooks'];
const whereThePagesAre =
  'The pages that are named here, with pictures, are in the extension: _Runbook: Open Documentation…_ (F1).';

/** @param {string} command @param {readonly string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(' ')} ended with ${status}.`);
}

/** @param {string} readme @returns {string} without pictures and links of its own folder */
function forTheExtensionsView(readme) {
  return readme
    .replace(/<picture>[\s\S]*?<\/picture>/, whereThePagesAre)
    .replace(/(?<!!)\[([^\]]+)\]\((?!https?:)[^)]+\)/g, '_$1_');
}

const folder = await mkdtemp(path.join(tmpdir(), 'runbook-package-'));
try {
  run(process.execPath, ['esbuild.mjs', '--minify'], project);
  for (const name of content)
    await cp(path.join(project, name), path.join(folder, name), { recursive: true });
  const manifest = JSON.parse(await readFile(path.join(project, 'package.json'), 'utf8'));
  // It is built, and nothing else of a developer's is there.
  for (const member of ['scripts', 'devDependencies']) delete manifest[member];
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  const readme = await readFile(path.join(project, 'README.md'), 'utf8');
  await writeFile(path.join(folder, 'README.md'), forTheExtensionsView(readme));
  run('npm', [...vsce.split(' '), '--out', out], folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
