// What a command prints, where that needs no run.

import type { Stdin } from './call.ts';
import type { Word } from './word.ts';

/** What a command prints, where that needs no run: `echo`, `printf`, `cat` of a heredoc. */
export function staticOutput(words: readonly Word[], stdin: Stdin): string | undefined {
  const [first, ...rest] = words;
  if (first?.value === 'cat' && rest.length === 0) return stdin.kind === 'text' ? stdin.text : undefined;
  if (first?.value !== 'echo' && first?.value !== 'printf') return undefined;
  if (rest.some((word) => word.multiple)) return undefined;
  const values = rest
    .map((word) => word.value)
    .filter((value, index) => !(index === 0 && /^-[neE]+$/.test(value)));
  if (first.value === 'echo') return `${values.join(' ')}\n`;
  return values.length === 1 && !values[0]!.includes('%') ? values[0]!.replaceAll('\\n', '\n') : undefined;
}
