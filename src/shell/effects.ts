// What a command leaves behind in its shell: variables, aliases, the search path.

import type { Node } from 'web-tree-sitter';
import { readAssignment, readingBuiltins } from './assignments.ts';
import { expandString } from './expand.ts';
import { type Scope, unknownValue } from './scope.ts';

/** What a command leaves behind in the shell: variables, aliases, the path. */
export function applyEffects(node: Node, scope: Scope, assigned: Set<string>): void {
  const words =
    node.type === 'command'
      ? node.namedChildren.filter((one) => one && one.type !== 'variable_assignment').map((one) => one!)
      : [];
  const name = node.type === 'command' ? words[0]?.text : node.children[0]?.text;
  if (node.type === 'declaration_command') {
    for (const child of node.namedChildren) {
      if (child?.type === 'variable_assignment') {
        const { name: variable, value } = readAssignment(child, scope);
        scope.assign(variable, value);
        assigned.add(variable);
      } else if (child?.type === 'variable_name' && name !== 'export' && name !== 'readonly') {
        if (!scope.variables.has(child.text)) scope.assign(child.text, unknownValue);
        assigned.add(child.text);
      }
    }
  } else if (node.type === 'unset_command') {
    for (const child of node.namedChildren) {
      if (!child) continue;
      scope.variables.delete(child.text);
      scope.functions.delete(child.text);
    }
  } else if (name === 'alias') {
    for (const word of words.slice(1)) {
      const found = /^([^=\s]+)=(.*)$/s.exec(expandString(word, scope, new Map()));
      if (found) scope.aliases.set(found[1]!, found[2]!);
    }
  } else if (name === 'unalias') {
    for (const word of words.slice(1)) scope.aliases.delete(word.text);
  } else if (name === 'source' || name === '.' || name === 'eval') {
    scope.sourced = true;
    for (const variable of scope.variables.keys()) scope.variables.set(variable, unknownValue);
  } else if (name) {
    for (const variable of readingBuiltins(
      name,
      words.slice(1).map((word) => word.text),
    )) {
      scope.assign(variable, unknownValue);
      assigned.add(variable);
    }
  }
}
