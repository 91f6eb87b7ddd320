// Runs one command in a container: a table of commands on its file tree, nothing of this machine.

import { posix } from 'node:path';
import { builtInCommands } from './builtInCommands.ts';
import { FileError } from './fileTree.ts';
import type { CommandContext, ContainerView, Program } from './program.ts';

export interface Streams {
  readonly stdin: AsyncIterable<Buffer>;
  readonly out: (data: string | Buffer) => void;
  readonly err: (text: string) => void;
  readonly signal: AbortSignal;
  readonly tty?: boolean;
}

type Runnable = ContainerView & { readonly program: Program };

/** Ends with the exit code; 127 for a command that isn't there, with the runtime's message. */
export async function runCommand(view: Runnable, argv: readonly string[], streams: Streams): Promise<number> {
  const env = { ...view.env };
  const context = (words: readonly string[], over: Partial<CommandContext> = {}): CommandContext => {
    const base: CommandContext = {
      argv: words,
      view,
      env,
      cwd: view.spec.workingDir ?? '/',
      ...streams,
      run,
    };
    return { ...base, ...over, argv: words };
  };
  async function run(words: readonly string[], over: Partial<CommandContext> = {}): Promise<number> {
    const own = context(words, over);
    const name = posix.basename(words[0] ?? '');
    const command = view.program.commands?.[name] ?? builtInCommands[name];
    if (!command) {
      own.err(`sh: ${words[0]}: not found\n`);
      return 127;
    }
    try {
      return await command({ ...own, run: (next, more) => run(next, { ...over, ...more }) });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      own.err(`${name}: ${error.message}\n`);
      return 1;
    }
  }
  return run(argv);
}

/** Whether `word` is a command here: the runtime refuses to start what isn't. */
export function hasCommand(view: Runnable, word: string): boolean {
  const name = posix.basename(word);
  return name in (view.program.commands ?? {}) || name in builtInCommands;
}

/** A path as the command's directory has it. */
export function pathIn(context: CommandContext, path: string): string {
  return posix.resolve(context.cwd, path);
}

/** All of standard input. */
export async function readAll(stdin: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Splits arguments into flags and the rest: `-la` is `l` and `a`; those of `valued` take the next word. */
export function readFlags(
  argv: readonly string[],
  valued: readonly string[] = [],
): { flags: Map<string, string>; rest: string[] } {
  const flags = new Map<string, string>();
  const rest: string[] = [];
  for (let index = 1; index < argv.length; index += 1) {
    const word = argv[index]!;
    if (word === '--') {
      rest.push(...argv.slice(index + 1));
      break;
    }
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(word);
    if (long) {
      const needs = long[2] === undefined && valued.includes(long[1]!);
      flags.set(long[1]!, needs ? (argv[++index] ?? '') : (long[2] ?? ''));
    } else if (/^-./.test(word) && !/^-\d+$/.test(word)) {
      for (let at = 1; at < word.length; at += 1) {
        const letter = word[at]!;
        if (!valued.includes(letter)) flags.set(letter, '');
        else {
          flags.set(letter, word.slice(at + 1) || (argv[++index] ?? ''));
          break;
        }
      }
    } else rest.push(word);
  }
  return { flags, rest };
}
