// A document → its bytes: the slices that it was cut into, one after the other.

import { bytesOf } from './byteText.ts';
import type { RunbookDocument } from './documentCell.ts';

/** `printDocument(parseDocument(bytes))` is `bytes`, for every input there is. */
export function printDocument(document: RunbookDocument): Uint8Array {
  const pieces = [document.preamble];
  for (const cell of document.cells) pieces.push(cell.raw);
  return bytesOf(pieces.join(''));
}
