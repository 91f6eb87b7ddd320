// Loads the bash grammar when it is first needed; the shell room itself knows no files.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RunbookError } from '../base/runbookError.ts';
import { createShellParser, type ShellParser } from '../shell/shellParser.ts';

let loading: Promise<ShellParser> | undefined;

/** The one parser of this process. @throws RunbookError where the grammar files are missing. */
export function shellParser(): Promise<ShellParser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<ShellParser> {
  const [runtimeWasm, grammarWasm] = await Promise.all(
    ['tree-sitter.wasm', 'tree-sitter-bash.wasm'].map((name) => readFile(locate(name))),
  );
  return createShellParser({ runtimeWasm: runtimeWasm!, grammarWasm: grammarWasm! });
}

/** Beside the bundles (`dist/wasm`), wherever in `dist` this code was put; from the sources, the build's. */
function locate(name: string): string {
  const here = import.meta.dirname;
  for (let up = here; path.dirname(up) !== up; up = path.dirname(up)) {
    for (const folder of ['wasm', 'dist/wasm']) {
      const file = path.join(up, folder, name);
      if (existsSync(file)) return file;
    }
    for (const owner of ['web-tree-sitter', 'tree-sitter-bash']) {
      const file = path.join(up, 'node_modules', owner, name);
      if (existsSync(file)) return file;
    }
  }
  throw new RunbookError({
    code: 'grammar-missing',
    message: `${name} is not beside the program.`,
    mend: 'Install it again, or run the build.',
  });
}
