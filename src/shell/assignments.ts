// Assignments: `X=…`, arrays, and the builtins that set variables by name.

import type { Node } from 'web-tree-sitter';
import { datesIn, expandString, expandWord } from './expand.ts';
import { type Scope, unknownValue, type Value } from './scope.ts';
import { isKnown } from './word.ts';

export function readAssignment(node: Node, scope: Scope): { name: string; value: Value } {
  const target = node.childForFieldName('name');
  const value = node.childForFieldName('value');
  const appends = node.children.some((child) => child?.type === '+=');
  const name =
    target?.type === 'subscript' ? (target.childForFieldName('name')?.text ?? '') : (target?.text ?? '');
  if (target?.type === 'subscript') return { name, value: unknownValue };
  if (value?.type === 'array') {
    const words = value.namedChildren.flatMap((child) =>
      child ? expandWord(child, scope, new Map(), child.tree.rootNode.text) : [],
    );
    const before = scope.variables.get(name);
    const items = [
      ...(appends && before?.kind === 'array' ? before.items : []),
      ...words.map((word) => word.value),
    ];
    const known =
      words.every((word) => isKnown(word) && !word.glob) && (!appends || before?.kind === 'array');
    return { name, value: known ? { kind: 'array', items } : unknownValue };
  }
  const options = value ? alternatives(value, scope) : [''];
  const before = scope.variables.get(name);
  if (appends) {
    if (before?.kind !== 'values') return { name, value: unknownValue };
    return { name, value: limited(before.values.flatMap((head) => options.map((tail) => head + tail))) };
  }
  const dates = value && options.length === 1 ? datesIn(value, scope) : undefined;
  return { name, value: dates ? { kind: 'values', values: options, dates } : limited(options) };
}

function limited(values: readonly string[]): Value {
  return values.length > 12 ? unknownValue : { kind: 'values', values: [...new Set(values)] };
}

/** `A=$B` with a `B` of several values has as many. */
function alternatives(value: Node, scope: Scope): string[] {
  const name = /^"?\$\{?([A-Za-z_]\w*)\}?"?$/.exec(value.text)?.[1];
  const held = name ? scope.variables.get(name) : undefined;
  if (held?.kind === 'values') return [...held.values];
  for (const found of value.text.matchAll(/\$\{?([A-Za-z_]\w*)/g)) {
    const inside = scope.variables.get(found[1]!);
    if (inside?.kind === 'values' && inside.values.length > 1) {
      return inside.values.map((one) => expandString(value, scope, new Map([[found[1]!, one]])));
    }
  }
  return [expandString(value, scope, new Map())];
}

/** Names that a builtin sets: `read x`, `mapfile -t lines`, `printf -v out`. Among them `''` where one is known only at run time. */
export function readingBuiltins(name: string, args: readonly string[]): string[] {
  const named = args.map((arg) => arg.replace(/^(["'])(\w+)\1$/, '$2'));
  const plain = named.filter((arg) => /^[A-Za-z_]\w*$/.test(arg));
  const traced = named.every((arg) => !/[$`\\]|^["']/.test(arg)) ? [] : [''];
  switch (name) {
    case 'read':
      return [...(plain.length ? plain : ['REPLY']), ...traced];
    case 'mapfile':
    case 'readarray':
      return [...(plain.length ? [plain.at(-1)!] : ['MAPFILE']), ...traced];
    case 'getopts':
      return plain.slice(-1);
    case 'let':
      return args.flatMap((arg) => /^["']?([A-Za-z_]\w*)\s*[-+*/]?=/.exec(arg)?.[1] ?? []);
    case 'printf': {
      const at = named.findIndex((arg) => /^-v/.test(arg));
      if (at < 0) return [];
      const target = named[at] === '-v' ? named[at + 1] : named[at]!.slice(2);
      return [/^[A-Za-z_]\w*/.exec(target ?? '')?.[0] ?? ''];
    }
    default:
      return [];
  }
}
