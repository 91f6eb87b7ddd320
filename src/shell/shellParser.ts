// The bash grammar, loaded once from bytes that the host hands in, and parsing under a deadline.

import { Language, type Node, Parser } from 'web-tree-sitter';

export interface ShellParserBytes {
  /** `web-tree-sitter/tree-sitter.wasm`. */
  readonly runtimeWasm: Uint8Array;
  /** `tree-sitter-bash/tree-sitter-bash.wasm`. */
  readonly grammarWasm: Uint8Array;
}

/** One parsed text. Nodes die with it: read what is needed, then dispose. */
export interface ShellTree {
  readonly root: Node;
  dispose(): void;
}

export interface ShellParser {
  /** Null where `deadlineAt` (of `performance.now()`, milliseconds) came first. */
  parse(text: string, deadlineAt: number): ShellTree | null;
  dispose(): void;
}

let started: Promise<void> | undefined;

/** Throws what WebAssembly throws where the bytes are no module of the right kind. */
export async function createShellParser(bytes: ShellParserBytes): Promise<ShellParser> {
  // A second start of the runtime would pull the memory from under the parsers of the first.
  started ??= Parser.init({ wasmBinary: bytes.runtimeWasm });
  await started;
  const language = await Language.load(bytes.grammarWasm);
  const parser = new Parser();
  parser.setLanguage(language);
  // The engine compiles on first use: here, and not under the first cell's deadline.
  parser.parse('true')?.delete();
  return {
    parse(text, deadlineAt) {
      if (performance.now() >= deadlineAt) return null;
      const progressCallback = (): boolean => performance.now() >= deadlineAt;
      const tree = parser.parse(text, null, { progressCallback });
      if (!tree) {
        // A cancelled parse would be resumed by the next one, with the wrong text.
        parser.reset();
        return null;
      }
      return { root: tree.rootNode, dispose: () => tree.delete() };
    },
    dispose: () => parser.delete(),
  };
}
