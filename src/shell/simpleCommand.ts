// One simple command in its surroundings: its words, its alias or function, the assignments before it.

import type { Node } from 'web-tree-sitter';
import { type Place, type Stdin, type Verdict, verdict } from './call.ts';
import { type Choice, expandWord } from './expand.ts';
import { environmentGaps, isLoader } from './loaders.ts';
import { merged } from './mergeResolved.ts';
import type { Redirections } from './redirections.ts';
import { type Resolved, raisedOwn, resolveCommand, type Surroundings } from './resolve.ts';
import { compareRisk } from './risk.ts';
import type { Scope, ShellFunction } from './scope.ts';
import { toolNamed } from './tools/registry.ts';
import { isKnown, literal, type Word } from './word.ts';

export interface CommandReader {
  readonly source: string;
  /** Functions and aliases being followed just now, innermost last. */
  readonly following: string[];
  surroundings(scope: Scope, stdin: Stdin): Surroundings;
  readFunction(called: ShellFunction, scope: Scope, stdin: Stdin): Resolved[];
}

export function wordsOf(
  node: Node,
  redirections: Redirections,
  scope: Scope,
  choice: Choice,
  source: string,
): Word[] {
  const words: Word[] = [];
  const declares = node.type !== 'command';
  if (declares) words.push(literal(node.children[0]?.text ?? node.type));
  for (const child of node.namedChildren) {
    if (!child || /^comment$|_redirect$/.test(child.type)) continue;
    if (child.type !== 'variable_assignment') words.push(...expandWord(child, scope, choice, source));
    else if (declares) words.push(literal(child.text));
  }
  if (losesDash(node, source)) words.push(literal('-'));
  for (const extra of redirections.extra) words.push(...expandWord(extra, scope, choice, source));
  return words;
}

/** The grammar drops a `-` right before a redirection: `kubectl apply -f - <<EOF`. */
function losesDash(node: Node, source: string): boolean {
  const next = node.nextSibling;
  if (node.type !== 'command' || !next || !/_redirect$/.test(next.type)) return false;
  const gap = source.slice(node.endIndex, next.startIndex);
  return /^\s+-\s*$/.test(gap) || (/\s$/.test(gap) && next.text.startsWith('-<<'));
}

/** Null where there is nothing but redirections or an empty expansion. */
export function resolveSimple(
  reader: CommandReader,
  node: Node,
  words: readonly Word[],
  scope: Scope,
  stdin: Stdin,
): Resolved | null {
  if (words.length === 0) return null;
  const assigned =
    node.type === 'command'
      ? node.namedChildren.flatMap((child) => (child?.type === 'variable_assignment' ? [child.text] : []))
      : [];
  return withAssigned(follow(reader, words, scope, stdin), assigned);
}

function follow(reader: CommandReader, words: readonly Word[], scope: Scope, stdin: Stdin): Resolved {
  const around = reader.surroundings(scope, stdin);
  const name = isKnown(words[0]) ? words[0]!.value : '';
  const alias = aliasOf(reader, words[0], scope);
  if (alias !== undefined) {
    const inner = within(reader, `alias ${name}`, () =>
      around.script(withAliases(alias, words.slice(1), scope), around.place, stdin, around.depth + 1, true),
    );
    const expanded = inner.length ? { ...merged(inner), words } : resolveCommand(words.slice(1), around);
    // An alias begins to count with the next line, and not where none are expanded.
    return orElse(expanded, name, words, around);
  }
  const called = scope.functions.get(name);
  if (!called) return resolveCommand(words, around);
  if (reader.following.includes(name)) {
    const again = resolveCommand(words, around);
    const why = verdict('unknown', `${name} calls itself`);
    return again.verdict.risk === 'destroy' ? again : { ...again, inner: [], verdict: why };
  }
  const found = [called, ...(called.or ?? [])].map((one) => callOf(reader, one, words, scope, stdin));
  return scope.doubtful.has(name) ? orElse(merged(found), name, words, around) : merged(found);
}

/** The tool of that name where it does more than what stands before it. */
function orElse(found: Resolved, name: string, words: readonly Word[], around: Surroundings): Resolved {
  if (!toolNamed(name)) return found;
  const tool = resolveCommand(words, around);
  return compareRisk(tool.verdict.risk, found.verdict.risk) > 0 ? merged([found, tool]) : found;
}

/** Quoted, or out of a variable, a name is no alias. */
function aliasOf(reader: CommandReader, word: Word | undefined, scope: Scope): string | undefined {
  if (!word || word.text !== word.value || reader.following.includes(`alias ${word.value}`)) return undefined;
  return scope.aliases.get(word.value);
}

/** An alias that ends in a blank lets the word after it be one, too. */
function withAliases(alias: string, rest: readonly Word[], scope: Scope): string {
  const [next, ...others] = rest;
  const second = next && /[ \t]$/.test(alias) ? scope.aliases.get(next.text) : undefined;
  if (second === undefined) return [alias, ...rest.map((word) => word.text)].join(' ');
  return `${alias} ${withAliases(second, others, scope)}`;
}

function callOf(
  reader: CommandReader,
  called: ShellFunction,
  words: readonly Word[],
  scope: Scope,
  stdin: Stdin,
): Resolved {
  const name = words[0]!.value;
  const { place } = reader.surroundings(scope, stdin);
  const inside = scope.clone();
  inside.positional = words.slice(1).map((word) => word.value);
  const inner = within(reader, name, () => reader.readFunction(called, inside, stdin));
  inside.positional = scope.positional;
  scope.join(inside);
  const outer = verdict('read', `calls the function ${name}`);
  const own: Resolved = { tool: name, words, place, inner: [], verdict: outer };
  return {
    ...own,
    ownRisk: 'read',
    verdict: merged([own, ...inner]).verdict,
    inner: inner.flatMap((one) => [one, ...one.inner]),
  };
}

function within<T>(reader: CommandReader, name: string, read: () => T): T {
  reader.following.push(name);
  try {
    return read();
  } finally {
    reader.following.pop();
  }
}

/** `KUBECONFIG=x PATH=y LD_PRELOAD=z kubectl …`. */
function withAssigned(found: Resolved, assignments: readonly string[]): Resolved {
  if (assignments.length === 0) return found;
  const assigned = assignments.map((one) => /^\w*/.exec(one)![0]);
  const loads = assignments.some(isLoader);
  let changed: Verdict = found.verdict;
  if (loads && changed.risk !== 'destroy') {
    const reasons = [...changed.reasons, 'a variable before it makes it run other code'];
    changed = { ...changed, risk: 'unknown', reasons };
  }
  const pointing = assigned.filter((name) => /^(KUBECONFIG|HELM_KUBE\w*)$/.test(name));
  if (pointing.length > 0 && changed.target) {
    changed = {
      ...changed,
      target: { ...changed.target, overrides: [...changed.target.overrides, ...pointing] },
    };
  }
  const gaps = environmentGaps(assigned);
  if (gaps.length) changed = { ...changed, ungated: [...(changed.ungated ?? []), ...gaps] };
  return { ...found, ...raisedOwn(found, loads ? 'unknown' : 'read'), verdict: changed };
}

/** A part that could not be read, as a command of its own. */
export function unreadable(why: string, place: Place, text?: string): Resolved {
  return {
    tool: '',
    words: [],
    place,
    inner: [],
    verdict: verdict('unknown', why),
    ...(text === undefined ? {} : { text }),
  };
}
