// The bash code that the kernel sends into a session. Rules it keeps: no variable, function, alias or option of
// its own is left visible to a cell; builtins are called through `\builtin`, since a cell may define functions
// of their names; everything fits bash 3.2.
//
// Records go to the control FIFO as NUL-terminated fields: `<nonce><tag>`, fields, `<nonce>.`. Whatever else
// lands there (a user's DEBUG trap that prints) stands outside of a record and is skipped.

/** `text` as one word on one line, whatever it holds. NUL can't be said in bash and is dropped. */
export function quote(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (!/[\n\r\\']/.test(text)) return `'${text.replaceAll('\0', '')}'`;
  const escapes: Record<string, string> = {
    '\n': '\\n',
    '\r': '\\r',
    '\\': '\\\\',
    "'": "\\'",
    '\0': '',
  };
  return `$'${text.replace(/[\n\r\\'\0]/g, (char) => escapes[char]!)}'`;
}

export interface DriverPaths {
  /** Private to one bash; its files `state`, `exit` and `failure` are sourced. */
  readonly directory: string;
  /** FIFO for records to the host. */
  readonly control: string;
  readonly nonce: string;
}

const silent = (code: string): string => `{ ${code} } 2>/dev/null`;

function record(paths: DriverPaths, tag: string, fields: string): string {
  return `\\builtin printf '%s\\0' '' ${paths.nonce}${tag} ${fields} ${paths.nonce}. >>${quote(paths.control)};`;
}

/** Ends a piece's text: its last status with every pipeline stage. Not reached after a syntax error or `return`. */
export function tailReport(paths: DriverPaths, passStatus: boolean): string {
  const report = record(paths, 'status', '"$?" "${PIPESTATUS[@]}"');
  if (!passStatus) return silent(report);
  // A function's scope would be the only place for a variable: the positional parameters are the user's too.
  return `\\builtin eval "${silent(report).replace(/["$\\`]/g, '\\$&')}; \\builtin return $?"`;
}

/** What the ERR trap of a run sources, with `"$LINENO"` as its argument. */
export function failureReport(paths: DriverPaths): string {
  return silent(record(paths, 'failure', '"$?" "$1" "${BASH_COMMAND:0:1000}" "${PIPESTATUS[@]}"'));
}

/** Makes the session's outputs those of a cell. */
export function openOutputs(stdout: string, stderr: string): string {
  return `${silent(`\\exec </dev/null >>${quote(stdout)};`)}\n\\exec 2>>${quote(stderr)}`;
}

/** Undoes what a bare `exec > file` left behind as well. */
export const closeOutputs = '{ \\exec </dev/null >/dev/null; } 2>/dev/null\n\\exec 2>/dev/null';

/** `done status flags traps cwd jobs`: the piece is over, however it ended. */
export function doneReport(paths: DriverPaths): string {
  return silent(`{ ${doneFields(paths)} ${doneEnd(paths)} } >>${quote(paths.control)};`);
}

/**
 * `done` of the last piece, which ends tracing and closes the cell's outputs as well. The record is whole only when
 * they are closed: whoever hears it and finds an output still open knows that some other process holds it. */
export function lastReport(paths: DriverPaths): string {
  const control = quote(paths.control);
  return [
    silent(`{ ${doneFields(paths)} } >>${control}; \\builtin set +xv;`),
    closeOutputs,
    silent(`{ ${doneEnd(paths)} } >>${control};`),
  ].join('\n');
}

function doneFields(paths: DriverPaths): string {
  const head = `\\builtin printf '%s\\0' '' ${paths.nonce}done "$?" "$-";`;
  return `${head} \\builtin trap -p EXIT ERR; \\builtin printf '\\0'; \\builtin pwd; \\builtin printf '\\0'; \\builtin jobs -pr;`;
}

const doneEnd = (paths: DriverPaths): string => `\\builtin printf '\\0%s\\0' ${paths.nonce}.;`;

/** Runs the text that lies in the file `cell`; `before` comes first. */
export function sourceText(paths: DriverPaths, before: string, complete: boolean): string {
  const file = quote(`${paths.directory}/cell`);
  if (complete) return `${before}\n. ${file}`;
  // bash 5.2 corrupts its heap on an unclosed `$(` in a sourced file: what may not parse is tried on another first.
  const tried = `"\${BASH:-bash}" -O extglob -n ${file}`;
  return `if ${tried} 2>/dev/null; then ${before}\n. ${file}\nelse ${tried}; fi`;
}

/** Sets `$?` without tripping `set -e` or an ERR trap, and the tracing flags, which the kernel keeps off. */
export function restoreStatus(status: number, flags: string): string {
  const trace = flags ? `\\builtin set -${flags};` : '';
  if (status === 0) return trace ? silent(trace) : ':';
  return silent(`${trace} (\\builtin exit ${status}) && :;`);
}

const exitHook = (paths: DriverPaths): string => `\\. ${quote(`${paths.directory}/exit`)}`;
const failureHook = (paths: DriverPaths): string => `\\. ${quote(`${paths.directory}/failure`)} "$LINENO"`;

/** Puts the kernel's EXIT trap, and its ERR trap where the user has none, for the time of a piece. */
export function armTraps(paths: DriverPaths, errors: boolean): string {
  const arm = `\\builtin trap ${quote(exitHook(paths))} EXIT;`;
  return silent(errors ? `${arm} \\builtin trap ${quote(failureHook(paths))} ERR;` : arm);
}

/** Gives the user's traps back. */
export function disarmTraps(traps: {
  readonly exitTrap: string | undefined;
  readonly errorTrap: string | undefined;
}): string {
  const exit = traps.exitTrap ?? 'trap - EXIT';
  const error = traps.errorTrap ?? 'trap - ERR';
  // A line each: what a user's trap says may span lines.
  return `{ \\builtin ${exit}\n\\builtin ${error}\n} 2>/dev/null`;
}

/** True for a command that the kernel put there. */
export function isOwnTrap(paths: Pick<DriverPaths, 'directory'>, command: string): boolean {
  return command.includes(paths.directory);
}

/** Asks for the whole state: record `state`. */
export function requestState(paths: DriverPaths): string {
  return `{ \\. ${quote(`${paths.directory}/state`)}; } 2>/dev/null`;
}

/**
 * `declare -p` by itself tells no attributes before bash 4. There every name is given, found by its first letter: no
 * process is started for it, and no IFS of a cell's splits them.
 */
const everyName = [...'_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ']
  .map((letter) => `"\${!${letter}@}"`)
  .join(' ');
const variables = `{ \\builtin test "\${BASH_VERSINFO[0]}" -ge 4 && \\builtin declare -p; } || \\builtin declare -p ${everyName} || :`;

const sections = [
  variables,
  '\\builtin declare -f',
  '\\builtin declare -F',
  '\\builtin alias -p',
  '\\builtin shopt -p',
  '\\builtin set +o',
  '\\builtin trap -p',
  '\\builtin umask -p',
  '\\builtin pwd',
  '\\builtin dirs -l -p',
  '\\builtin enable -n',
  '\\builtin jobs -pr',
  '\\builtin printf "%s\\1" ${1+"$@"}',
  '\\builtin printf "%s\\1" ${FUNCNAME[0]+"${FUNCNAME[@]}"}',
  '\\builtin local -p || :',
] as const;

export const sectionNames = [
  'status',
  'flags',
  'variables',
  'functions',
  'functionNames',
  'aliases',
  'shopts',
  'options',
  'traps',
  'umask',
  'cwd',
  'directories',
  'disabled',
  'jobs',
  'arguments',
  'stack',
  'locals',
] as const;

/** The whole state, each section a field: `<nonce><tag> status section …`. */
export function dump(paths: DriverPaths, tag: 'state' | 'exit'): string {
  const head = `\\builtin printf '%s\\0' '' ${paths.nonce}${tag} "$?" "$-";`;
  const body = sections.map((section) => `${section}; \\builtin printf '\\0';`).join(' ');
  return `{ ${head} ${body} \\builtin printf '%s\\0' ${paths.nonce}.; } >>${quote(paths.control)} 2>/dev/null`;
}
