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
