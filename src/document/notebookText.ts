// The way back: a notebook, however it was edited, → the text that a careful person would have typed.

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
  return onlyBodiesChanged(pieces, count) ? write(new Map()) : mendPieces(pieces, write);
}

/** All cells in their order, and at most the bodies of closed fences changed: nothing else can read differently. */
function onlyBodiesChanged(pieces: readonly Piece[], count: number): boolean {
  return (
    pieces.length === count &&
    pieces.every(
      (piece, index) =>
        piece.at === index &&
        (piece.state === 'kept' || (piece.state === 'edited' && piece.sliced!.layout.closed)),
    )
  );
}
