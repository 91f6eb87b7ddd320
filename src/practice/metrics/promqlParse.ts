// A reader of PromQL: the selectors, functions, aggregations and operators that runbooks and rules use.
// Grammar: https://prometheus.io/docs/prometheus/latest/querying/basics/

import { parseDuration } from '../../base/duration.ts';

export interface LabelMatcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

export interface Matching {
  readonly on?: readonly string[];
  readonly ignoring?: readonly string[];
  readonly many?: 'left' | 'right';
}

export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | {
      readonly type: 'selector';
      readonly name: string;
      readonly matchers: readonly LabelMatcher[];
      readonly rangeMs: number;
      readonly offsetMs: number;
    }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly type: 'aggregate';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly by?: readonly string[];
      readonly without?: readonly string[];
    }
  | {
      readonly type: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly bool: boolean;
      readonly matching: Matching;
    }
  | { readonly type: 'negate'; readonly of: Expression };

/** The query can't be read: Prometheus' `bad_data`. */
export class PromqlError extends Error {
  override readonly name = 'PromqlError';
}

const aggregations = new Set(['sum', 'avg', 'min', 'max', 'count', 'topk', 'bottomk', 'group']);
const levels = [
  ['or'],
  ['and', 'unless'],
  ['==', '!=', '<=', '<', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%'],
  ['^'],
];
const token =
  /\s*(?:#[^\n]*\n\s*)*("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:ms|[smhdwy](?:\d+(?:ms|[smhdwy]))*)?|\.\d+|[A-Za-z_:][\w:]*|=~|!~|==|!=|<=|>=|[-+*/%^<>=(){}[\],])/y;

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match)
      throw new PromqlError(
        `parse error: unexpected character at ${at + 1}: ${JSON.stringify(text.slice(at, at + 10))}`,
      );
    tokens.push(match[1]!);
  }
  return tokens;
}

export function parsePromql(text: string): Expression {
  const parser = new Parser(tokenize(text));
  const expression = parser.binary(0);
  parser.end();
  return expression;
}

class Parser {
  readonly #tokens: string[];
  #at = 0;

  constructor(tokens: string[]) {
    this.#tokens = tokens;
  }

  end(): void {
    if (this.#at < this.#tokens.length)
      throw new PromqlError(`parse error: unexpected "${this.#tokens[this.#at]}"`);
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #take(expected?: string): string {
    const next = this.#tokens[this.#at++];
    if (next === undefined || (expected !== undefined && next !== expected))
      throw new PromqlError(
        `parse error: unexpected ${next === undefined ? 'end of input' : `"${next}"`}${expected ? `, expected "${expected}"` : ''}`,
      );
    return next;
  }

  #accept(word: string): boolean {
    if (this.#peek() !== word) return false;
    this.#at += 1;
    return true;
  }

  binary(level: number): Expression {
    const operators = levels[level];
    if (!operators) return this.#unary();
    let left = this.binary(level + 1);
    while (operators.includes(this.#peek().toLowerCase())) {
      const operator = this.#take().toLowerCase();
      const bool = this.#accept('bool');
      const matching = this.#matching();
      const right = operator === '^' ? this.binary(level) : this.binary(level + 1);
      left = { type: 'binary', operator, left, right, bool, matching };
    }
    return left;
  }

  #matching(): Matching {
    const matching: { on?: string[]; ignoring?: string[]; many?: 'left' | 'right' } = {};
    for (;;) {
      if (this.#accept('on')) matching.on = this.#names();
      else if (this.#accept('ignoring')) matching.ignoring = this.#names();
      else if (this.#accept('group_left') || this.#accept('group_right')) {
        matching.many = this.#tokens[this.#at - 1] === 'group_left' ? 'left' : 'right';
        if (this.#peek() === '(') this.#names();
      } else return matching;
    }
  }

  #names(): string[] {
    const names: string[] = [];
    this.#take('(');
    while (!this.#accept(')')) {
      names.push(this.#take());
      this.#accept(',');
    }
    return names;
  }

  #unary(): Expression {
    if (this.#accept('-')) return { type: 'negate', of: this.#unary() };
    if (this.#accept('+')) return this.#unary();
    return this.#primary();
  }

  #primary(): Expression {
    if (this.#accept('(')) {
      const inner = this.binary(0);
      this.#take(')');
      return inner;
    }
    const next = this.#peek();
    if (/^["'`]/.test(next)) return { type: 'string', value: unquote(this.#take()) };
    if (/^[\d.]/.test(next)) return { type: 'number', value: Number(this.#take()) };
    if (next === '{') return this.#selector('');
    const name = this.#take();
    if (!/^[A-Za-z_:]/.test(name)) throw new PromqlError(`parse error: unexpected "${name}"`);
    if (aggregations.has(name) && ['(', 'by', 'without'].includes(this.#peek())) return this.#aggregate(name);
    if (this.#peek() === '(') return { type: 'call', name, args: this.#args() };
    if (/^(inf|nan)$/i.test(name))
      return { type: 'number', value: /inf/i.test(name) ? Number.POSITIVE_INFINITY : Number.NaN };
    return this.#selector(name);
  }

  #args(): Expression[] {
    const args: Expression[] = [];
    this.#take('(');
    while (!this.#accept(')')) {
      args.push(this.binary(0));
      if (this.#peek() !== ')') this.#take(',');
    }
    return args;
  }

  #aggregate(name: string): Expression {
    let grouping = this.#grouping();
    const args = this.#args();
    grouping = { ...grouping, ...this.#grouping() };
    return { type: 'aggregate', name, args, ...grouping };
  }

  #grouping(): { by?: string[]; without?: string[] } {
    if (this.#accept('by')) return { by: this.#names() };
    return this.#accept('without') ? { without: this.#names() } : {};
  }

  #selector(name: string): Expression {
    const matchers: LabelMatcher[] = [];
    if (this.#accept('{'))
      while (!this.#accept('}')) {
        const label = this.#take();
        const operator = this.#take();
        if (!['=', '!=', '=~', '!~'].includes(operator))
          throw new PromqlError(`parse error: unexpected "${operator}" in label matching`);
        matchers.push({
          label,
          operator: operator as LabelMatcher['operator'],
          value: unquote(this.#take()),
        });
        this.#accept(',');
      }
    let rangeMs = 0;
    if (this.#accept('[')) {
      rangeMs = durationOf(this.#take());
      this.#take(']');
    }
    const offsetMs = this.#accept('offset') ? durationOf(this.#take()) : 0;
    return { type: 'selector', name, matchers, rangeMs, offsetMs };
  }
}

function unquote(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  if (!/^["']/.test(text)) throw new PromqlError(`parse error: unexpected "${text}", expected string`);
  return text.slice(1, -1).replace(/\\(.)/g, (_whole, char: string) => (char === 'n' ? '\n' : char));
}

/** `5m`, `1w`, `1h30m` in milliseconds. */
export function durationOf(text: string): number {
  const weeks = /^(\d+)([wy])$/.exec(text);
  if (weeks) return Number(weeks[1]) * (weeks[2] === 'w' ? 7 : 365) * 86_400_000;
  const parsed = /[a-z]$/.test(text) ? parseDuration(text) : undefined;
  if (parsed === undefined) throw new PromqlError(`parse error: not a valid duration string: "${text}"`);
  return parsed;
}
