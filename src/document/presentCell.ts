// A notebook's cell as it is right now, edited or not: what a host has to know before it runs it.

import { attributesOf, type CellAttributes, noAttributes } from './cellAttributes.ts';
import { shownText } from './cellLayout.ts';
import { parseInfo } from './infoString.ts';
import { type CellVerdict, judgeCell } from './judgeCell.ts';
import { isExecutableTag, plainText, tagOfLanguageId } from './languages.ts';
import { keepsTag, type Piece, pieceOf } from './notebookPieces.ts';
import { type CellShape, stringOf } from './notebookShape.ts';

export interface PresentCell extends CellVerdict {
  /** The fence's tag as it would be saved, lower case. */
  readonly language: string;
  readonly text: string;
  readonly attributes: CellAttributes;
}

/** Pure; judges the present text, not the one that was read. `markdown` for a Markdown cell. */
export function presentCell(shape: CellShape): PresentCell {
  const piece = pieceOf(shape);
  const text = piece.value;
  if (shape.kind === 'markup')
    return { language: 'markdown', text, attributes: noAttributes, executable: false };
  const info = stringOf(shape.metadata, 'info') ?? piece.info;
  const comment = piece.sliced?.lead.map((line) => line.trim()).join(' ') ?? '';
  const attributes = info || comment ? attributesOf(info, comment) : noAttributes;
  const language = presentTag(shape, piece, info);
  if (!isExecutableTag(language)) {
    return { language, text, attributes, executable: false, reason: `\`${language}\` is not run.` };
  }
  return { language, text, attributes, ...judgeCell(language, text, true) };
}

function presentTag(shape: CellShape, piece: Piece, info: string): string {
  const old = parseInfo(info).tag.toLowerCase();
  if (piece.sliced?.layout.kind !== 'code') return old || tagOfLanguageId(shape.languageId);
  const kept = keepsTag(old, shownText(piece.sliced), piece.sliced, shape.languageId);
  return kept || (shape.languageId === plainText && old === 'text') ? old : tagOfLanguageId(shape.languageId);
}
