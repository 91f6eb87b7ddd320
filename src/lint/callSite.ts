// The commands of a text with their words' places, from the syntax tree: what a message underlines and a fix replaces.

import type { Node } from 'web-tree-sitter';
import type { Placeholder } from '../shell/placeholders.ts';
import type { ShellParser } from '../shell/shellParser.ts';
import { unknownPart, type Word } from '../shell/word.ts';

/** Offsets count in the text; `end` is exclusive. */
export interface CallWord extends Word {
  readonly start: number;
  readonly end: number;
  /** Unquoted `$X` and `${X}` in it, outside of substitutions. */
  readonly bare: readonly { readonly start: number; readonly end: number; readonly name: string }[];
}

export interface CallSite {
  /** Without its directory, and without `sudo` and the like before it. */
  readonly name: string;
  readonly words: readonly CallWord[];
  readonly start: number;
  readonly end: number;
  /** Pipelines and loops around it, the outermost first: two calls that share one may feed each other. */
  readonly around: readonly {
    readonly kind: 'pipeline' | 'loop';
    readonly start: number;
    readonly end: number;
  }[];
}

const wrappers = new Set([
  'sudo',
  'time',
  'env',
  'command',
  'exec',
  'nohup',
  'watch',
  'xargs',
  'timeout',
  'nice',
  'doas',
]);
const wrapped = /^(?:.*\/)?(kubectl|oc|helm|rm|find|curl|wget|docker|aws|gcloud|psql|redis-cli)$/;
const maxMs = 250;

export function callsOf(parser: ShellParser, text: string, placeholders: readonly Placeholder[]): CallSite[] {
  const tree = parser.parse(masked(text, placeholders), performance.now() + maxMs);
  if (!tree) return [];
  const calls: CallSite[] = [];
  try {
    collect(tree.root, text, [], calls);
  } finally {
    tree.dispose();
  }
  return calls;
}

/** A placeholder's brackets would be read as redirections. */
function masked(text: string, placeholders: readonly Placeholder[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, form } of placeholders) {
    if (form === 'variable' || start < at) continue;
    out += text.slice(at, start) + 'x'.repeat(end - start);
    at = end;
  }
  return out + text.slice(at);
}

function collect(root: Node, text: string, none: CallSite['around'], calls: CallSite[]): void {
  const open: { node: Node; around: CallSite['around'] }[] = [{ node: root, around: none }];
  while (open.length > 0) {
    const { node, around } = open.pop()!;
    const kind =
      node.type === 'pipeline' ? 'pipeline' : /^(for|while|until)_/.test(node.type) ? 'loop' : null;
    const inner = kind ? [...around, { kind, start: node.startIndex, end: node.endIndex } as const] : around;
    if (node.type === 'command') {
      const call = callOf(node, text, around);
      if (call) calls.push(call);
    }
    for (const child of node.namedChildren) if (child) open.push({ node: child, around: inner });
  }
  calls.sort((a, b) => a.start - b.start);
}

function callOf(node: Node, text: string, around: CallSite['around']): CallSite | null {
  const all = node.namedChildren
    .filter((child) => child && !/^(variable_assignment|comment)$|_redirect$/.test(child.type))
    .map((child) => wordOf(child!, text))
    .reduce(withNext, []);
  let from = 0;
  if (wrappers.has(baseName(all[0]?.value ?? ''))) {
    const inner = all.findIndex((word, index) => index > 0 && wrapped.test(word.value));
    if (inner > 0) from = inner;
  }
  const first = all[from];
  if (!first || first.value.includes(unknownPart)) return null;
  const words = all.slice(from + 1);
  return {
    name: baseName(first.value),
    words,
    start: first.start,
    end: words.at(-1)?.end ?? first.end,
    around,
  };
}

/** The grammar splits `$A/b_$C.d` into two words that touch each other: they are one. */
function withNext(words: CallWord[], next: CallWord): CallWord[] {
  const last = words.at(-1);
  if (!last || last.end !== next.start) return [...words, next];
  const text = last.text + next.text;
  const bare = [...text.matchAll(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)[^}]*\})/g)].map((match) => ({
    start: last.start + match.index,
    end: last.start + match.index + match[0].length,
    name: match[1] ?? match[2]!,
  }));
  const value = /["']/.test(text) ? last.value + next.value : text.replace(/\$(\w+|\{[^}]*\})/g, unknownPart);
  return [...words.slice(0, -1), { ...last, text, value, end: next.end, bare }];
}

function baseName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

function wordOf(node: Node, text: string): CallWord {
  const bare: { start: number; end: number; name: string }[] = [];
  const value = wordValue(node, bare);
  const { startIndex: start, endIndex: end } = node;
  return {
    text: text.slice(start, end),
    value,
    glob: false,
    multiple: bare.length > 0 || node.type === 'command_substitution',
    start,
    end,
    bare,
  };
}

function wordValue(node: Node, bare: { start: number; end: number; name: string }[]): string {
  switch (node.type) {
    case 'command_name':
    case 'concatenation':
      return joined(node, bare);
    case 'raw_string':
      return node.text.slice(1, -1);
    case 'string':
      return node.namedChildren.some((child) => child && child.type !== 'string_content')
        ? node.text.slice(1, -1).replace(/\$\([^)]*\)|\$\{[^}]*\}|\$\w+/g, unknownPart)
        : node.text.slice(1, -1).replace(/\\([\\"$`])/g, '$1');
    case 'simple_expansion':
    case 'expansion': {
      const name = /[A-Za-z_]\w*/.exec(node.text)?.[0];
      if (name) bare.push({ start: node.startIndex, end: node.endIndex, name });
      return unknownPart;
    }
    case 'command_substitution':
    case 'process_substitution':
    case 'arithmetic_expansion':
      return unknownPart;
    default:
      return node.text.replace(/\\(\n|.)/g, (_, char: string) => (char === '\n' ? '' : char));
  }
}

/** Children side by side; what the grammar leaves unnamed between them (`{`, `}`) is kept. */
function joined(node: Node, bare: { start: number; end: number; name: string }[]): string {
  if (node.namedChildCount === 0) return node.text;
  let out = '';
  let at = node.startIndex;
  for (const child of node.namedChildren) {
    if (!child) continue;
    out += node.text.slice(at - node.startIndex, child.startIndex - node.startIndex) + wordValue(child, bare);
    at = child.endIndex;
  }
  return out + node.text.slice(at - node.startIndex);
}
