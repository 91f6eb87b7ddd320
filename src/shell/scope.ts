// What a script's variables, aliases and functions are known to hold at one point of its reading.

import type { Node } from 'web-tree-sitter';
import { unknownPart } from './word.ts';

/** The values that a variable may have, one of them at a time; or an array's items. */
export type Value =
  | {
      readonly kind: 'values';
      readonly values: readonly string[];
      /** Of its one value: the formats of the dates that its unknown parts are. */
      readonly dates?: readonly string[];
    }
  | { readonly kind: 'array'; readonly items: readonly string[] };

export const unknownValue: Value = { kind: 'values', values: [unknownPart] };

/** More alternatives than this are not followed: the value counts as not known. */
const maxAlternatives = 12;

export interface ShellFunction {
  readonly body: Node;
  /** The text that `body` is a part of. */
  readonly source: string;
  /** Other bodies that the name may have: a branch defined it anew. */
  readonly or?: readonly ShellFunction[];
}

export class Scope {
  readonly variables: Map<string, Value>;
  readonly aliases: Map<string, string>;
  readonly functions: Map<string, ShellFunction>;
  /** `$1`, `$2`, … in a function; null at the top, where they are the caller's. */
  positional: readonly string[] | null;
  /** Functions that may not be there, so that what they hide may run in their place. */
  readonly doubtful: Set<string>;
  /** Variables tested for being set, here or before. */
  readonly tested: Set<string>;
  /** A sourced file may have set anything. */
  sourced = false;
  /** The search path is not the session's any more. */
  pathChanged = false;

  constructor(from?: Scope) {
    this.variables = new Map(from?.variables);
    this.aliases = new Map(from?.aliases);
    this.functions = new Map(from?.functions);
    this.positional = from?.positional ?? null;
    this.doubtful = new Set(from?.doubtful);
    this.tested = from?.tested ?? new Set();
    this.sourced = from?.sourced ?? false;
    this.pathChanged = from?.pathChanged ?? false;
  }

  clone(): Scope {
    return new Scope(this);
  }

  /** What a script of its own starts with: no variable is known to be exported, nor a function. */
  ofChild(): Scope {
    const child = new Scope();
    for (const [name, body] of this.functions) child.functions.set(name, body);
    for (const name of this.functions.keys()) child.doubtful.add(name);
    child.pathChanged = this.pathChanged;
    return child;
  }

  /** After what may have set anything. */
  forgetVariables(): void {
    for (const variable of this.variables.keys()) this.variables.set(variable, unknownValue);
  }

  assign(name: string, value: Value): void {
    this.variables.set(name, value);
    if (name === 'PATH') this.pathChanged = true;
  }

  /** Takes in what another branch may have left: both values are possible after it. */
  join(other: Scope): void {
    for (const name of new Set([...this.variables.keys(), ...other.variables.keys()])) {
      const mine = this.variables.get(name);
      const theirs = other.variables.get(name);
      this.variables.set(name, mine && theirs ? either(mine, theirs) : either(mine ?? theirs!, unknownValue));
    }
    for (const [name, text] of other.aliases) if (!this.aliases.has(name)) this.aliases.set(name, text);
    this.#joinFunctions(other);
    if (!sameArguments(this.positional, other.positional)) this.positional = null;
    this.sourced ||= other.sourced;
    this.pathChanged ||= other.pathChanged;
  }

  #joinFunctions(other: Scope): void {
    for (const name of this.functions.keys()) if (!other.functions.has(name)) this.doubtful.add(name);
    for (const name of other.doubtful) this.doubtful.add(name);
    for (const [name, body] of other.functions) {
      const mine = this.functions.get(name);
      if (!mine) this.doubtful.add(name);
      if (!mine || mine === body) this.functions.set(name, body);
      else if (!mine.or?.includes(body))
        this.functions.set(name, { ...mine, or: [...(mine.or ?? []), body] });
    }
  }
}

function sameArguments(a: readonly string[] | null, b: readonly string[] | null): boolean {
  return (
    a === b || (a !== null && b !== null && a.length === b.length && a.every((one, at) => one === b[at]))
  );
}

function either(a: Value, b: Value): Value {
  if (a === b) return a;
  if (a.kind === 'array' || b.kind === 'array') return sameValue(a, b) ? a : unknownValue;
  const values = [...new Set([...a.values, ...b.values])];
  return values.length > maxAlternatives ? unknownValue : { kind: 'values', values };
}

function sameValue(a: Value, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
