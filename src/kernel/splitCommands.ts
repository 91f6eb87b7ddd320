// Cuts a cell between its complete top-level commands, so that the kernel learns the status of each and can hold
// before the next. Lines are never divided; where the grammar is in doubt the rest stays in one piece, and bash
// itself says what is wrong with it.

import { CommandScanner } from './commandScanner.ts';
import { GiveUp } from './shellScanner.ts';
import type { Piece } from './statuses.ts';

/** Their meaning hangs on the command before, or they reach over the whole file that is sourced. */
const needsBefore = /\$_\b|\$\{_\b|\bPIPESTATUS\b/;
const reachesOn = /\b(?:DEBUG|RETURN|BASH_LINENO|noexec)\b/;
const isFunction = /^\s*(?:function\s|[^\s()'"$]+\s*\(\s*\))/;
const onlyComments = /^(?:[ \t]*(?:#.*)?(?:\n|$))*$/;

/** Line numbers count from 0. Never throws; an empty text has no piece. */
export function splitCommands(text: string): Piece[] {
  const { parts, sure } = cut(text);
  const pieces: Piece[] = [];
  let line = 0;
  let held = '';
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    held += part;
    // Comments belong to what they stand above.
    if (onlyComments.test(held) && !isLast) continue;
    const lines = held.split('\n').length - (held.endsWith('\n') ? 1 : 0);
    const previous = pieces.at(-1);
    const joined = previous !== undefined && belongsTo(previous, held) ? previous : undefined;
    const own = held.replace(/\n$/, '');
    const piece = {
      text: joined ? `${joined.text}\n${own}` : own,
      start: joined?.start ?? line,
      end: line + lines,
      complete: sure || !isLast,
    };
    pieces.splice(pieces.length - (joined ? 1 : 0), 1, piece);
    line += lines;
    held = '';
  }
  return pieces;
}

/** After each complete command; `sure` where the last one is known to be complete, too. */
function cut(text: string): { readonly parts: readonly string[]; readonly sure: boolean } {
  const scanner = new CommandScanner(text);
  const ends: number[] = [];
  let sure = false;
  try {
    while (!scanner.atEnd) {
      const before = scanner.at;
      scanner.step(false);
      const ended = scanner.text[scanner.at - 1] === '\n' && scanner.at > before;
      if (ended && scanner.isComplete) ends.push(scanner.at);
    }
    sure = scanner.isComplete && !scanner.hasHeredocs && !scanner.cutShort && !text.endsWith('\\');
  } catch (error) {
    if (!(error instanceof GiveUp)) throw error;
  }
  const parts = [0, ...ends].map((start, index) => text.slice(start, ends[index])).filter(Boolean);
  return { parts, sure };
}

/** A `return` outside of a function ends what is sourced: the rest must be in the same piece. */
function belongsTo({ text: before }: Piece, text: string): boolean {
  const code = text.replace(/^\s*#.*$/gm, '');
  const returns = /\breturn\b/.test(before) && !isFunction.test(before.replace(/^\s*#.*\n/gm, ''));
  return needsBefore.test(code) || reachesOn.test(before) || onlyComments.test(text) || returns;
}
