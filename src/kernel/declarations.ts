// Reads what `declare -p` prints. Values are quoted in four ways (bare, "…", $'…', (…)) and, in older versions,
// hold raw newlines, so lines alone don't tell where a variable ends.

import type { Variable } from './types.ts';

export interface Declaration {
  readonly name: string;
  /** Letters only, `-` for none. */
  readonly attributes: string;
  /** The right side as bash wrote it; undefined when there is none. */
  readonly source: string | undefined;
}

/** Index just after the word that starts at `from`; quotes and parentheses are followed. */
function wordEnd(text: string, from: number): number {
  let at = from;
  let depth = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (char === '\\') at += 2;
    else if (char === '"') at = quoteEnd(text, at + 1, '"');
    else if (char === "'") {
      at = text[at - 1] === '$' ? quoteEnd(text, at + 1, "'") : text.indexOf("'", at + 1) + 1 || text.length;
    } else if (char === '(') {
      depth++;
      at++;
    } else if (char === ')') {
      depth--;
      at++;
    } else if (char === '\n' && depth <= 0) return at;
    else at++;
  }
  return at;
}

function quoteEnd(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
  }
  return text.length;
}

export function parseDeclarations(text: string): Declaration[] {
  const found: Declaration[] = [];
  const head = /declare -([-a-zA-Z]+) ([A-Za-z_]\w*)(=?)/y;
  let at = 0;
  while (at < text.length) {
    head.lastIndex = at;
    const match = head.exec(text);
    if (!match) {
      const next = text.indexOf('\n', at);
      if (next < 0) break;
      at = next + 1;
      continue;
    }
    const begin = head.lastIndex;
    const end = match[3] ? wordEnd(text, begin) : begin;
    found.push({
      name: match[2]!,
      attributes: match[1]!.replaceAll('-', '') || '-',
      source: match[3] ? text.slice(begin, end) : undefined,
    });
    at = end + 1;
  }
  return found;
}

const simpleEscapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
};

/** The value that a scalar's source stands for. */
export function unquote(source: string): string {
  if (source.startsWith("$'")) {
    const bytes: number[] = [];
    const body = source.slice(2, -1);
    const push = (text: string): void => void bytes.push(...Buffer.from(text));
    for (const [part, hex, octal, escaped] of body.matchAll(
      /\\x([0-9a-fA-F]{1,2})|\\([0-7]{1,3})|\\([\s\S])|[^\\]+/g,
    )) {
      if (hex) bytes.push(Number.parseInt(hex, 16));
      else if (octal) bytes.push(Number.parseInt(octal, 8) & 255);
      else if (escaped) push(simpleEscapes[escaped] ?? escaped);
      else push(part);
    }
    return Buffer.from(bytes).toString();
  }
  if (source.startsWith('"')) return source.slice(1, -1).replace(/\\([\\"$`])/g, '$1');
  if (source.startsWith("'")) return source.slice(1, -1);
  return source;
}

export function toVariable(declaration: Declaration): Variable {
  const { attributes, source } = declaration;
  const kind = attributes.includes('A')
    ? 'map'
    : attributes.includes('a')
      ? 'array'
      : attributes.includes('n')
        ? 'reference'
        : 'scalar';
  return {
    name: declaration.name,
    value: source === undefined ? null : kind === 'array' || kind === 'map' ? source : unquote(source),
    exported: attributes.includes('x'),
    readonly: attributes.includes('r'),
    kind,
  };
}
