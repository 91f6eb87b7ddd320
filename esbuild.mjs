// Builds the bundles: the extension (vscode stays outside), the command line (built with no vscode at all,
// which proves the wall between them), the renderers (for the browser); and lays beside
// them what can't be bundled.
// Usage: node esbuild.mjs [--watch] [--minify] [--metafile]

import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build, context } from 'esbuild';
import { copyTerminals } from './terminals.mjs';

const root = import.meta.dirname;
const flags = new Set(process.argv.slice(2));
const dist = path.join(root, 'dist');

// Bundled CommonJS packages expect `require` and `__dirname`, which an ES module lacks.
const banner = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  "import { dirname as __pathDirname } from 'node:path';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  'const __dirname = __pathDirname(__filename);',
].join('\n');

const shared = {
  bundle: true,
  sourcemap: !flags.has('--minify'),
  minify: flags.has('--minify'),
  keepNames: true,
  logLevel: 'warning',
  metafile: true,
  absWorkingDir: root,
};

/** Node bundles: ES modules with splitting, so that what is heavy is loaded when it is first used. */
function nodeBundle(outdir, entryPoints, external) {
  return {
    ...shared,
    entryPoints,
    outdir: path.join(dist, outdir),
    platform: 'node',
    format: 'esm',
    target: 'node20',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    external: ['@lydell/node-pty', ...external],
    banner: { js: banner },
    // No `import` here: it would give ES modules to packages that `require`, which get a namespace they can't call.
    conditions: ['node'],
  };
}

const entries = {
  extension: { extension: 'src/editor/extension.ts' },
  cli: { runbook: 'src/cli/runbook.ts' },
  renderer: { output: 'src/renderer/output.ts' },
};
const exists = (map) =>
  Object.fromEntries(Object.entries(map).filter(([, file]) => existsSync(path.join(root, file))));

const bundles = [
  ['extension', exists(entries.extension), (e) => nodeBundle('extension', e, ['vscode'])],
  ['cli', exists(entries.cli), (e) => nodeBundle('cli', e, [])],
  [
    'renderer',
    exists(entries.renderer),
    (e) => ({
      ...shared,
      entryPoints: e,
      outdir: path.join(dist, 'renderer'),
      platform: 'browser',
      format: 'esm',
      target: 'chrome120',
      loader: { '.css': 'text' },
    }),
  ],
].filter(([, map]) => Object.keys(map).length > 0);

/** The grammars are data: they lie beside the bundles. */
function copyAssets() {
  const require = createRequire(import.meta.url);
  mkdirSync(path.join(dist, 'wasm'), { recursive: true });
  copyFileSync(require.resolve('web-tree-sitter/tree-sitter.wasm'), path.join(dist, 'wasm/tree-sitter.wasm'));
  copyFileSync(
    require.resolve('tree-sitter-bash/tree-sitter-bash.wasm'),
    path.join(dist, 'wasm/tree-sitter-bash.wasm'),
  );
}

if (!flags.has('--watch')) rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
copyAssets();
copyTerminals(root, dist, flags.has('--minify'));
for (const [name, map, options] of bundles) {
  if (flags.has('--watch')) {
    const ctx = await context(options(map));
    await ctx.watch();
    continue;
  }
  const result = await build(options(map));
  if (flags.has('--metafile'))
    writeFileSync(path.join(dist, `${name}.meta.json`), JSON.stringify(result.metafile));
}
