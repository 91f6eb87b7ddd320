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
}

export class Scope {
  readonly variables: Map<string, Value>;
  readonly aliases: Map<string, string>;
  readonly functions: Map<string, ShellFunction>;
  /** `$1`, `$2`, … in a function; null at the top, where they are the caller's. */
  positional: readonly string[] | null;
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
    this.tested = from?.tested ?? new Set();
    this.sourced = from?.sourced ?? false;
    this.pathChanged = from?.pathChanged ?? false;
  }

  clone(): Scope {
    return new Scope(this);
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
    for (const [name, body] of other.functions) if (!this.functions.has(name)) this.functions.set(name, body);
    this.sourced ||= other.sourced;
    this.pathChanged ||= other.pathChanged;
  }
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
