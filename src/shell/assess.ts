// What a bash cell would do, read before it runs: every command with its risk, the steps, and what must be filled in.

import { escapeRegExp } from '../base/escapeRegExp.ts';
import { here, noStdin, type Place, type Target } from './call.ts';
import { printed, shapeOf } from './dates.ts';
import { placeholderMask } from './expand.ts';
import type { FoundCommand } from './foundCommands.ts';
import { scanContexts } from './lexicalContext.ts';
import { waysOf } from './mergeResolved.ts';
import { findPlaceholders, lineOf, type Placeholder } from './placeholders.ts';
import { quoteWord } from './quote.ts';
import type { VariableUse } from './references.ts';
import type { ProjectTools, Resolved } from './resolve.ts';
import { highestRisk, type Risk } from './risk.ts';
import { Scope } from './scope.ts';
import type { ShellParser } from './shellParser.ts';
import { type Step, stepsOf } from './steps.ts';
import { Walk } from './walk.ts';
import { isKnown, unknownPart } from './word.ts';

export interface AssessedCommand {
  /** As written, with what stands around it on its statement (`sudo`, redirections). */
  readonly text: string;
  /** From 0, in the cell's text; a command inside a script has the line of what runs it. */
  readonly line: number;
  readonly endLine: number;
  readonly tool: string;
  readonly verb: string | null;
  readonly risk: Risk;
  /** Without what the commands inside of it do, which stand in the list too: `bash -c`, a function's call. */
  readonly ownRisk: Risk;
  readonly reasons: readonly string[];
  /** `here`, `pod postgres-0`, `host db1`, … */
  readonly where: string;
  readonly place: Place;
  readonly target: Target;
  /** The words after expansion, null where any of them is known only at run time. */
  readonly argv: readonly string[] | null;
  /** Every call that it may turn out to be (a loop over known values); null where one is known only at run time. */
  readonly calls?: readonly (readonly string[])[] | null;
  /** Its words where all that is not known of them are dates, which come in a known shape; else null. */
  readonly dated?: readonly (string | DatedWord)[] | null;
  /** Its words with all that is known put in, and the others as written; null where that tells nothing more. */
  readonly partly?: string | null;
  /** What it reads on standard input (a here-document); null where that is not known or there is none. */
  readonly stdin: string | null;
  /** Index of the command in whose arguments this one stands. */
  readonly parent: number | null;
  /** Why the gate can't see it; empty where it can. */
  readonly ungated: readonly string[];
  readonly blocking: string | null;
  readonly interactive: string | null;
  readonly background: boolean;
  readonly sleepMs: number | null;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Why the tool itself refuses it: `kubectl exec has no -l, --selector and refuses this`. */
  readonly fails: string | null;
  /** The context, namespace, project or account that it switches to. */
  readonly switchesTarget: string | null;
}

export interface DatedWord {
  /** The source of a regular expression for the whole word. */
  readonly shape: string;
  /** As it would be now. */
  readonly example: string;
}

export interface Assessment {
  readonly risk: Risk;
  readonly commands: readonly AssessedCommand[];
  readonly steps: readonly Step[];
  /** Unset variables that are taken as given are among them (`form: 'variable'`). */
  readonly placeholders: readonly Placeholder[];
  readonly variableUses: readonly VariableUse[];
  readonly assignedVariables: readonly string[];
  readonly requiredVariables: readonly string[];
  readonly deadlineHit: boolean;
  /** Milliseconds. */
  readonly tookMs: number;
}

export interface AssessOptions {
  /** Milliseconds for all of it; past that the rest is unknown. One second if not given. */
  readonly deadlineMs?: number;
  /** What the session holds: names with their values, null where only the name is known. */
  readonly variables?: ReadonlyMap<string, string | null>;
  readonly aliases?: ReadonlyMap<string, string>;
  readonly projectTools?: ProjectTools;
}

const defaultDeadlineMs = 1000;

/** Never throws for any text. */
export function assess(parser: ShellParser, text: string, options: AssessOptions = {}): Assessment {
  const started = performance.now();
  const deadlineAt = started + (options.deadlineMs ?? defaultDeadlineMs);
  const clean = text.replaceAll('\0', '\uFFFD').replaceAll(placeholderMask, '\uFFFD');
  const placeholders = findPlaceholders(clean, scanContexts(clean));
  const masked = withMasks(clean, placeholders);
  const scope = startingScope(options);
  const walk = new Walk({
    parser,
    source: clean,
    deadlineAt,
    place: here,
    depth: 0,
    ...(options.projectTools ? { projectTools: options.projectTools } : {}),
  });
  const tree = parser.parse(masked, deadlineAt);
  let statements: { start: number; end: number }[] = [];
  if (tree) {
    try {
      walk.statements(tree.root.children, scope, { stdin: noStdin });
      walk.unreadIn(tree.root);
      statements = tree.root.namedChildren
        .filter((node) => node && node.type !== 'comment')
        .map((node) => ({ start: node!.startPosition.row, end: endRow(clean, node!.endIndex) }));
    } finally {
      tree.dispose();
    }
  }
  const deadlineHit = !tree || walk.deadlineHit;
  const commands = flatten(walk.finish());
  const unread = tree ? [] : (['unknown'] as const);
  const required = walk.uses.filter((use) => use.required);
  return {
    risk: highestRisk([...commands.map((command) => command.risk), ...unread]),
    commands: tree ? commands : [unreadCommand(clean)],
    steps: stepsOf(clean, statements),
    placeholders: [...placeholders, ...required.map((use) => asPlaceholder(use, clean))].sort(
      (a, b) => a.start - b.start,
    ),
    variableUses: walk.uses,
    assignedVariables: [...walk.assigned],
    requiredVariables: [...new Set(required.map((use) => use.name))],
    deadlineHit,
    tookMs: performance.now() - started,
  };
}

function startingScope(options: AssessOptions): Scope {
  const scope = new Scope();
  for (const [name, value] of options.variables ?? []) {
    scope.variables.set(name, { kind: 'values', values: [value ?? unknownPart] });
  }
  for (const [name, value] of options.aliases ?? []) scope.aliases.set(name, value);
  return scope;
}

function withMasks(text: string, placeholders: readonly Placeholder[]): string {
  let out = '';
  let at = 0;
  for (const { start, end } of placeholders) {
    out += text.slice(at, start) + placeholderMask.repeat(end - start);
    at = end;
  }
  return out + text.slice(at);
}

/** The line after the node's last; a node that ends with its line break (a heredoc) ends on the line before. */
function endRow(text: string, end: number): number {
  return lineOf(text, text[end - 1] === '\n' ? end - 1 : end) + 1;
}

function asPlaceholder(use: VariableUse, text: string): Placeholder {
  return {
    text: text.slice(use.start, use.end),
    name: use.name,
    start: use.start,
    end: use.end,
    line: use.line,
    form: 'variable',
  };
}

function unreadCommand(text: string): AssessedCommand {
  return {
    ...assessed(text.trim(), 0, lineOf(text, text.length), false, null, undefined),
    risk: 'unknown',
    ownRisk: 'unknown',
    reasons: ['took too long to read'],
  };
}

export function flatten(found: readonly FoundCommand[]): AssessedCommand[] {
  const out: AssessedCommand[] = [];
  for (const one of found) {
    const parent = out.length;
    out.push(assessed(one.text, one.line, one.endLine, one.background, null, one.resolved));
    for (const inner of one.resolved.inner) {
      const text = inner.text ?? inner.words.map((word) => word.text).join(' ');
      out.push(
        assessed(text, one.line, one.endLine, one.background, parent, inner, one.resolved.verdict.target),
      );
    }
  }
  return out;
}

function assessed(
  text: string,
  line: number,
  endLine: number,
  background: boolean,
  parent: number | null,
  found: Resolved | undefined,
  outerTarget?: Target,
): AssessedCommand {
  const verdict = found?.verdict;
  const target = verdict?.target ?? outerTarget ?? { context: null, namespace: null, overrides: [] };
  return {
    text,
    line,
    endLine,
    tool: found?.tool ?? '',
    verb: verdict?.verb || null,
    risk: verdict?.risk ?? 'read',
    ownRisk: found?.ownRisk ?? verdict?.risk ?? 'read',
    reasons: [...new Set((verdict?.reasons ?? []).filter(Boolean))],
    where: found?.place.label ?? here.label,
    place: found?.place ?? here,
    target,
    argv:
      found && found.words.length > 0 && found.words.every(isKnown)
        ? found.words.map((word) => word.value)
        : null,
    calls: callsOf(found),
    dated: datedOf(found),
    partly: partlyOf(found),
    stdin: found?.stdin === undefined || found.stdin.includes(unknownPart) ? null : found.stdin,
    parent,
    ungated: [...new Set(verdict?.ungated ?? [])],
    blocking: verdict?.blocking ?? null,
    interactive: verdict?.interactive ?? null,
    background,
    sleepMs: verdict?.sleepMs ?? null,
    reads: (verdict?.reads ?? []).filter((path) => !path.includes(unknownPart)),
    writes: (verdict?.writes ?? []).map((path) => path.replaceAll(unknownPart, '…')),
    fails: verdict?.fails ?? null,
    switchesTarget: verdict?.switchesTarget ?? null,
  };
}

function datedOf(found: Resolved | undefined): (string | DatedWord)[] | null {
  const [words = [], ...others] = found ? waysOf(found) : [];
  if (others.length > 0 || !words.some(({ dates }) => dates)) return null;
  if (!words.every((word) => word.dates ?? isKnown(word))) return null;
  const now = new Date();
  return words.map(({ value, dates }) => {
    if (!dates) return value;
    const parts = value.split(unknownPart);
    const between = (of: (format: string) => string, plain: (part: string) => string): string =>
      parts.map((part, index) => plain(part) + (index < dates.length ? of(dates[index]!) : '')).join('');
    return {
      shape: between((format) => shapeOf(format)!, escapeRegExp),
      example: between(
        (format) => printed(format, now),
        (part) => part,
      ),
    };
  });
}

function partlyOf(found: Resolved | undefined): string | null {
  const [words = [], ...others] = found ? waysOf(found) : [];
  if (others.length > 0) return null;
  if (words.every(isKnown) || !words.some((word) => isKnown(word) && word.text.includes('$'))) return null;
  return words.map((word) => (isKnown(word) ? quoteWord(word.value) : word.text)).join(' ');
}

function callsOf(found: Resolved | undefined): string[][] | null {
  if (!found || found.words.length === 0) return null;
  const ways = waysOf(found);
  return ways.every((way) => way.every(isKnown)) ? ways.map((way) => way.map((word) => word.value)) : null;
}
