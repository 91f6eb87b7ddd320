// The parser as the tests share it: loaded once.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createShellParser, type ShellParser } from '../../src/shell/shellParser.ts';

const require = createRequire(import.meta.url);

export const wasm = {
  runtimeWasm: new Uint8Array(readFileSync(require.resolve('web-tree-sitter/tree-sitter.wasm'))),
  grammarWasm: new Uint8Array(readFileSync(require.resolve('tree-sitter-bash/tree-sitter-bash.wasm'))),
};

let shared: Promise<ShellParser> | undefined;

export function shellParser(): Promise<ShellParser> {
  shared ??= createShellParser(wasm);
  return shared;
}
