// What the commands share: paths, flags, all of standard input.

import { posix } from 'node:path';
import type { CommandContext } from './program.ts';

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
