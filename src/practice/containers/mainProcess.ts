// A container whose pod gives it a command: that command runs in the sandbox as the container's process.

import { PassThrough } from 'node:stream';
import { builtInCommands } from './builtInCommands.ts';
import type { ContainerRun } from './containerRun.ts';
import { runCommand } from './runCommand.ts';

const shells = new Set(['busybox', 'alpine', 'ubuntu', 'debian', 'bash']);

/** Starts the command of the container's spec, if there is one; `ended` gets its exit code. */
export function runProcess(one: ContainerRun, ended: (exitCode: number) => void): void {
  const argv: string[] = [...(one.spec.command ?? []), ...(one.spec.args ?? [])];
  if (argv.length === 0) {
    const bare = shells.has(one.program.image.split('/').pop()!);
    if (!bare) return;
    argv.push('sh');
  } else if (!one.spec.command && !isCommand(one, argv[0]!)) return;
  if (one.program.health || one.program.answer) return;
  const abort = new AbortController();
  const stdin = new PassThrough();
  if (!one.spec.stdin) stdin.end();
  one.process = { stdin, abort };
  let rest = '';
  const print = (data: string | Buffer): void => {
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop()!;
    for (const line of lines) one.print(line);
  };
  void runCommand(one, argv, { stdin, out: print, err: print, signal: abort.signal }).then((exitCode) => {
    if (rest) one.print(rest);
    if (!abort.signal.aborted) ended(exitCode);
  });
}

/** Arguments alone are the image's own business, unless they name a command. */
function isCommand(one: ContainerRun, word: string): boolean {
  return word in builtInCommands || word in (one.program.commands ?? {});
}
