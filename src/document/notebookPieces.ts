// A notebook's cells held against what their metadata says they were when the document was read.

import { decodeLayout, type SlicedCell, shownText, sliceCell } from './cellLayout.ts';
import { decodeHeads, type FenceHead, lostHeads } from './fenceHeads.ts';
import { parseInfo } from './infoString.ts';
import { judgeCell } from './judgeCell.ts';
import { languageIdOf, plainText } from './languages.ts';
import { type CellShape, type NotebookShape, stringOf } from './notebookShape.ts';
import { normalized, withoutEnding } from './sourceLines.ts';
import { splitPieces } from './splitPieces.ts';

/**
 * `kept`: as it was read. `edited`: another text or language. `turned`: Markdown that was code, or the other way.
 * `new`: without a source of its own.
 */
export type PieceState = 'kept' | 'edited' | 'turned' | 'new';

export interface Piece {
  readonly shape: CellShape;
  /** The present text, lines joined by LF. */
  readonly value: string;
  readonly state: PieceState;
  readonly sliced?: SlicedCell;
  readonly raw: string;
  /** The index when the document was read; -1 for a new cell. */
  readonly at: number;
  readonly moved: boolean;
  readonly after: string;
  readonly tight: boolean;
  /** Info string and tag of its old fence; empty for any other. */
  readonly info: string;
  readonly tag: string;
  /** Of a new code cell that is a part of one that is gone. */
  readonly head?: FenceHead;
  /** Of a new cell split off another: that one's `at`. */
  readonly partOf?: number;
}

export function piecesOf(shape: NotebookShape): Piece[] {
  const read = shape.cells.map(pieceOf);
  const heads = headsOf(shape, read);
  const headed = read.map((piece, index) =>
    heads.has(index) ? { ...piece, head: heads.get(index)! } : piece,
  );
  const pieces = splitPieces(headed);
  const inOrder = longestIncreasing(pieces.map((piece) => piece.at));
  return pieces.map((piece, index) =>
    piece.at >= 0 && !inOrder.has(index) ? { ...piece, moved: true } : piece,
  );
}

function headsOf({ cells, metadata }: NotebookShape, pieces: readonly Piece[]): Map<number, FenceHead> {
  const isNew = (index: number): boolean =>
    pieces[index]!.state === 'new' && stringOf(cells[index]!.metadata, 'info') === undefined;
  if (!pieces.some((piece, index) => piece.shape.kind === 'code' && isNew(index))) return new Map();
  const present = new Set(pieces.map(({ at }) => at));
  const heads = decodeHeads(stringOf(metadata, 'heads') ?? '[]');
  return lostHeads(heads, cells, isNew, (at) => !present.has(at));
}

export function pieceOf(shape: CellShape): Piece {
  const value = normalized(shape.value);
  const fresh = { shape, value, raw: '', at: -1, moved: false, after: '', tight: false, info: '', tag: '' };
  const raw = stringOf(shape.metadata, 'raw');
  const layout = decodeLayout(stringOf(shape.metadata, 'layout') ?? '');
  const sliced = raw !== undefined && layout ? sliceCell(raw, layout) : undefined;
  if (raw === undefined || !sliced) return { ...fresh, state: 'new' };
  const fence = sliced.layout.kind === 'code' ? fenceOf(sliced) : { info: '', tag: '' };
  if (!fence) return { ...fresh, state: 'new' };
  const at = Number(stringOf(shape.metadata, 'at') ?? Number.NaN);
  const known = {
    ...fresh,
    ...fence,
    raw,
    sliced,
    at: Number.isSafeInteger(at) && at >= 0 ? at : 0,
    after: stringOf(shape.metadata, 'after') ?? '',
    tight: stringOf(shape.metadata, 'tight') === 'yes',
  };
  if (sliced.layout.kind !== shape.kind) return { ...known, state: 'turned' };
  const old = shownText(sliced);
  const same =
    old === value && (shape.kind === 'markup' || keepsTag(known.tag, old, sliced, shape.languageId));
  return { ...known, state: same ? 'kept' : 'edited' };
}

function fenceOf(sliced: SlicedCell): { info: string; tag: string } | undefined {
  const line = withoutEnding(sliced.open);
  const marker = /^(?:`{3,}|~{3,})/.exec(line.slice(sliced.layout.openColumn))?.[0];
  if (!marker) return undefined;
  const info = line.slice(sliced.layout.openColumn + marker.length);
  return { info, tag: parseInfo(info).tag.toLowerCase() };
}

/** Whether the editor's language is still the one that the fence's tag is shown as. */
export function keepsTag(tag: string, oldText: string, sliced: SlicedCell, languageId: string): boolean {
  if (languageId === languageIdOf(tag)) return true;
  return languageId === plainText && !judgeCell(tag, oldText, sliced.layout.closed).executable;
}

/** Indexes of a longest strictly increasing run of the numbers, negative ones left out: what did not move. */
function longestIncreasing(numbers: readonly number[]): Set<number> {
  const tails: number[] = [];
  const before = new Array<number>(numbers.length).fill(-1);
  numbers.forEach((number, index) => {
    if (number < 0) return;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[tails[middle]!]! < number) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? tails[low - 1]! : -1;
    tails[low] = index;
  });
  const run = new Set<number>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index]!) run.add(index);
  return run;
}
