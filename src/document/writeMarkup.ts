// Markdown written: anew, or an old cell's with another text.

import { type SlicedCell, shownLines } from './cellLayout.ts';
import { keptLines, replacedLines } from './keptLines.ts';
import { prefixed } from './linePrefix.ts';
import { endingOf, joinPieces, type LineEnding, withoutEnding } from './sourceLines.ts';

/** Without blank lines at either end; they are the room between cells. */
function trimBlankLines(value: string): string[] {
  const lines = value.split('\n');
  const isBlank = (line: string | undefined): boolean => line !== undefined && /^[ \t]*$/.test(line);
  while (isBlank(lines[0])) lines.shift();
  while (isBlank(lines.at(-1))) lines.pop();
  return lines;
}

/** Empty for an empty text. `first` stands before the first line, `prefix` before the others. */
export function writeMarkup(value: string, ending: LineEnding, first = '', prefix = first): string {
  const lines = trimBlankLines(value);
  return lines.map((line, index) => prefixed(index === 0 ? first : prefix, line) + ending).join('');
}

/**
 * Lines that were there keep their source; one that stands in the place of another takes that one's indent, and any
 * other that of the line before it.
 */
export function rewriteMarkup(sliced: SlicedCell, value: string, ending: LineEnding): string {
  const lines = trimBlankLines(value);
  const kept = keptLines(shownLines(sliced), lines);
  const prefixOf = (index: number): string => {
    const cut = sliced.layout.cuts[index] ?? 0;
    return cut & 3 ? '' : sliced.body[index]!.slice(0, cut >> 2);
  };
  const replaced = replacedLines(kept, sliced.body.length);
  let near = sliced.body.length > 0 ? prefixOf(0) : '';
  const written = lines.map((line, index) => {
    const old = kept[index]!;
    const place = replaced[index]!;
    if (old < 0 && place >= 0 && /\S/.test(sliced.body[place]!)) near = prefixOf(place);
    if (old < 0) return prefixed(near, line) + ending;
    if (/\S/.test(sliced.body[old]!)) near = prefixOf(old);
    const source = sliced.body[old]!;
    return endingOf(source) === '' ? source + ending : source;
  });
  const lastOld = sliced.body.at(-1);
  const last = written.pop();
  if (last === undefined) return '';
  const bare = sliced.gap.length === 0 && lastOld !== undefined && endingOf(lastOld) === '';
  return joinPieces([...written, bare ? withoutEnding(last) : last]);
}
