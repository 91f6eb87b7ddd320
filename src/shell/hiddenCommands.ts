// Commands that the grammar shows no node for: in here-documents, in backquotes within backquotes, in the indices that
// bash evaluates when it counts with a text (`x='a[$(rm …)]'; ((x))`).

import type { Node } from 'web-tree-sitter';
import { isLoader } from './loaders.ts';
import type { Resolved } from './resolve.ts';
import type { Scope, Value } from './scope.ts';
import { heldBackslash } from './shellParser.ts';

/** An index begins, one ends, a substitution begins. */
const marks = /[\w"'}\\]\[|\]|\$\(|`|\$\{[ |\n\t]/g;

/** Whether bash would run a command of this text, were it counted with, tested for or taken for a variable's name. */
export function hidesCommand(text: string): boolean {
  let inIndex = false;
  for (const [mark] of text.matchAll(marks)) {
    if (mark.endsWith('[')) inIndex = true;
    else if (mark === ']') inIndex = false;
    else if (inIndex) return true;
  }
  return false;
}

/** Why setting `name` to one of these runs other code, now or later; empty where it does not. */
export function dangersOf(name: string, value: Value): string[] {
  const values = value.kind === 'array' ? value.items : value.values;
  const dangers: string[] = [];
  if (values.some(hidesCommand)) dangers.push('holds a command in an index, which bash runs');
  if (values.some((one) => isLoader(`${name}=${one}`)))
    dangers.push(`sets ${name}, by which what comes after it runs other code`);
  return dangers;
}

/** Builtins that take names of variables, or count with their arguments, or hand them on. */
const counting = new Set(
  'let declare typeset local export readonly test [ printf read mapfile readarray unset wait getopts ulimit shift set echo'.split(
    ' ',
  ),
);

/** Whether a builtin, a test or a function is given a text in whose index bash would run a command. */
export function countsWithCommand(node: Node, found: readonly Resolved[], scope: Scope): boolean {
  if (node.type === 'test_command' && hidesCommand(ownTestText(node))) return true;
  return found.some(
    ({ tool, words, stdin }) =>
      (counting.has(tool) || scope.functions.has(tool)) &&
      [...words.slice(1).map((word) => word.value), stdin ?? ''].some(hidesCommand),
  );
}

/** A test's own text, without its brackets and the substitutions that are read as such. */
function ownTestText(test: Node): string {
  let text = '';
  let at = test.startIndex;
  for (const inner of outermostSubstitutions(test)) {
    text += test.text.slice(at - test.startIndex, inner.startIndex - test.startIndex);
    at = inner.endIndex;
  }
  return (text + test.text.slice(at - test.startIndex)).replace(/^\[\[?/, ' ');
}

/** The command and process substitutions under `node`, outermost only. */
export function outermostSubstitutions(node: Node): Node[] {
  if (node.type === 'command_substitution' || node.type === 'process_substitution') return [node];
  return node.namedChildren.flatMap((child) => (child ? outermostSubstitutions(child) : []));
}

/**
 * Scripts that bash runs in the here-documents under `node` though the tree has no node for them; null for one whose
 * end can't be told.
 */
export function heredocScripts(node: Node): (string | null)[] {
  if (node.type === 'heredoc_redirect') {
    const start = node.namedChildren.find((child) => child?.type === 'heredoc_start');
    if (start && /['"\\]/.test(start.text)) return [];
  }
  if (node.type !== 'heredoc_body') {
    return node.namedChildren.flatMap((child) => (child ? heredocScripts(child) : []));
  }
  const scripts: (string | null)[] = [];
  let at = node.startIndex;
  const plain = (to: number): void => {
    scripts.push(...scriptsIn(node.text.slice(at - node.startIndex, Math.max(to - node.startIndex, 0))));
  };
  for (const child of node.namedChildren) {
    if (!child || child.type === 'heredoc_content') continue;
    plain(child.startIndex);
    at = child.endIndex;
  }
  plain(node.endIndex);
  return scripts;
}

function scriptsIn(text: string): (string | null)[] {
  const scripts: (string | null)[] = [];
  const pattern = /\\[\s\S]|`((?:[^`\\]|\\[\s\S])*)`|\$\(([^'"`()\\#$]*)\)|`|\$\(|\$\{[ |\n\t]/g;
  for (const [found, quoted, bracketed] of text.replaceAll(heldBackslash, '\\').matchAll(pattern)) {
    if (found.startsWith('\\')) continue;
    if (quoted !== undefined) scripts.push(withoutEscapes(quoted));
    else scripts.push(bracketed ?? null);
  }
  return scripts;
}

/** In backquotes a backslash stands for itself but before these. */
export function withoutEscapes(text: string): string {
  return text.replace(/\\([`$\\])/g, '$1');
}
