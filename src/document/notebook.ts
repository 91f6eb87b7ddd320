// The pure heart of the notebook serializer: bytes ⇄ what an editor holds. Neither way needs a URI or a context,
// and neither throws: editors call them for open, reload, backup, save, diff and search.

import { bytesOf } from './byteText.ts';
import { notebookOf } from './notebookOf.ts';
import type { NotebookShape } from './notebookShape.ts';
import { notebookText } from './notebookText.ts';
import { parseDocument } from './parseDocument.ts';

export function toNotebook(bytes: Uint8Array): NotebookShape {
  return notebookOf(parseDocument(bytes));
}

/**
 * The file of a notebook. Cells that are as they were read give their bytes back; the others are written so that
 * reading the file again gives the same code cells.
 */
export function fromNotebook(shape: NotebookShape): Uint8Array {
  return bytesOf(notebookText(shape));
}
