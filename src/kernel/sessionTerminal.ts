// A terminal that has what the session has: variables, functions, aliases and directory, handed over through a
// FIFO as to a fresh bash, so that none of it touches the disk or shows among a process's arguments.

import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isOwnTrap, quote } from './driver.ts';
import type { SessionContext } from './sessionContext.ts';
import { restoreScript, type Snapshot } from './snapshot.ts';
import { Terminal, type TerminalOptions } from './terminal.ts';
import type { OutputSink } from './types.ts';

/** The others belong to a shell without a person before it (line editing, job control), or would end this one. */
const keptOptions = / (?:pipefail|noglob|noclobber|allexport|posix)$/;
const droppedShopts = / (?:expand_aliases|progcomp|checkwinsize|checkhash|hostcomplete|cmdhist)$/;

const linesOf = (text: string, keep: (line: string) => boolean): string =>
  text.split('\n').filter(keep).join('\n');

/** bash source (latin1); `PS1` is the session's own where a cell has set one. */
function handOver(context: SessionContext, snapshot: Snapshot): string {
  const { options, shopts } = snapshot.sections;
  const sections = {
    ...snapshot.sections,
    options: linesOf(options, (line) => keptOptions.test(line)),
    shopts: linesOf(shopts, (line) => !droppedShopts.test(line)),
  };
  const script = restoreScript(
    { ...snapshot, sections },
    // The terminal's end is not the session's: the user's EXIT trap stays with the original.
    { exitTrap: undefined, isOwnTrap: (command) => isOwnTrap(context, command) },
  );
  const hasPrompt = snapshot.declarations.some(({ name }) => name === 'PS1');
  return [
    script,
    '\\builtin shopt -s expand_aliases checkwinsize 2>/dev/null',
    'export TERM=xterm-256color',
    ...(hasPrompt ? [] : ["PS1='\\w \\$ '"]),
  ].join('\n');
}

export interface SessionTerminalOptions extends Omit<TerminalOptions, 'command'> {
  /** bash source to run in it; default: an interactive bash. */
  readonly command?: string;
}

export async function openSessionTerminal(
  context: SessionContext,
  snapshot: Snapshot,
  exported: Readonly<Record<string, string>>,
  sink: OutputSink,
  { command, ...size }: SessionTerminalOptions,
): Promise<Terminal> {
  const name = context.nextName();
  const fifo = path.join(context.directory, `${name}-state`);
  const start = path.join(context.directory, `${name}-start`);
  await context.supervisor.makeFifos([path.basename(fifo)]);
  writeFileSync(start, `{ \\builtin eval "$(<${quote(fifo)})"; } 2>/dev/null\n`, { mode: 0o600 });
  const bash = context.options.bashPath ?? 'bash';
  const terminal = await Terminal.open({
    ...size,
    command:
      command === undefined
        ? [bash, '--noprofile', '--init-file', start, '-i']
        : [bash, '--norc', '--noprofile', '-c', `. ${quote(start)}; \\builtin eval ${quote(command)}`],
    bashPath: bash,
    cwd: snapshot.cwd,
    env: exported,
    sink,
  });
  context.addGroup(terminal.pid);
  await Promise.race([writeFile(fifo, handOver(context, snapshot), 'latin1'), terminal.exited]);
  return terminal;
}
