// Owns the bundles of the suite that runs inside an extension host: one CommonJS file a test file, so that
// `vscode` is the host's.

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const project = path.resolve(import.meta.dirname, '../..');
const outdir = path.join(project, 'out/test/editor/suite');

/** @returns {Promise<string>} the file whose `run` runs the suite */
export async function buildSuite() {
  await rm(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: project,
    entryPoints: ['test/editor/suite/index.ts', 'test/editor/suite/**/*.test.ts'],
    outbase: 'test/editor/suite',
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    keepNames: true,
    logLevel: 'warning',
    // Modules of src/ ask where they are; in a bundle they are where the bundle is.
    define: { 'import.meta.url': '__bundleUrl', 'import.meta.dirname': '__dirname' },
    banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    external: ['vscode', 'mocha', '@lydell/node-pty'],
  });
  return path.join(outdir, 'index.cjs');
}
