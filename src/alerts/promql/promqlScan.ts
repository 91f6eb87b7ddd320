// Where in a PromQL text strings, comments and brackets are: enough to cut it, to find what the author left open, and
// to see a comparison at its end. Prometheus itself parses the rest.

export interface Scanned {
  /** For each character what it stands in. */
  readonly kind: readonly Kind[];
  /** Bracket depth before each character. */
  readonly depth: readonly number[];
}

/** `"`, `'` or `` ` `` for a string by its quote, the quotes themselves included. */
export type Kind = 'code' | 'comment' | '"' | "'" | '`';

export function scanPromql(text: string): Scanned {
  const kind: Kind[] = [];
  const depth: number[] = [];
  let now: Kind = 'code';
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (now === 'comment' && char === '\n') now = 'code';
    if (now !== 'code') {
      kind.push(now);
      depth.push(open);
      if (now !== 'comment' && char === '\\' && now !== '`' && at + 1 < text.length) {
        at++;
        kind.push(now);
        depth.push(open);
      } else if (char === now) now = 'code';
      continue;
    }
    if (char === '"' || char === "'" || char === '`') now = char;
    else if (char === '#') now = 'comment';
    else if (/[([{]/.test(char)) open++;
    else if (/[)\]}]/.test(char)) open = Math.max(0, open - 1);
    kind.push(now);
    depth.push(open);
  }
  return { kind, depth };
}

export interface PromqlQuery {
  readonly text: string;
  /** Of its first character, from 0. */
  readonly line: number;
}

const operatorEnd =
  /(?:[-+*/%^,([{]|[<>=!]=?|=~|!~|\b(?:and|or|unless|by|without|on|ignoring|bool|group_left|group_right|offset))\s*$/i;
const operatorStart = /^\s*(?:[-+*/%^,)\]}]|[<>=!]=?|\[|(?:and|or|unless|by|without|on|ignoring|offset)\b)/i;

/**
 * The queries of a cell: a blank line or a comment's line ends one, unless a bracket is open or an operator binds
 * what comes next. Comments belong to none.
 */
export function queriesOf(text: string): PromqlQuery[] {
  const { kind, depth } = scanPromql(text);
  const queries: { text: string; line: number }[] = [];
  let broken = true;
  let start = 0;
  for (const [line, row] of text.split('\n').entries()) {
    const end = start + row.length;
    const code = [...row].map((char, index) => (kind[start + index] === 'comment' ? ' ' : char)).join('');
    const inside = start > 0 && (depth[start - 1] ?? 0) > 0;
    const inString = start > 0 && kind[start - 1] !== 'code' && kind[start - 1] !== 'comment';
    const last = queries.at(-1);
    if (code.trim() === '' && !inString) broken = true;
    else {
      const goesOn = last && (inside || inString || operatorEnd.test(last.text) || operatorStart.test(code));
      if (last && (goesOn || !broken)) last.text += `\n${code.trimEnd()}`;
      else queries.push({ text: code.trimEnd(), line });
      broken = false;
    }
    start = end + 1;
  }
  return queries.map((query) => ({ ...query, text: query.text.trim() }));
}

export interface TopComparison {
  /** What is compared. */
  readonly left: string;
  readonly comparison: '>' | '>=' | '<' | '<=' | '==' | '!=';
  readonly value: number;
}

/** `left > 0.05` at the top of a query; undefined where it compares no or two things, or joins with others. */
export function topComparison(query: string): TopComparison | undefined {
  const { kind, depth } = scanPromql(query);
  const flat = [...query]
    .map((char, at) => (kind[at] === 'code' && depth[at] === 0 ? char : '\u0001'))
    .join('');
  if (/\b(?:and|or|unless)\b/i.test(flat)) return undefined;
  const found = [...flat.matchAll(/(>=|<=|==|!=|>|<)/g)];
  const [only] = found;
  if (!only || found.length > 1) return undefined;
  const right = query
    .slice(only.index + only[0].length)
    .replace(/^\s*bool\b/i, '')
    .trim();
  const left = query.slice(0, only.index).trim();
  if (left === '' || !/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(right)) return undefined;
  // A number compared with a number draws no line.
  if (/^[-+\d.e\s]+$/i.test(left)) return undefined;
  return { left, comparison: only[0] as TopComparison['comparison'], value: Number(right) };
}
