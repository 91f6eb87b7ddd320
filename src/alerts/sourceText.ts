// The document's lines put together again from its cells, its preamble (front matter) blanked, so that every matcher's
// line is the file's own.

import type { RunbookDocument } from '../document/documentCell.ts';

const ending = /\r\n|\n|\r/;

export function sourceLines(doc: Pick<RunbookDocument, 'preamble' | 'cells'>): string[] {
  const blank = doc.preamble.split(ending).map(() => '');
  const body = doc.cells
    .map(({ raw }) => raw)
    .join('')
    .split(ending);
  // The preamble ends in a line ending, or is a byte order mark alone: its last piece is the body's first line.
  return [...blank.slice(0, -1), ...body];
}
