// The way back: a notebook, however it was edited, → the text that a careful person would have typed.

import type { SlicedCell } from './cellLayout.ts';
import { looksKept } from './looksKept.ts';
import { mendPieces } from './mendPieces.ts';
import { pieceOf, piecesOf } from './notebookPieces.ts';
import { type NotebookShape, stringOf } from './notebookShape.ts';
import { joinPieces, type LineEnding } from './sourceLines.ts';
import { withRoom, writePieces } from './writePieces.ts';

const endings: Record<string, LineEnding> = { lf: '\n', crlf: '\r\n', cr: '\r' };

export function notebookText(shape: NotebookShape): string {
  const preamble = stringOf(shape.metadata, 'preamble') ?? '';
  const ending = endings[stringOf(shape.metadata, 'lineEnding') ?? 'lf'] ?? '\n';
  const count = Number(stringOf(shape.metadata, 'cells') ?? 0);
  const bodies = changedBodiesOnly(shape, count, ending);
  if (bodies) return joinPieces([preamble, ...bodies]);
  const pieces = piecesOf(shape);
  return mendPieces(pieces, preamble, (mends) =>
    joinPieces(withRoom(preamble, writePieces(pieces, { ending, mends }), count, ending)),
  );
}

/**
 * The text of each cell, where all are in their order and at most the bodies of closed fences changed: nothing else
 * can read differently then, and nothing has to be parsed. Undefined for any other edit.
 */
function changedBodiesOnly(shape: NotebookShape, count: number, ending: LineEnding): string[] | undefined {
  if (shape.cells.length !== count) return undefined;
  const texts: string[] = [];
  for (const [index, cell] of shape.cells.entries()) {
    if (stringOf(cell.metadata, 'at') !== String(index)) return undefined;
    if (looksKept(cell)) {
      texts.push(stringOf(cell.metadata, 'raw')!);
      continue;
    }
    const piece = pieceOf(cell);
    if (piece.state === 'kept') texts.push(piece.raw);
    else if (piece.state === 'edited' && isSure(piece.sliced!)) {
      texts.push(writePieces([piece], { ending, mends: new Map() })[0]!.text, ...piece.sliced!.gap);
    } else return undefined;
  }
  return texts;
}

/** Closed, and no tab in a quote: parsers differ about the columns of those. */
function isSure({ layout, open }: SlicedCell): boolean {
  const prefix = open.slice(0, layout.openColumn);
  return layout.closed && !(prefix.includes('>') && prefix.includes('\t'));
}
