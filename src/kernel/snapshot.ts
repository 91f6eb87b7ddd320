// The whole state of a bash, as its dump tells it, and the script that gives it to a fresh one. It lives in
// memory and travels through pipes; it never touches the disk.

import { type Declaration, parseDeclarations } from './declarations.ts';
import { quote, sectionNames } from './driver.ts';

type Section = (typeof sectionNames)[number];

export interface Snapshot {
  readonly sections: Readonly<Record<Section, string>>;
  readonly declarations: readonly Declaration[];
  readonly cwd: string;
  readonly flags: string;
  /** The user's own EXIT trap, as a `trap -- …` command; undefined for none. */
  readonly exitTrap: string | undefined;
}

/** Sections are bytes; latin1 keeps each, whatever the encoding. */
export function parseSnapshot(fields: readonly Buffer[]): Snapshot {
  const sections = Object.fromEntries(
    sectionNames.map((name, index) => [name, fields[index]?.toString('latin1') ?? '']),
  ) as Record<Section, string>;
  return {
    sections,
    declarations: parseDeclarations(sections.variables),
    cwd: Buffer.from(sections.cwd.replace(/\n$/, ''), 'latin1').toString(),
    flags: sections.flags,
    exitTrap: trapCommands(sections.traps).find((trap) => / EXIT$/.test(trap)),
  };
}

/** `trap -p` prints commands that may span lines; each starts with `trap -- `. */
export function trapCommands(text: string): string[] {
  return text
    .split(/^(?=trap -- )/m)
    .map((trap) => trap.trimEnd())
    .filter(Boolean);
}

/** Set by bash itself in every process, or only readable. */
const own = new Set(
  `BASH BASHOPTS BASHPID BASH_ALIASES BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_EXECUTION_STRING
  BASH_LINENO BASH_LOADABLES_PATH BASH_MONOSECONDS BASH_REMATCH BASH_SOURCE BASH_SUBSHELL BASH_TRAPSIG BASH_VERSINFO
  BASH_VERSION COMP_WORDBREAKS DIRSTACK EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME GROUPS HISTCMD LINENO PIPESTATUS
  PPID RANDOM SHELLOPTS SRANDOM UID _`.split(/\s+/),
);

/** What a bash with an empty environment sets and a cell may have unset. */
const defaults =
  'HOSTNAME HOSTTYPE IFS MACHTYPE OLDPWD OPTERR OPTIND OSTYPE PATH PS4 PWD SECONDS SHLVL TERM BASH_ARGV0'.split(
    ' ',
  );

function restoreVariable({ name, attributes, source }: Declaration): string {
  const value = source === undefined ? '' : `=${source}`;
  // Not `\builtin declare`: bash reads an array's parentheses only after the bare word.
  return `declare -${attributes} ${name}${value}`;
}

/** Shadowed by a function that `exit` ended: its locals are no variables of the session. */
function localNames(snapshot: Snapshot): Set<string> {
  const names = new Set<string>();
  for (const line of snapshot.sections.locals.split('\n')) {
    const name = /^(?:declare -\S+ |local )?([A-Za-z_]\w*)(?:=|$)/.exec(line)?.[1];
    if (name) names.add(name);
  }
  const stack = snapshot.sections.stack
    .split('\x01')
    .filter((name) => name && name !== 'source' && name !== 'main');
  for (const name of stack) {
    const begin = snapshot.sections.functions.indexOf(`${name} () \n`);
    if (begin < 0) continue;
    const end = snapshot.sections.functions.indexOf('\n}\n', begin);
    const body = snapshot.sections.functions.slice(begin, end < 0 ? undefined : end);
    for (const [, words] of body.matchAll(/\b(?:local|declare|typeset) ([^;\n]*)/g)) {
      for (const word of words!.split(/\s+/)) {
        const local = /^([A-Za-z_]\w*)(?:=|$)/.exec(word)?.[1];
        if (local) names.add(local);
      }
    }
  }
  return names;
}

/**
 * bash source (latin1) that makes a fresh bash, started with an empty environment, the one of the snapshot.
 * `earlier` lends the globals and arguments that functions were hiding when `exit` came.
 */
export function restoreScript(
  snapshot: Snapshot,
  options: {
    readonly earlier?: Snapshot | undefined;
    readonly exitTrap: string | undefined;
    readonly isOwnTrap: (command: string) => boolean;
  },
): string {
  const { sections } = snapshot;
  const inFunction = sections.stack
    .split('\x01')
    .some((name) => name && name !== 'source' && name !== 'main');
  const locals = inFunction ? localNames(snapshot) : new Set<string>();
  const globals = snapshot.declarations.filter(({ name }) => !locals.has(name));
  for (const before of options.earlier?.declarations ?? []) if (locals.has(before.name)) globals.push(before);
  const kept = globals.filter(({ name }) => !own.has(name));
  const present = new Set(kept.filter(({ source }) => source !== undefined).map(({ name }) => name));
  const argumentsFrom = inFunction && options.earlier ? options.earlier.sections : sections;
  const positional = argumentsFrom.arguments.split('\x01').slice(0, -1);
  const [, ...stack] = sections.directories.trimEnd().split('\n');
  const traps = trapCommands(sections.traps).filter(
    (trap) => !/ EXIT$/.test(trap) && !options.isOwnTrap(trap),
  );
  const silent = (command: string): string => `${command} 2>/dev/null`;
  const setOptions = sections.options
    .split('\n')
    .filter((line) => line && !/ (?:xtrace|verbose|noexec)$/.test(line));
  const isPosix = (line: string): boolean => / posix$/.test(line);
  return [
    ...sections.shopts
      .split('\n')
      .filter((line) => / extglob$/.test(line))
      .map(silent),
    `\\builtin cd -- ${quote(sections.cwd.replace(/\n$/, ''))} 2>/dev/null`,
    ...stack.reverse().map((directory) => `\\builtin pushd -n -- ${quote(directory)} >/dev/null 2>&1`),
    `\\builtin unset -v ${defaults.filter((name) => !present.has(name)).join(' ')} 2>/dev/null`,
    ...kept.map(restoreVariable).map(silent),
    sections.functions,
    ...sections.functionNames.split('\n').filter((line) => /^declare -f\w/.test(line)),
    sections.aliases.replace(/^(?=alias )/gm, '\\builtin '),
    `\\builtin set -- ${positional.map(quote).join(' ')}`,
    sections.umask,
    ...sections.disabled.split('\n').filter(Boolean).map(silent),
    ...traps.map((trap) => `\\builtin ${trap}`),
    ...(options.exitTrap ? [`\\builtin ${options.exitTrap}`] : []),
    // Before the shopts: to leave the POSIX mode turns expand_aliases off before bash 5.1.
    ...setOptions.filter(isPosix).map(silent),
    ...sections.shopts.split('\n').filter(Boolean).map(silent),
    ...setOptions.filter((line) => !isPosix(line)).map(silent),
  ].join('\n');
}
