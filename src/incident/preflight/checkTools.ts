// Programs: whether they are here, which version and make, and whether they have the options that the cells give them.

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { NeededCall, Needs } from './neededCalls.ts';
import type { Check, Where } from './preflightReport.ts';
import { gnuOptions, isGnu, toolFacts } from './toolFacts.ts';

export interface ToolsPlace {
  readonly cwd: string;
  /** What programs are looked up and started with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** The names that a shell has of its own. */
const shellOwn = new Set(
  (
    '. : [ [[ alias bg bind break builtin caller case cd command compgen complete continue declare dirs disown echo enable ' +
    'eval exec exit export false fc fg for function getopts hash help history if jobs kill let local logout mapfile popd ' +
    'printf pushd pwd read readarray readonly return select set shift shopt source suspend test then time times trap ' +
    'true type typeset ulimit umask unalias unset until wait while'
  ).split(' '),
);
const probeMs = 5000;

interface Found {
  readonly name: string;
  /** Absolute; undefined where it is not here. */
  readonly file: string | undefined;
  readonly version: string;
}

export async function checkTools(needs: Needs, place: ToolsPlace): Promise<Check[]> {
  const wanted = new Map<string, Where[]>();
  for (const { command, where } of needs.commands) {
    const { tool } = command;
    if (command.place.kind !== 'here' || !/^[\w.+-]+$/.test(tool) || shellOwn.has(tool)) continue;
    if (needs.defined.has(tool)) continue;
    wanted.set(tool, [...(wanted.get(tool) ?? []), where]);
  }
  const names = [...wanted.keys()].sort();
  const found = await Promise.all(names.map((name) => lookUp(name, place)));
  const checks: Check[] = [];
  for (const one of found) checks.push(toolCheck(one, wanted.get(one.name)!));
  const here = new Map(found.filter(({ file }) => file).map((one) => [one.name, one]));
  checks.push(...makeChecks(needs.calls, here));
  const kubectl = here.get('kubectl');
  if (kubectl) checks.push(...(await kubectlOptions(needs.calls, kubectl.file!, place)));
  return checks;
}

function toolCheck({ name, file, version }: Found, where: readonly Where[]): Check {
  if (file) return { area: 'tools', what: name, state: 'ok', says: version || file, where };
  const mend = toolFacts.find((fact) => fact.names.includes(name))?.mend;
  return {
    area: 'tools',
    what: name,
    state: 'problem',
    says: 'is not installed here',
    where,
    stops: true,
    ...(mend ? { mend } : {}),
  };
}

async function lookUp(name: string, place: ToolsPlace): Promise<Found> {
  const file = await onPath(name, place.env.PATH ?? '');
  const fact = toolFacts.find(({ names }) => names.includes(name));
  const version = file && fact ? await output(file, fact.version, place) : '';
  return { name, file, version: firstLine(version) };
}

export async function onPath(name: string, searchPath: string): Promise<string | undefined> {
  for (const folder of searchPath.split(path.delimiter).filter(Boolean)) {
    const file = path.join(folder, name);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

export async function isProgram(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return false;
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** What a program says on either stream; '' where it fails or is late. */
async function output(file: string, args: readonly string[], place: ToolsPlace): Promise<string> {
  const run = await execa(file, args, {
    cwd: place.cwd,
    env: place.env,
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: probeMs,
    maxBuffer: 1024 * 1024,
    ...(place.signal ? { cancelSignal: place.signal } : {}),
  });
  return run.exitCode === 0 ? run.all : '';
}

const firstLine = (text: string): string =>
  (text.split('\n').find((line) => line.trim() !== '') ?? '').trim().slice(0, 80);

/** Options of GNU's make where another make is here. */
function makeChecks(calls: readonly NeededCall[], here: ReadonlyMap<string, Found>): Check[] {
  const found = new Map<string, Check & { where: Where[] }>();
  for (const { name, words, where } of calls) {
    const tool = name === 'egrep' || name === 'fgrep' ? 'grep' : name;
    const make = here.get(name);
    if (!make || isGnu(make.version)) continue;
    for (const option of gnuOptions) {
      if (option.tool !== tool || !words.some((word, at) => word !== null && option.in(word, at, words)))
        continue;
      const what = `${tool} ${option.what}`;
      const check = found.get(what) ?? {
        area: 'tools' as const,
        what,
        state: 'problem' as const,
        says: `needs GNU ${tool}, and another one is here${make.version ? ` (${make.version})` : ''}`,
        mend: option.mend,
        where: [],
        stops: true,
      };
      check.where.push(where);
      found.set(what, check);
    }
  }
  return [...found.values()];
}

interface KubectlHelp {
  readonly known: boolean;
  readonly flags: ReadonlySet<string>;
}

/** Verbs and flags that the kubectl of this machine has not, by its own help. */
async function kubectlOptions(
  calls: readonly NeededCall[],
  file: string,
  place: ToolsPlace,
): Promise<Check[]> {
  const globals = flagsIn(await output(file, ['options'], place));
  if (globals.size === 0) return [];
  const helps = new Map<string, Promise<KubectlHelp>>();
  const helpOf = (verb: string): Promise<KubectlHelp> => {
    const known = helps.get(verb) ?? readHelp(file, verb, place);
    helps.set(verb, known);
    return known;
  };
  const found = new Map<string, Check & { where: Where[] }>();
  const tell = (what: string, says: string, where: Where): void => {
    const check = found.get(what) ?? {
      area: 'tools' as const,
      what,
      state: 'problem' as const,
      says,
      where: [],
      stops: true,
    };
    check.where.push(where);
    found.set(what, check);
  };
  const kubectl = calls.filter(({ name }) => name === 'kubectl');
  const judged = kubectl.map(async ({ words, where }) => {
    const [verb, ...subs] = operandsOf(words, globals);
    if (!verb || (await onPath(`kubectl-${verb.replaceAll('-', '_')}`, place.env.PATH ?? ''))) return;
    const own = await helpOf(verb);
    if (!own.known) return tell(`kubectl ${verb}`, 'is no verb of the kubectl here', where);
    const flags = new Set([...globals, ...own.flags]);
    // `create secret generic` has flags at each level; what is no verb answers with the help of the one above.
    const levels = parents.test(verb) ? subs.map((_, at) => [verb, ...subs.slice(0, at + 1)].join(' ')) : [];
    for (const level of levels) for (const flag of (await helpOf(level)).flags) flags.add(flag);
    for (const flag of flagWords(words)) {
      if (!flags.has(flag)) tell(`kubectl ${verb} ${flag}`, 'the kubectl here has no such flag', where);
    }
  });
  await Promise.all(judged);
  return [...found.values()];
}

async function readHelp(file: string, verb: string, place: ToolsPlace): Promise<KubectlHelp> {
  const text = await output(file, [...verb.split(' '), '--help'], place);
  // The general help, or none, is what it answers for a verb that it has not.
  const known = text !== '' && !/^kubectl controls the Kubernetes cluster manager/m.test(text);
  return { known, flags: flagsIn(text) };
}

function flagsIn(help: string): Set<string> {
  const flags = new Set<string>(['--help', '-h']);
  for (const [, short, long] of help.matchAll(/^\s+(?:(-\w), )?(--[a-z][\w-]*)/gm)) {
    if (short) flags.add(short);
    flags.add(long!);
  }
  return flags.size > 2 ? flags : new Set();
}

/** Verbs with further verbs below them. */
const parents = /^(create|rollout|set|config|top|auth|apply|certificate|cluster-info|plugin)$/;

/** The verb and up to two words after it, past global flags with their values. */
function operandsOf(words: readonly (string | null)[], globals: ReadonlySet<string>): string[] {
  const operands: string[] = [];
  for (let at = 0; at < words.length && operands.length < 3; at++) {
    const word = words[at];
    if (word === null || word === undefined || word === '--') break;
    if (!word.startsWith('-')) operands.push(word);
    else if (!word.includes('=') && globals.has(word) && !/^-(v|h)|^--(help|insecure)/.test(word)) at++;
  }
  return operands;
}

/** Flags before `--`; bundled short ones are left to kubectl. */
function flagWords(words: readonly (string | null)[]): string[] {
  const end = words.indexOf('--');
  return words
    .slice(0, end < 0 ? undefined : end)
    .filter((word): word is string => word !== null && /^--[a-z]/.test(word))
    .map((word) => word.replace(/=.*$/, ''));
}
