// What the author of a query left for the operator: `$namespace`, `${job}`, `<pod>`; and values put in their place,
// so that none can become a part of the query.

import { scanPromql } from './promqlScan.ts';

export interface PromqlPlaceholder {
  /** As written. */
  readonly text: string;
  /** Without brackets or `$`. */
  readonly name: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** From 0. */
  readonly line: number;
}

// `$1` and `${1}` of label_replace are its own, and so are the named groups of a pattern: `(?P<name>…)`.
const open = /\$\{([A-Za-z_]\w*)(?::\w+)?\}|\$([A-Za-z_]\w*)|(?<!\?P?)<([A-Za-z][\w -]*[\w]|[A-Za-z])>/g;

export function promqlPlaceholders(text: string): PromqlPlaceholder[] {
  const { kind } = scanPromql(text);
  return [...text.matchAll(open)].flatMap((match) => {
    const start = match.index;
    if (kind[start] === 'comment') return [];
    const name = match[1] ?? match[2] ?? match[3]!;
    const line = text.slice(0, start).split('\n').length - 1;
    return [{ text: match[0], name, start, end: start + match[0].length, line }];
  });
}

export interface PromqlFilled {
  readonly text: string;
  readonly refused: readonly { readonly placeholder: PromqlPlaceholder; readonly why: string }[];
}

/** What is safe without quotes: a name, a number, a duration. */
const bare = /^(?:[A-Za-z_:][\w:]*|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|(?:\d+(?:ms|[smhdwy]))+)$/i;

/** Those without a value stay as written. */
export function fillPromql(text: string, values: ReadonlyMap<string, string>): PromqlFilled {
  const { kind } = scanPromql(text);
  const refused: { placeholder: PromqlPlaceholder; why: string }[] = [];
  let out = '';
  let at = 0;
  for (const placeholder of promqlPlaceholders(text)) {
    out += text.slice(at, placeholder.start);
    at = placeholder.end;
    const value = values.get(placeholder.name);
    const put = value === undefined ? undefined : quoted(value, kind[placeholder.start]!);
    if (put && 'why' in put) refused.push({ placeholder, why: put.why });
    out += put && 'text' in put ? put.text : placeholder.text;
  }
  return { text: out + text.slice(at), refused };
}

function quoted(value: string, kind: string): { readonly text: string } | { readonly why: string } {
  if (kind === 'code') {
    return bare.test(value)
      ? { text: value }
      : { why: 'outside of quotes only a name, a number or a duration is safe' };
  }
  if (kind === '`') {
    return value.includes('`') ? { why: 'a value between backticks can hold none' } : { text: value };
  }
  return {
    text: value.replace(/[\\"'\n\r\t]/g, (char) => escapes[char] ?? (char === kind ? `\\${char}` : char)),
  };
}

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
