// Which variables a text takes as given: used, and neither assigned before, nor tested, nor with a default.

import type { Node } from 'web-tree-sitter';
import type { Scope } from './scope.ts';

export interface VariableUse {
  readonly name: string;
  /** From 0, in the cell. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** Nothing in the cell, nor what came before it, gives the variable a value. */
  readonly required: boolean;
}

/** Names that every session has, or that bash sets by itself. */
const alwaysSet = new Set(
  `HOME PATH USER LOGNAME PWD OLDPWD SHELL HOSTNAME LANG TERM TMPDIR EDITOR PAGER DISPLAY RANDOM SRANDOM SECONDS
  EPOCHSECONDS EPOCHREALTIME UID EUID PPID GROUPS IFS LINENO FUNCNAME PIPESTATUS HOSTTYPE OSTYPE MACHTYPE SHLVL
  SHELLOPTS OPTARG OPTIND REPLY COLUMNS LINES DIRSTACK COPROC MAPFILE PS1 PS2 PS4 HISTFILE`.split(/\s+/),
);

function isAlwaysSet(name: string): boolean {
  return alwaysSet.has(name) || name.startsWith('BASH') || name.startsWith('COMP_') || name.startsWith('LC_');
}

/** Visits the expansions under `node`, but not those inside command substitutions: they are statements of their own. */
export function expansionsUnder(node: Node, visit: (expansion: Node) => void): void {
  if (node.type === 'command_substitution' || node.type === 'process_substitution') return;
  if (node.type === 'simple_expansion' || node.type === 'expansion') visit(node);
  for (const child of node.namedChildren) if (child) expansionsUnder(child, visit);
}

/** The variable that an expansion names, and whether it brings its own default; null for `$1`, `$?` and the like. */
export function variableOf(expansion: Node): { name: string; defaulted: boolean } | null {
  const found = /^\$(?:\{[!#]?)?([A-Za-z_]\w*)(?:\[[^\]]*\])?(:?[-=?+])?/.exec(expansion.text);
  if (!found) return null;
  return { name: found[1]!, defaulted: expansion.type === 'expansion' && found[2] !== undefined };
}

export function isRequired(name: string, scope: Scope): boolean {
  return !(scope.variables.has(name) || scope.tested.has(name) || scope.sourced || isAlwaysSet(name));
}

/** Variables that a test asks about with `-z`, `-n` or `-v`, or alone as in `[ "$X" ]`. */
export function testedNames(text: string): string[] {
  const names = [...text.matchAll(/-[zn]\s+"?\$\{?([A-Za-z_]\w*)/g)].map((found) => found[1]!);
  for (const found of text.matchAll(/-v\s+([A-Za-z_]\w*)/g)) names.push(found[1]!);
  for (const found of text.matchAll(
    /(?:\[\[?|&&|\|\||!|\btest)\s+"?\$\{?([A-Za-z_]\w*)\}?"?\s*(?:\]\]?|&&|\|\||$)/g,
  )) {
    names.push(found[1]!);
  }
  return names;
}
