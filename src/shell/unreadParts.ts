// Where the grammar and bash part: what it could not read, and what it read as something else than bash will.

import type { Node } from 'web-tree-sitter';
import { isSwallowed } from './shellParser.ts';

/** A substitution that bash makes of a text. */
const live = /(^|[^\\])(\\\\)*(\$\(|`|\$\{[ |\n\t])/;
/** What ends a word in bash, unless it is escaped. */
const endsWord = /(^|[^\\])(\\\\)*[;&|<>\n]/;
const blanks = /^([ \t]|\\\n)*$/;
const beforeComment = ' \t\n;&|()<>`';

/** Nodes whose parts stand on one line, with blanks between. */
const oneLine = new Set([
  'command',
  'declaration_command',
  'unset_command',
  'file_redirect',
  'herestring_redirect',
]);
/** Single quotes mean nothing in these. */
const quoteless = new Set([
  'string',
  'translated_string',
  'arithmetic_expansion',
  'subscript',
  'heredoc_body',
]);

/** The outermost parts of a tree that may not be what bash takes them for. */
export function unreadParts(root: Node): Node[] {
  const found: Node[] = [];
  const text = root.text;
  const base = root.startIndex;
  const between = (from: number, to: number): string => text.slice(from - base, to - base);
  const visit = (node: Node, bare: boolean): void => {
    if (node.type === 'ERROR' || node.isMissing || isSwallowed(node)) {
      found.push(node);
      return;
    }
    if (node.type === 'comment') {
      const at = node.startIndex - base;
      if (at > 0 && !beforeComment.includes(text[at - 1]!)) found.push(node);
      return;
    }
    if (node.childCount === 0) {
      if (leafIsUnread(node, bare)) found.push(node);
      return;
    }
    const { children } = node;
    if (oneLine.has(node.type) || (node.type === 'test_command' && children[0]?.type === '[')) {
      for (let at = 1; at < children.length; at++) {
        const [left, right] = [children[at - 1]!, children[at]!];
        if (!blanks.test(between(left.endIndex, right.startIndex))) {
          found.push(node);
          return;
        }
      }
    }
    const inside =
      quoteless.has(node.type) || children[0]?.type === '((' || node.type === 'c_style_for_statement'
        ? true
        : /^(command|process)_substitution$/.test(node.type)
          ? false
          : bare;
    const literal = node.type === 'heredoc_redirect' && /['"\\]/.test(startOf(node));
    for (const child of children) {
      if (!child || (literal && child.type === 'heredoc_body')) continue;
      visit(child, child.type === 'do_group' ? bare : inside);
    }
  };
  visit(root, false);
  return found;
}

function startOf(heredoc: Node): string {
  return heredoc.namedChildren.find((child) => child?.type === 'heredoc_start')?.text ?? '';
}

function leafIsUnread(node: Node, bare: boolean): boolean {
  const { type, text } = node;
  // What stands in here-documents is looked at for itself.
  if (
    type === 'heredoc_body' ||
    type === 'heredoc_content' ||
    type === 'heredoc_start' ||
    type === 'heredoc_end'
  )
    return false;
  if (type === 'raw_string' || type === 'ansi_c_string') return bare && live.test(text);
  if (!node.isNamed) return false;
  if (live.test(text)) return true;
  // `ls == ; rm x`: the pattern of a test where no test is.
  const isPattern = /^(regex|extglob_pattern)$/.test(type) && node.parent?.type === 'command';
  return (type === 'word' || isPattern) && endsWord.test(text);
}
