// Where a suppression of one problem goes: a comment line of its own before the fence, or before the line, as
// `suppressions.ts` reads it.

import type { Problem, SourceRange } from '../base/problem.ts';
import { lintCodes } from './rules/lintRules.ts';

const own = /^\s*<!--\s*lint-disable-next\b(?![^>]*\s--\s)[^>]*?(\s*-->)\s*$/;

export interface Suppressing {
  readonly title: string;
  readonly range: SourceRange;
  readonly text: string;
}

/** The comment, for whoever puts it somewhere else. */
export function suppressionOf(code: string): string {
  return `<!-- lint-disable-next ${code} -->`;
}

/**
 * The edit of the file's text; undefined where the comment would break what it stands in, or suppress nothing.
 * @param lines of the file, without line ends
 * @param fenceLine of the cell that holds the problem; undefined for one of the text between
 */
export function suppressing(
  { code, range }: Problem,
  lines: readonly string[],
  fenceLine: number | undefined,
  newline: string,
): Suppressing | undefined {
  if (!lintCodes.has(code)) return undefined;
  const line = fenceLine ?? range.line;
  const text = lines[line] ?? '';
  const before = lines[line - 1] ?? '';
  const title = `Suppress ${code} here`;
  const place = (at: number, character: number): SourceRange => ({
    line: at,
    character,
    endLine: at,
    endCharacter: character,
  });
  const found = own.exec(before);
  if (found) {
    const end = before.lastIndexOf(found[1]!);
    return { title, range: place(line - 1, end), text: ` ${code}` };
  }
  // A fence may follow text at once; a comment inside of a paragraph, a list or a table is another matter.
  const indent = /^[ \t]*/.exec(text)![0];
  const alone = fenceLine === undefined ? indent === '' && before.trim() === '' : /^[`~]/.test(text.trim());
  if (!alone || line === 0) return undefined;
  return { title, range: place(line, 0), text: `${indent}${suppressionOf(code)}${newline}` };
}
