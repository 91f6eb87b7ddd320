// The alternatives of a command whose variables may hold one of several values.

import type { Node } from 'web-tree-sitter';
import type { Choice } from './expand.ts';
import { expansionsUnder, variableOf } from './references.ts';
import type { Scope } from './scope.ts';
import { unknownPart } from './word.ts';

/** More combinations than this are not followed: a variable counts as not known. */
export const maxChoices = 16;

/** Every combination of the alternatives of the variables in `node`; one empty choice where there are too many. */
export function choicesOf(node: Node, scope: Scope): Choice[] {
  let choices: Map<string, string>[] = [new Map()];
  const names = new Set<string>();
  expansionsUnder(node, (expansion) => {
    const name = variableOf(expansion)?.name;
    const held = name ? scope.variables.get(name) : undefined;
    if (name && held?.kind === 'values' && held.values.length > 1) names.add(name);
  });
  for (const name of names) {
    const held = scope.variables.get(name);
    if (held?.kind !== 'values') continue;
    if (choices.length * held.values.length > maxChoices) {
      for (const choice of choices) choice.set(name, unknownPart);
      continue;
    }
    choices = choices.flatMap((choice) => held.values.map((value) => new Map(choice).set(name, value)));
  }
  return choices;
}
