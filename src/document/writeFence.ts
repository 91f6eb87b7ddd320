// A fence written: anew, or an old one with another body.

import type { SlicedCell } from './cellLayout.ts';
import { shownLines } from './cellLayout.ts';
import { keptLines } from './keptLines.ts';
import { columnsOf, continuedPrefix, prefixed } from './linePrefix.ts';
import { endingOf, joinPieces, type LineEnding, withoutEnding } from './sourceLines.ts';

export interface NewFence {
  readonly info: string;
  readonly lines: readonly string[];
  /** What stands before the opening marker. */
  readonly prefix: string;
  readonly ending: LineEnding;
  /** The marker to use where it is long enough. */
  readonly marker?: string;
}

export function writeFence({ info, lines, prefix, ending, marker = '```' }: NewFence): string {
  const char = info.includes('`') ? '~' : marker[0]!;
  const run = char.repeat(Math.max(marker.length, neededLength(lines, char)));
  const further = continuedPrefix(prefix);
  const body = lines.map((line) => prefixed(further, line) + ending);
  return `${prefix}${run}${info}${ending}${body.join('')}${further}${run}${ending}`;
}

/** Lines of a cell's value; none for the empty one. */
export function valueLines(value: string): string[] {
  return value === '' ? [] : value.split('\n');
}

/** Longer than every run of the marker that begins a line, so that none can close the fence. */
function neededLength(lines: readonly string[], char: string): number {
  const begins = char === '~' ? /^[ \t]*(~{3,})/ : /^[ \t]*(`{3,})/;
  return lines.reduce((most, line) => Math.max(most, (begins.exec(line)?.[1]?.length ?? 0) + 1), 3);
}

/**
 * The fence with `lines` as its body. Lines that were there keep their source; new ones get the fence's own
 * prefix and the file's line ending; markers change only where the body would close them.
 */
export function rewriteFence(
  sliced: SlicedCell,
  lines: readonly string[],
  ending: LineEnding,
  info?: string,
): string {
  const { layout } = sliced;
  const opening = sliced.open.slice(0, layout.openColumn);
  const kept = keptLines(shownLines(sliced), lines);
  const changed = lines.filter((_, index) => kept[index] === -1);
  const marker = /^(`+|~+)/.exec(sliced.open.slice(layout.openColumn))?.[0] ?? '```';
  const run = neededRun(marker, changed);
  const oldInfo = withoutEnding(sliced.open).slice(layout.openColumn + marker.length);
  const open = `${opening}${run}${info ?? oldInfo}${endingOf(sliced.open)}`;
  const prefix = continuedPrefix(opening);
  let near = prefixNear(sliced, 0, prefix);
  const body = lines.map((line, index) => {
    const old = kept[index]!;
    if (old < 0) return prefixed(near, line) + ending;
    near = prefixNear(sliced, old, prefix);
    return sliced.body[old]!;
  });
  return (
    sliced.lead.join('') + endLines([open, ...body], sliced, ending) + lengthened(sliced.close, marker, run)
  );
}

function neededRun(marker: string, changed: readonly string[]): string {
  const needed = neededLength(changed, marker[0]!);
  return marker[0]!.repeat(Math.max(marker.length, needed));
}

function lengthened(close: string, marker: string, run: string): string {
  if (run.length === marker.length) return close;
  const own = marker[0] === '~' ? /~+/ : /`+/;
  return close.replace(own, (old) => (old.length < run.length ? run : old));
}

/** The prefix that the source line itself has, where it is whole; else the one made of the opening line's. */
function prefixNear({ body, layout }: SlicedCell, index: number, otherwise: string): string {
  const line = body[index];
  const cut = layout.cuts[index] ?? 0;
  if (line === undefined || (cut & 3) !== 0) return otherwise;
  const own = line.slice(0, cut >> 2);
  const same = /^[ \t]*$/.test(own + otherwise) && columnsOf(own) === columnsOf(otherwise);
  return same && /\S/.test(line.slice(cut >> 2)) ? own : otherwise;
}

/** Every line ends; only that of an unclosed fence at the very end of the file may stay as it was. */
function endLines(lines: readonly string[], sliced: SlicedCell, ending: LineEnding): string {
  const lastOld = sliced.body.at(-1) ?? sliced.open;
  const openEnd = sliced.close === '' && sliced.gap.length === 0 && endingOf(lastOld) === '';
  const ended = lines.map((line, index) => {
    const isLast = index === lines.length - 1;
    // Without its line feed an empty last line would not be there.
    if (isLast && openEnd && /[^ \t>\r\n]/.test(line)) return withoutEnding(line);
    return endingOf(line) === '' ? line + ending : line;
  });
  return joinPieces(ended);
}
