// Branches and loops: what variables may hold after them, and their bodies read as often as that takes.

import type { Node } from 'web-tree-sitter';
import { readAssignment } from './assignments.ts';
import { maxChoices } from './choices.ts';
import { expandWord } from './expand.ts';
import { type Scope, unknownValue, type Value } from './scope.ts';
import { isKnown, type Word } from './word.ts';

export interface StatementReader<Context> {
  readonly source: string;
  readonly assigned: Set<string>;
  statements(nodes: readonly (Node | null)[], scope: Scope, context: Context): void;
  /** Notes the variables under a node and reads its substitutions. */
  inside(node: Node, scope: Scope): void;
  /** Notes an assignment (`NAME=value`) that a loop makes. */
  notesSetting(node: Node, name: string, value: Value): void;
}

/** `if` and `case`: what comes after may have been through any branch, or none. */
export function readBranches<Context extends object>(
  reader: StatementReader<Context>,
  node: Node,
  scope: Scope,
  context: Context,
): void {
  const results: Scope[] = [];
  let current = scope.clone();
  let hasElse = false;
  const own: Node[] = [];
  for (const child of node.namedChildren) {
    if (!child) continue;
    if (child.type === 'elif_clause' || child.type === 'else_clause' || child.type === 'case_item') {
      if (child.type === 'else_clause') hasElse = true;
      const branch = scope.clone();
      readBranch(reader, child, branch, context);
      results.push(branch);
    } else if (node.type === 'case_statement') {
      reader.inside(child, scope);
    } else own.push(child);
  }
  if (own.length > 0) {
    // The `if` part comes first in the text and in effect: its tests also count for the other branches.
    current = scope.clone();
    reader.statements(own, current, { ...context, conditional: true });
    results.push(current);
  }
  if (!hasElse) results.push(scope.clone());
  const [first, ...others] = results;
  if (first) {
    for (const other of others) first.join(other);
    for (const [name, value] of first.variables) scope.variables.set(name, value);
    scope.join(first);
    for (const [name, value] of first.variables) scope.variables.set(name, value);
  }
}

function readBranch<Context extends object>(
  reader: StatementReader<Context>,
  node: Node,
  scope: Scope,
  context: Context,
): void {
  const patterns = node.type === 'case_item' ? node.childrenForFieldName('value') : [];
  for (const pattern of patterns) if (pattern) reader.inside(pattern, scope);
  const values = new Set(patterns.map((one) => one?.id));
  const body = node.children.filter((child) => child && !values.has(child.id));
  reader.statements(body, scope, { ...context, conditional: true });
}

/** Read twice: the second pass knows what the first may have left. */
export function readLoop<Context extends object>(
  reader: StatementReader<Context>,
  node: Node,
  scope: Scope,
  context: Context,
): void {
  const variable = node.type === 'for_statement' ? node.childForFieldName('variable') : null;
  const body = node.childForFieldName('body');
  const head = node.namedChildren.filter(
    (child) => child && child.id !== body?.id && child.id !== variable?.id,
  ) as Node[];
  if (variable) {
    const values: Word[] = [];
    for (const value of node.childrenForFieldName('value')) {
      if (!value) continue;
      reader.inside(value, scope);
      values.push(...expandWord(value, scope, new Map(), reader.source));
    }
    const known =
      values.length > 0 && values.length <= maxChoices && values.every((word) => isKnown(word) && !word.glob);
    const shared = known
      ? ({ kind: 'values', values: [...new Set(values.map((word) => word.value))] } as const)
      : unknownValue;
    scope.assign(variable.text, shared);
    reader.notesSetting(node, variable.text, { kind: 'values', values: values.map((word) => word.value) });
    reader.assigned.add(variable.text);
  } else if (node.type === 'c_style_for_statement') {
    for (const child of head) reader.inside(child, scope);
    for (const child of head)
      if (child.type === 'variable_assignment') scope.assign(readAssignment(child, scope).name, unknownValue);
  }
  const before = scope.clone();
  let last = shot(scope);
  for (let pass = 0; pass < maxPasses; pass++) {
    if (node.type === 'while_statement') reader.statements(head, scope, context);
    if (body) reader.statements(body.children, scope, context);
    scope.join(before);
    const now = shot(scope);
    const moving = [...now].filter(([name, value]) => last.get(name) !== value).map(([name]) => name);
    if (pass > 0 && moving.length === 0) return;
    // What a pass hands on to the next (`a=$b; b=$c`) is not counted out: it may be anything.
    const given = pass === 0 ? [] : pass < maxPasses - 2 ? moving : [...now.keys()];
    for (const name of given) if (name !== variable?.text) scope.variables.set(name, unknownValue);
    last = shot(scope);
  }
}

const maxPasses = 6;

function shot(scope: Scope): Map<string, string> {
  return new Map([...scope.variables].map(([name, value]) => [name, JSON.stringify(value)]));
}
