// What a command leaves behind in its shell: variables, aliases, the search path.

import type { Node } from 'web-tree-sitter';
import { readAssignment, readingBuiltins } from './assignments.ts';
import { expandString } from './expand.ts';
import { type Scope, unknownValue } from './scope.ts';
import { unknownPart } from './word.ts';

/** Gives back the variables that were set by their names, to what only the run can tell. */
export function applyEffects(node: Node, scope: Scope, assigned: Set<string>): string[] {
  const words =
    node.type === 'command'
      ? node.namedChildren.filter((one) => one && one.type !== 'variable_assignment').map((one) => one!)
      : [];
  const name = node.type === 'command' ? words[0]?.text : node.children[0]?.text;
  const args = words.slice(1).map((word) => word.text);
  if (node.type === 'declaration_command') {
    for (const child of node.namedChildren) if (child) declared(child, name, scope, assigned);
  } else if (node.type === 'unset_command') {
    unset(node, scope);
  } else if (name === 'alias') {
    for (const word of words.slice(1)) {
      const found = /^([^=\s]+)=(.*)$/s.exec(expandString(word, scope, new Map()));
      if (found) scope.aliases.set(found[1]!, found[2]!);
    }
  } else if (name === 'unalias') {
    if (args.some((arg) => /^-|[$`]/.test(arg))) scope.aliases.clear();
    for (const arg of args) scope.aliases.delete(arg);
  } else if (name === 'source' || name === '.' || name === 'eval') {
    scope.sourced = true;
    scope.positional = null;
    scope.forgetVariables();
  } else if (name === 'trap') {
    if (args.some((arg) => arg.includes('='))) scope.forgetVariables();
  } else if (name === 'builtin' || name === 'command') {
    if (
      /^(read|printf|export|declare|typeset|local|readonly|eval|source|\.|mapfile|readarray|set|shift|unset|unalias|getopts|let|trap)$/.test(
        args.find((arg) => !arg.startsWith('-')) ?? '',
      )
    ) {
      scope.positional = null;
      scope.forgetVariables();
    }
  } else if (name === 'shift') {
    const by = args[0] ?? '1';
    scope.positional = scope.positional && /^\d+$/.test(by) ? scope.positional.slice(Number(by)) : null;
  } else if (name === 'set') {
    // `set -euo pipefail` leaves the arguments as they are.
    if (!/^([-+][a-zA-Z]+( (pipefail|posix|errexit|nounset|xtrace))? ?)*$/.test(args.join(' ')))
      scope.positional = null;
  } else if (name) {
    const names = readingBuiltins(name, args);
    if (names.includes('')) scope.forgetVariables();
    for (const variable of names) {
      scope.assign(variable, unknownValue);
      assigned.add(variable);
    }
    return names;
  }
  return [];
}

/** One word of `declare`, `export`, `local`. */
function declared(word: Node, by: string | undefined, scope: Scope, assigned: Set<string>): void {
  if (word.type === 'variable_assignment') {
    const { name, value } = readAssignment(word, scope);
    scope.assign(name, value);
    assigned.add(name);
  } else if (word.type === 'variable_name') {
    if (by === 'export' || by === 'readonly') return;
    if (!scope.variables.has(word.text)) scope.assign(word.text, unknownValue);
    assigned.add(word.text);
  } else {
    // `declare "x=…"`, `export $pair`.
    const value = expandString(word, scope, new Map());
    const [name] = /^[A-Za-z_]\w*(?=(\[.*\])?\+?=)/s.exec(value) ?? [];
    if (name) scope.assign(name, unknownValue);
    else if (value.includes(unknownPart)) scope.forgetVariables();
  }
}

function unset(node: Node, scope: Scope): void {
  for (const child of node.namedChildren) {
    if (!child) continue;
    if (/[$`"'\\]/.test(child.text)) {
      for (const name of scope.functions.keys()) scope.doubtful.add(name);
      scope.forgetVariables();
    }
    if (child.text === 'PATH') scope.pathChanged = true;
    scope.variables.delete(child.text);
    scope.functions.delete(child.text);
  }
}
