// A later version of a document that was read already: only what lies between two sure cell beginnings around the
// change is parsed again. A cell begins surely where its heading or fence stands at the margin: whatever is above,
// CommonMark begins a new block there, unless a fence or an HTML block is still open.

import type { DocumentCell } from './documentCell.ts';
import { HeadingTrail, type TitledHeading } from './headingTrail.ts';
import { type DocumentReading, readDocument } from './parseDocument.ts';
import { lineStartsOf } from './sourceLines.ts';

/** What `readDocument(source)` gives; its cost is that of the changed part, and of comparing the two texts. */
export function rereadDocument(before: DocumentReading, source: string): DocumentReading {
  if (source === before.source) return before;
  if (couldGainFrontMatter(before)) return readDocument(source);
  const starts = cellStarts(before);
  const { head, tail } = unchangedEnds(before.source, source);
  const { cells } = before.document;
  const first = lastSureStart(cells, starts, head);
  if (first < 0) return readDocument(source);
  for (let next = firstSureStart(cells, starts, first + 1, before.source.length - tail); ; ) {
    const to = source.length - (before.source.length - starts[next]!);
    const middle = readDocument(source.slice(starts[first], to));
    const isWhole = next === cells.length;
    if (isWhole || (!middle.endsOpen && /[\r\n]/.test(source[to - 1]!)))
      return joined(before, source, first, next, middle);
    // What the change left open reaches further: try from twice as far.
    next = firstSureStart(cells, starts, 2 * next - first, before.source.length - tail);
  }
}

/** A first line that would open front matter, if only a line further down closed it. */
function couldGainFrontMatter({ source, document }: DocumentReading): boolean {
  return /^\ufeff?(?:---|\+\+\+|\{)/.test(source) && /^[\ufeff\s]*$/.test(document.preamble);
}

/** Where each cell starts in the source, and at the end the source's length. */
function cellStarts({ document }: DocumentReading): number[] {
  let at = document.preamble.length;
  const starts = document.cells.map(({ raw }) => {
    at += raw.length;
    return at - raw.length;
  });
  starts.push(at);
  return starts;
}

/** How many characters at the beginning, and of the rest at the end, are the same. */
function unchangedEnds(one: string, other: string): { head: number; tail: number } {
  const shorter = Math.min(one.length, other.length);
  const chunk = 4096;
  let head = 0;
  while (head + chunk <= shorter && one.slice(head, head + chunk) === other.slice(head, head + chunk))
    head += chunk;
  while (head < shorter && one.charCodeAt(head) === other.charCodeAt(head)) head++;
  const left = shorter - head;
  const piece = (text: string, from: number): string =>
    text.slice(text.length - from - chunk, text.length - from);
  let tail = 0;
  while (tail + chunk <= left && piece(one, tail) === piece(other, tail)) tail += chunk;
  while (tail < left && one.charCodeAt(one.length - 1 - tail) === other.charCodeAt(other.length - 1 - tail))
    tail++;
  return { head, tail };
}

/** What makes a cell's beginning sure; undefined where it is not. */
function sureOpening({ kind, layout, raw }: DocumentCell): RegExpExecArray | null {
  if (kind === 'markup') return /^#{1,6}(?=[ \t\r\n]).*(?:\r\n|\r|\n)/.exec(raw);
  if (layout.openColumn !== 0) return null;
  const lines = new RegExp(`^(?:.*(?:\\r\\n|\\r|\\n)){${layout.lead + 1}}`).exec(raw);
  return lines && (layout.lead === 0 || raw.startsWith('<')) ? lines : null;
}

function lastSureStart(cells: readonly DocumentCell[], starts: readonly number[], head: number): number {
  for (let index = cells.length - 1; index >= 0; index--) {
    if (starts[index]! >= head) continue;
    const opening = sureOpening(cells[index]!);
    if (opening && starts[index]! + opening[0].length <= head) return index;
  }
  return -1;
}

function firstSureStart(
  cells: readonly DocumentCell[],
  starts: readonly number[],
  from: number,
  changedUntil: number,
): number {
  let index = from;
  while (index < cells.length && (starts[index]! < changedUntil || !sureOpening(cells[index]!))) index++;
  return Math.min(index, cells.length);
}

/** The cells before `first`, those of `middle`, and those from `next` on. */
function joined(
  before: DocumentReading,
  source: string,
  first: number,
  next: number,
  middle: DocumentReading,
): DocumentReading {
  const { cells, preamble, settings, problems } = before.document;
  const firstLine = startLine(cells[first]!);
  const oldNextLine = next < cells.length ? startLine(cells[next]!) : Number.POSITIVE_INFINITY;
  const by = next < cells.length ? firstLine + lineStartsOf(middle.source).length - 1 - oldNextLine : 0;
  const headings = joinedHeadings(before.headings, middle.headings, firstLine, oldNextLine, by);
  const fresh = withHeadings(
    cells[first - 1],
    middle.document.cells.map((cell) => movedBy(cell, firstLine)),
    cells.slice(next).map((cell) => movedBy(cell, by)),
    { headings, same: sameTitles(before.headings, headings) },
  );
  return {
    source,
    document: {
      preamble,
      cells: [...cells.slice(0, first), ...fresh],
      settings,
      problems: [
        ...problems.filter(({ range }) => range.line < firstLine),
        ...middle.document.problems.map((problem) => ({
          ...problem,
          range: rangeBy(problem.range, firstLine),
        })),
        ...problems
          .filter(({ range }) => range.line >= oldNextLine)
          .map((problem) => ({ ...problem, range: rangeBy(problem.range, by) })),
      ],
    },
    headings,
    endsOpen: next < cells.length ? before.endsOpen : middle.endsOpen,
  };
}

/** The line that a cell's slice begins on. */
function startLine({ lines, layout }: DocumentCell): number {
  return lines[0] - layout.lead;
}

function joinedHeadings(
  old: readonly TitledHeading[],
  middle: readonly TitledHeading[],
  firstLine: number,
  oldNextLine: number,
  by: number,
): TitledHeading[] {
  const moved = (heading: TitledHeading, lines: number): TitledHeading =>
    lines === 0 ? heading : { ...heading, line: heading.line + lines };
  return [
    ...old.filter(({ line }) => line < firstLine),
    ...middle.map((heading) => moved(heading, firstLine)),
    ...old.filter(({ line }) => line >= oldNextLine).map((heading) => moved(heading, by)),
  ];
}

function sameTitles(old: readonly TitledHeading[], now: readonly TitledHeading[]): boolean {
  return (
    old.length === now.length &&
    old.every(({ level, title }, index) => level === now[index]!.level && title === now[index]!.title)
  );
}

/** Cells under one heading share one array, those before and behind the parsed ones too. */
function withHeadings(
  above: DocumentCell | undefined,
  parsed: readonly DocumentCell[],
  below: readonly DocumentCell[],
  { headings, same }: { readonly headings: readonly TitledHeading[]; readonly same: boolean },
): DocumentCell[] {
  const trail = new HeadingTrail(headings);
  const own = new Map<readonly string[], readonly string[]>();
  if (above) own.set(trail.at(above.lines[0]), above.headings);
  const trails = [...parsed, ...below.slice(0, same ? 1 : undefined)].map(({ lines }) => trail.at(lines[0]));
  if (same && below[0]) own.set(trails.at(-1)!, below[0].headings);
  const titled = (cell: DocumentCell, index: number): DocumentCell => {
    const fresh = trails[index]!;
    return { ...cell, headings: own.get(fresh) ?? fresh };
  };
  if (same) return [...parsed.map(titled), ...below];
  return [...parsed, ...below].map(titled);
}

function movedBy(cell: DocumentCell, by: number): DocumentCell {
  if (by === 0) return cell;
  const lines = ([start, end]: readonly [number, number]): [number, number] => [start + by, end + by];
  return {
    ...cell,
    lines: lines(cell.lines),
    textLine: cell.textLine + by,
    ...(cell.offers ? { offers: cell.offers.map((offer) => ({ ...offer, lines: lines(offer.lines) })) } : {}),
  };
}

function rangeBy(range: DocumentReading['document']['problems'][number]['range'], by: number): typeof range {
  return { ...range, line: range.line + by, endLine: range.endLine + by };
}
