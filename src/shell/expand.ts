// The shell's expansions on a word's syntax node: quotes, variables, braces, word splitting; what needs a run stays unknown.

import type { Node } from 'web-tree-sitter';
import { dateFormat } from './dates.ts';
import type { Scope } from './scope.ts';
import { unknownPart, type Word } from './word.ts';

interface Piece {
  readonly value: string;
  readonly quoted: boolean;
  /** From an unquoted variable: split at blanks. */
  readonly split?: boolean;
  /** Several words of one expansion: `"${A[@]}"`. */
  readonly items?: readonly string[];
  /** All that is unknown of it, in order. */
  readonly dates?: readonly string[];
}

/** One alternative for each variable that has several; missing ones count as their first. */
export type Choice = ReadonlyMap<string, string>;

/** Masks a placeholder in the parsed text, one for each character of it. */
export const placeholderMask = '\uE000';

/** The words that a node becomes; `source` is the text as written, placeholders and all. */
export function expandWord(node: Node, scope: Scope, choice: Choice, source: string): Word[] {
  const text = source.slice(node.startIndex, node.endIndex);
  if (node.type === 'process_substitution') {
    const stream = node.text.startsWith('<') ? 'in' : 'out';
    return [{ text, value: `/dev/fd/${unknownPart}`, glob: false, multiple: false, stream }];
  }
  const pieces = piecesOf(node, scope, choice, false);
  if (pieces.length > 0 && pieces.every((piece) => !piece.quoted && !piece.items)) {
    const whole = pieces.map((piece) => piece.value).join('');
    const braces = node.type === 'concatenation' || node.type === 'word' ? braceAlternatives(whole) : null;
    if (braces) return braces.flatMap((value) => joinPieces([{ value, quoted: false }], text));
  }
  const words = joinPieces(pieces, text);
  const dates = words.length === 1 ? datesOf(pieces) : undefined;
  return dates ? [{ ...words[0]!, dates }] : words;
}

/** The formats of the dates that all unknown parts of such a string are; undefined where there are others, or none. */
export function datesIn(node: Node, scope: Scope): readonly string[] | undefined {
  return datesOf(piecesOf(node, scope, new Map(), true));
}

function datesOf(pieces: readonly Piece[]): readonly string[] | undefined {
  const unknown = pieces.filter(({ value, items }) => value.includes(unknownPart) || items);
  return unknown.length > 0 && unknown.every(({ dates }) => dates)
    ? unknown.flatMap(({ dates }) => dates!)
    : undefined;
}

/** The string that a node has where no splitting happens: an assignment, a redirection, a case word. */
export function expandString(node: Node, scope: Scope, choice: Choice): string {
  return piecesOf(node, scope, choice, true)
    .map((piece) => (piece.items ? piece.items.join(' ') : piece.value))
    .join('');
}

function joinPieces(pieces: readonly Piece[], text: string): Word[] {
  const words: Word[] = [];
  let value = '';
  let glob = false;
  let multiple = false;
  let present = false;
  const finish = (): void => {
    if (present) words.push({ text, value, glob, multiple });
    value = '';
    glob = multiple = present = false;
  };
  for (const piece of pieces) {
    if (piece.items) {
      piece.items.forEach((item, index) => {
        if (index > 0) finish();
        value += item;
        present = true;
      });
      continue;
    }
    if (piece.split && /[ \t\n]/.test(piece.value)) {
      const parts = piece.value.split(/[ \t\n]+/);
      parts.forEach((part, index) => {
        if (index > 0) finish();
        value += part;
        present ||= part !== '';
      });
      continue;
    }
    value += piece.value;
    present ||= piece.quoted || piece.value !== '' || !piece.split;
    if (!piece.quoted) {
      if (/[*?]|\[[^\]]+\]/.test(piece.value) && !piece.value.includes(unknownPart)) glob = true;
      if (piece.split && piece.value.includes(unknownPart)) multiple = true;
    }
  }
  finish();
  return words;
}

function piecesOf(node: Node, scope: Scope, choice: Choice, quoted: boolean): Piece[] {
  switch (node.type) {
    case 'raw_string':
      return [{ value: masked(node.text.slice(1, -1)), quoted: true }];
    case 'ansi_c_string':
      return [{ value: masked(unescapeAnsi(node.text.slice(2, -1))), quoted: true }];
    case 'translated_string':
    case 'string':
      return [{ value: '', quoted: true }, ...stringPieces(node, scope, choice)];
    case 'concatenation':
    case 'command_name':
      return node.children.flatMap((child) => (child ? piecesOf(child, scope, choice, quoted) : []));
    case 'simple_expansion':
    case 'expansion':
      return expansionPieces(node, scope, choice, quoted);
    case 'command_substitution': {
      const format = dateFormat(node);
      const date = format === undefined ? {} : { dates: [format] };
      return [{ value: unknownPart, quoted, split: !quoted, ...date }];
    }
    case 'arithmetic_expansion':
      return [{ value: unknownPart, quoted }];
    case 'process_substitution':
      return [{ value: `/dev/fd/${unknownPart}`, quoted }];
    case 'array':
      return [{ value: unknownPart, quoted }];
    default:
      return [{ value: masked(unescapeBare(node.text)), quoted: quoted || node.text.includes('\\') }];
  }
}

function stringPieces(node: Node, scope: Scope, choice: Choice): Piece[] {
  const inner = node.text.startsWith('$') ? 2 : 1;
  return spanPieces(node, node.startIndex + inner, node.endIndex - 1, scope, choice);
}

/** What an unquoted heredoc hands over. */
export function expandHeredoc(body: Node, scope: Scope, choice: Choice): string {
  return spanPieces(body, body.startIndex, body.endIndex, scope, choice)
    .map((piece) => (piece.items ? piece.items.join(' ') : piece.value))
    .join('');
}

/** The text from `start` to `end` with its expansions; the grammar has no nodes for some of the blanks between. */
function spanPieces(node: Node, start: number, end: number, scope: Scope, choice: Choice): Piece[] {
  const pieces: Piece[] = [];
  const base = node.startIndex;
  const text = node.text;
  let at = start;
  const plain = (to: number): void => {
    const raw = text.slice(Math.max(at, start) - base, Math.max(Math.min(to, end) - base, 0));
    if (raw)
      pieces.push({
        value: masked(raw.replace(/\\([$`"\\\n])/g, (_, c) => (c === '\n' ? '' : c))),
        quoted: true,
      });
  };
  for (const child of node.namedChildren) {
    if (!child || child.type === 'string_content' || child.type === 'heredoc_content') continue;
    plain(child.startIndex);
    pieces.push(...piecesOf(child, scope, choice, true));
    at = child.endIndex;
  }
  plain(end);
  return pieces;
}

function expansionPieces(node: Node, scope: Scope, choice: Choice, quoted: boolean): Piece[] {
  const unknown: Piece = { value: unknownPart, quoted, split: !quoted };
  const text = node.text;
  const simple = /^\$\{?([A-Za-z_]\w*|[0-9]+|[@*])\}?$/.exec(text);
  const all = /^\$\{([A-Za-z_]\w*)\[[@*]\]\}$/.exec(text);
  const name = all?.[1] ?? simple?.[1];
  if (!name) return [unknown];
  if (/^[@*]$/.test(name)) {
    return scope.positional ? [{ value: '', quoted, items: scope.positional }] : [unknown];
  }
  if (/^\d+$/.test(name)) {
    const value = scope.positional?.[Number(name) - 1];
    return scope.positional ? [{ value: value ?? '', quoted, split: !quoted }] : [unknown];
  }
  const held = scope.variables.get(name);
  // Wherever it lies, it is what leads every call to its cluster.
  if (!held && name === 'KUBECONFIG') return [{ ...unknown, value: `${unknownPart}/kubeconfig` }];
  if (!held) return [unknown];
  if (held.kind === 'array') {
    return all
      ? [{ value: '', quoted, items: held.items }]
      : [{ value: held.items[0] ?? '', quoted, split: !quoted }];
  }
  const dates = held.dates ? { dates: held.dates } : {};
  return [{ value: choice.get(name) ?? held.values[0]!, quoted, split: !quoted, ...dates }];
}

function masked(value: string): string {
  return value.includes(placeholderMask) ? value.replace(/\uE000+/g, unknownPart) : value;
}

function unescapeBare(text: string): string {
  return text.includes('\\') ? text.replace(/\\\n/g, '').replace(/\\([\s\S])/g, '$1') : text;
}

const ansiEscapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  v: '\v',
};

function unescapeAnsi(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[0-7]{1,3}|[\s\S])/g, (_, code: string) => {
    if (/^[xu]./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return ansiEscapes[code] ?? code;
  });
}

/** `a{b,c}d` as its words; null where there are no braces to expand. Past 64 words it gives up: one unknown. */
function braceAlternatives(text: string): string[] | null {
  const found = /\{([^{}]*,[^{}]*|[A-Za-z0-9]+\.\.[A-Za-z0-9]+)\}/.exec(text);
  if (!found || text[found.index - 1] === '$') return null;
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(found[1]!);
  let parts: string[];
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (Math.abs(to - from) > 31) return [unknownPart];
    const step = from <= to ? 1 : -1;
    parts = Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => String(from + index * step));
  } else {
    parts = found[1]!.includes(',') ? found[1]!.split(',') : [unknownPart];
  }
  const head = text.slice(0, found.index);
  const tail = text.slice(found.index + found[0].length);
  const words = parts.flatMap((part) => braceAlternatives(head + part + tail) ?? [head + part + tail]);
  return words.length > 64 ? [unknownPart] : words;
}
