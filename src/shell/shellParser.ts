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
      let straight = text;
      for (let pass = 0; ; pass++) {
        const tree = parser.parse(straight, null, { progressCallback });
        if (!tree) {
          // A cancelled parse would be resumed by the next one, with the wrong text.
          parser.reset();
          return null;
        }
        const found = swallowing.test(straight) && pass < 3 ? swallowed(tree.rootNode) : [];
        if (found.length === 0) return { root: tree.rootNode, dispose: () => tree.delete() };
        tree.delete();
        for (const { at, by } of found) straight = straight.slice(0, at) + by + straight.slice(at + 1);
      }
    },
    dispose: () => parser.delete(),
  };
}

const swallowing = /\n\\[^\n]/;

/** The grammar takes a line that begins with a backslash (`\\rm …`) for more words of the line before it. */
export function isSwallowed(node: Node): boolean {
  return node.type === 'word' && /^\s*\n\\/.test(node.text);
}

/** Stands for a backslash that begins a here-document, which the grammar would take for more words, too. */
export const heldBackslash = '\uE001';

/** Where their backslashes stand, and what the grammar reads right in their place. */
function swallowed(node: Node, inHeredoc = false): { at: number; by: string }[] {
  if (isSwallowed(node))
    return [{ at: node.startIndex + node.text.indexOf('\\'), by: inHeredoc ? heldBackslash : ' ' }];
  const inside = inHeredoc || node.type === 'heredoc_redirect';
  return node.children.flatMap((child) => (child ? swallowed(child, inside) : []));
}
