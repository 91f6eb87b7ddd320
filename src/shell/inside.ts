// What stands inside a statement's words: the variables that it uses, and the commands of its substitutions.

import type { Node } from 'web-tree-sitter';
import { noStdin, type Stdin } from './call.ts';
import { heredocScripts, outermostSubstitutions, withoutEscapes } from './hiddenCommands.ts';
import { expansionsUnder, isRequired, testedNames, type VariableUse, variableOf } from './references.ts';
import type { Scope, Value } from './scope.ts';

interface InsideReader {
  readonly uses: VariableUse[];
  statements(nodes: readonly (Node | null)[], scope: Scope, context: { readonly stdin: Stdin }): void;
  hidden(node: Node, script: string | null, scope: Scope): void;
  unread(node: Node, why: string): void;
  notesSetting(node: Node, name: string, value: Value): void;
}

/** Notes the variables under `node` and goes into its substitutions. */
export function readInside(reader: InsideReader, node: Node, scope: Scope): void {
  if (/^(do_group|compound_statement|else_clause|elif_clause|case_item|program)$/.test(node.type)) return;
  for (const name of node.type === 'test_command' || /^(\[\[?|test)\s/.test(node.text)
    ? testedNames(node.text)
    : []) {
    scope.tested.add(name);
  }
  expansionsUnder(node, (expansion) => readExpansion(reader, expansion, scope));
  for (const inner of outermostSubstitutions(node)) {
    const escaped = inner.text.startsWith('`') && inner.text.includes('\\');
    if (escaped) reader.hidden(inner, withoutEscapes(inner.text.slice(1, -1)), scope);
    else reader.statements(inner.children, scope.clone(), { stdin: noStdin });
  }
  for (const script of heredocScripts(node)) reader.hidden(node, script, scope);
}

function readExpansion(reader: InsideReader, expansion: Node, scope: Scope): void {
  const used = variableOf(expansion);
  if (!used) return;
  if (used.defaulted && /^\$\{\w+:?[=?]/.test(expansion.text)) scope.tested.add(used.name);
  const given = /^\$\{\w+:?=([\s\S]*)\}$/.exec(expansion.text)?.[1];
  if (given !== undefined) reader.notesSetting(expansion, used.name, { kind: 'values', values: [given] });
  if (/@P\}$/.test(expansion.text)) reader.unread(expansion, 'runs commands of what it holds (@P)');
  reader.uses.push({
    name: used.name,
    line: expansion.startPosition.row,
    start: expansion.startIndex,
    end: expansion.endIndex,
    required: !used.defaulted && isRequired(used.name, scope),
  });
}
