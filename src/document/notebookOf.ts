// A document → the notebook that an editor shows, with everything in its metadata that the way back needs.

import { encodeLayout } from './cellLayout.ts';
import type { DocumentCell, RunbookDocument } from './documentCell.ts';
import { encodeHeads, firstLineOf, leadOf } from './fenceHeads.ts';
import { languageIdOf, plainText } from './languages.ts';
import { continuedPrefix } from './linePrefix.ts';
import type { CellMetadata, CellShape, NotebookMetadata, NotebookShape } from './notebookShape.ts';
import { dominantEnding, linesOf } from './sourceLines.ts';

const endingNames = { '\n': 'lf', '\r\n': 'crlf', '\r': 'cr' } as const;

export function notebookOf(document: RunbookDocument): NotebookShape {
  const { cells, preamble } = document;
  const lineEnding = endingNames[dominantEnding(preamble + cells.map((cell) => cell.raw).join(''))];
  const heads = encodeHeads(cells.flatMap((cell, at) => headOf(cell, at)));
  const metadata: NotebookMetadata = { preamble, lineEnding, cells: String(cells.length), heads };
  return { cells: cells.map((_, index) => shapeOf(cells, index)), metadata: { ...metadata } };
}

function headOf({ kind, infoString: info = '', layout, raw, text }: DocumentCell, at: number) {
  if (kind !== 'code') return [];
  const lead = layout.lead === 0 ? [] : leadOf(linesOf(raw).slice(0, layout.lead));
  return [{ at, info, lead, firstLine: firstLineOf({ value: text }) }];
}

function shapeOf(cells: readonly DocumentCell[], index: number): CellShape {
  const cell = cells[index]!;
  const after = prefixAfter(cell, cells[index + 1]);
  const before = cells[index - 1];
  const metadata: CellMetadata = {
    raw: cell.raw,
    layout: encodeLayout(cell.layout),
    at: String(index),
    ...(after ? { after } : {}),
    ...(before && before.layout.gap === 0 ? { tight: 'yes' } : {}),
  };
  return { kind: cell.kind, languageId: shownLanguageId(cell), value: cell.text, metadata: { ...metadata } };
}

/** What can't be run is shown as plain text, so that no editor offers to. */
function shownLanguageId(cell: Pick<DocumentCell, 'kind' | 'language' | 'executable'>): string {
  if (cell.kind === 'markup') return 'markdown';
  return cell.executable ? languageIdOf(cell.language) : plainText;
}

/** List indent or quote prefix of a fence that a person would type between the two cells. */
function prefixAfter(cell: DocumentCell, next: DocumentCell | undefined): string {
  if (next?.kind === 'code') return openingPrefix(next);
  return cell.kind === 'code' ? continuedPrefix(openingPrefix(cell)) : '';
}

function openingPrefix(cell: DocumentCell): string {
  if (cell.layout.openColumn === 0) return '';
  let start = 0;
  for (let line = 0; line < cell.layout.lead; line++) start = endOfLine(cell.raw, start);
  return cell.raw.slice(start, start + cell.layout.openColumn);
}

function endOfLine(text: string, from: number): number {
  const rest = /\r\n|\r|\n/g;
  rest.lastIndex = from;
  return rest.exec(text) ? rest.lastIndex : text.length;
}
