// The way back: a notebook, however it was edited, → the text that a careful person would have typed.

import type { SlicedCell } from './cellLayout.ts';
import { mendPieces } from './mendPieces.ts';
import { type Piece, piecesOf } from './notebookPieces.ts';
import { type NotebookShape, stringOf } from './notebookShape.ts';
import { joinPieces, type LineEnding } from './sourceLines.ts';
import { type Mend, withRoom, writePieces } from './writePieces.ts';

const endings: Record<string, LineEnding> = { lf: '\n', crlf: '\r\n', cr: '\r' };

export function notebookText(shape: NotebookShape): string {
  const pieces = piecesOf(shape);
  const preamble = stringOf(shape.metadata, 'preamble') ?? '';
  const ending = endings[stringOf(shape.metadata, 'lineEnding') ?? 'lf'] ?? '\n';
  const count = Number(stringOf(shape.metadata, 'cells') ?? 0);
  const write = (mends: ReadonlyMap<Piece, Mend>): string =>
    joinPieces(withRoom(preamble, writePieces(pieces, { ending, mends }), count, ending));
  return onlyBodiesChanged(pieces, count) ? write(new Map()) : mendPieces(pieces, preamble, write);
}

/** Closed, and no tab in a quote: parsers differ about the columns of those. */
function isSure({ layout, open }: SlicedCell): boolean {
  const prefix = open.slice(0, layout.openColumn);
  return layout.closed && !(prefix.includes('>') && prefix.includes('\t'));
}

/** All cells in their order, and at most the bodies of closed fences changed: nothing else can read differently. */
function onlyBodiesChanged(pieces: readonly Piece[], count: number): boolean {
  return (
    pieces.length === count &&
    pieces.every(
      (piece, index) =>
        piece.at === index && (piece.state === 'kept' || (piece.state === 'edited' && isSure(piece.sliced!))),
    )
  );
}
