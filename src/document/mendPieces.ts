// The proof of the writing: the text is read again, and where it does not give the notebook's code cells, the
// cells in the way are written more carefully.

import { markdownBlocks, plainLines } from './markdownBlocks.ts';
import type { Piece } from './notebookPieces.ts';
import { parseText } from './parseDocument.ts';
import { lineStartsOf } from './sourceLines.ts';
import type { Mend } from './writePieces.ts';

const maxRounds = 12;

interface Expected {
  readonly text: string;
  readonly piece: Piece;
}

/** The best text that `write` gives: at its best one that reads back exactly. */
export function mendPieces(
  pieces: readonly Piece[],
  preamble: string,
  plainly: (mends: ReadonlyMap<Piece, Mend>) => string,
): string {
  const expected = expectedCells(pieces);
  const mends = new Map<Piece, Mend>();
  const write = (): string => withoutNewFrontMatter(plainly(mends), preamble);
  let text = write();
  for (let round = 0; round < maxRounds; round++) {
    const wrong = firstDifference(expected, text);
    if (wrong < 0) return text;
    if (!addMends(pieces, expected, wrong, mends)) return text;
    text = write();
  }
  return text;
}

/** A rule that came to stand on the first line must not make settings of what follows: a blank line before it. */
function withoutNewFrontMatter(text: string, preamble: string): string {
  if (/[^\ufeff\s]/.test(preamble) || !/^\ufeff?(?:---|\+\+\+|\{)/.test(text)) return text;
  if (!/[^\ufeff\s]/.test(parseText(text).preamble)) return text;
  const mark = text.startsWith('\ufeff') ? 1 : 0;
  return `${text.slice(0, mark)}\n${text.slice(mark)}`;
}

/** The code cells of the notebook, and those that an edited Markdown cell spells out itself. */
function expectedCells(pieces: readonly Piece[]): Expected[] {
  return pieces.flatMap((piece): Expected[] => {
    if (piece.shape.kind === 'code') return [{ text: piece.value, piece }];
    if (piece.state === 'kept' || !/```|~~~/.test(piece.value)) return [];
    const cells = parseText(piece.value).cells.filter((cell) => cell.kind === 'code');
    return cells.map((cell) => ({ text: cell.text, piece }));
  });
}

function firstDifference(expected: readonly Expected[], text: string): number {
  const found = parseText(text).cells.filter((cell) => cell.kind === 'code');
  for (let index = 0; index < Math.max(expected.length, found.length); index++) {
    if (expected[index]?.text !== found[index]?.text) return index;
  }
  return -1;
}

/** False when there is nothing left to try. */
function addMends(
  pieces: readonly Piece[],
  expected: readonly Expected[],
  wrong: number,
  mends: Map<Piece, Mend>,
): boolean {
  const target = expected[wrong]?.piece;
  const until = target ? pieces.indexOf(target) : pieces.length - 1;
  let added = false;
  for (let index = until; index >= 0; index--) {
    const piece = pieces[index]!;
    const mend = mends.get(piece) ?? {};
    if (piece.shape.kind === 'code') {
      const open = piece.sliced !== undefined && !piece.sliced.layout.closed && index < pieces.length - 1;
      if (!mend.flat && (piece === target || open)) {
        mends.set(piece, { ...mend, flat: true });
        added = true;
      }
    } else if (mend.closing === undefined && !mend.flat) {
      // Markdown that was shown without its list's indent may have lost the list.
      const flat = (piece.sliced?.layout.cuts.length ?? 0) > 0;
      const closing = closingOf(piece.value);
      if (!flat && closing === undefined) continue;
      mends.set(piece, { ...mend, flat, ...(closing === undefined ? {} : { closing }) });
      added = true;
    }
  }
  return added || separate(pieces, until, mends) || flattenAll(pieces, mends);
}

/** What is indented and came to stand behind a list would become part of it: a comment keeps them apart. */
function separate(pieces: readonly Piece[], until: number, mends: Map<Piece, Mend>): boolean {
  let added = false;
  for (const piece of pieces.slice(0, until + 1)) {
    const mend = mends.get(piece) ?? {};
    if (piece.shape.kind === 'code' || mend.separated || !/^[ \t>]+[\s\S]*(?:```|~~~)/.test(piece.value))
      continue;
    mends.set(piece, { ...mend, separated: true });
    added = true;
  }
  return added;
}

/** Where the cell in the way cannot be told, as cells of equal text: every fence to the margin. */
function flattenAll(pieces: readonly Piece[], mends: Map<Piece, Mend>): boolean {
  const nested = pieces.filter((piece) => piece.shape.kind === 'code' && !mends.get(piece)?.flat);
  for (const piece of nested) mends.set(piece, { ...mends.get(piece), flat: true });
  return nested.length > 0;
}

const htmlEnds: readonly (readonly [RegExp, RegExp, (start: string) => string])[] = [
  [/^<!--/, /-->/, () => '-->'],
  [
    /^<(script|pre|style|textarea)(?=[\s>]|$)/i,
    /<\/(?:script|pre|style|textarea)>/i,
    (start) => `</${/\w+/.exec(start)![0]}>`,
  ],
  [/^<\?/, /\?>/, () => '?>'],
  [/^<!\[CDATA\[/, /\]\]>/, () => ']]>'],
  [/^<![A-Za-z]/, />/, () => '>'],
];

/** The line that ends what Markdown leaves open at its end: a fence, a comment, a raw HTML element. */
export function closingOf(value: string): string | undefined {
  const plain = plainLines(value);
  const starts = lineStartsOf(plain);
  const { fences, htmlBlocks } = markdownBlocks(plain, starts);
  const lineCount = starts.length - 1;
  const fence = fences.at(-1);
  if (fence && !fence.closed && fence.end >= lineCount) {
    const open = plain.slice(starts[fence.start], starts[fence.start + 1]);
    const char = open[fence.openColumn]!;
    return open.slice(0, fence.openColumn).replace(/[^ \t>]/g, ' ') + char.repeat(fence.markerLength);
  }
  const html = htmlBlocks.at(-1);
  if (!html || html.end < lineCount) return undefined;
  const source = plain.slice(starts[html.start], starts[html.end]).replace(/^[ \t>]+/, '');
  for (const [start, end, closing] of htmlEnds) {
    if (start.test(source)) return end.test(source) ? undefined : closing(source);
  }
  return undefined;
}
