// A code cell as the rules see it: its text as it would run, its commands, and the way back to places in the file.

import type { SourceRange } from '../base/problem.ts';
import type { DocumentCell } from '../document/documentCell.ts';
import { isShellTag } from '../document/languages.ts';
import { runnableText } from '../document/runnableText.ts';
import type { Assessment } from '../shell/assess.ts';
import { assessOnce } from '../shell/assessOnce.ts';
import type { ShellParser } from '../shell/shellParser.ts';
import { type CallSite, callsOf } from './callSite.ts';

export interface LintCell {
  readonly cell: DocumentCell;
  /** Place among the document's cells. */
  readonly index: number;
  /** What the kernel would get; the offsets of calls count in it. */
  readonly text: string;
  /** Null where the cell is no bash, or is not executable. */
  readonly assessment: Assessment | null;
  readonly calls: readonly CallSite[];
  /** The file's range of two offsets in `text`. */
  rangeOf(start: number, end: number): SourceRange;
}

export function lintCellOf(cell: DocumentCell, index: number, parser: ShellParser): LintCell {
  const { text, promptLengths } = runnableText(cell);
  const isBash = cell.executable && isShellTag(cell.language) && cell.language !== 'zsh';
  const assessment = isBash ? assessOnce(parser, text) : null;
  const calls = assessment ? callsOf(parser, text, assessment.placeholders) : [];
  const starts = lineStarts(text);
  const place = (offset: number): [number, number] => {
    const line = lineAt(starts, offset);
    const cut = (cell.layout.cuts[line] ?? 0) >> 2;
    const padded = (cell.layout.cuts[line] ?? 0) & 3;
    const column = offset - starts[line]! + (promptLengths[line] ?? 0);
    return [cell.textLine + line, Math.max(column + cut - padded, 0)];
  };
  return {
    cell,
    index,
    text,
    assessment,
    calls,
    rangeOf(start, end) {
      const [line, character] = place(start);
      const [endLine, endCharacter] = place(end);
      return { line, character, endLine, endCharacter };
    },
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
