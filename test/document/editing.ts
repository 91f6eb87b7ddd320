// What an editor does to a notebook's cells, as VS Code does it: see which of these keep a cell's metadata.

import { fromNotebook, toNotebook } from '../../src/document/notebook.ts';
import type { CellShape, NotebookShape } from '../../src/document/notebookShape.ts';

export function open(source: string): NotebookShape {
  return JSON.parse(JSON.stringify(toNotebook(new TextEncoder().encode(source)))) as NotebookShape;
}

export function save(shape: NotebookShape): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(fromNotebook(shape));
}

export type Edit = (cells: CellShape[]) => void;

/** Opens, edits, saves; and holds that undoing the edits (the old cells, the old metadata) gives the old file. */
export function edited(source: string, ...edits: Edit[]): string {
  const shape = open(source);
  const cells = [...shape.cells];
  for (const edit of edits) edit(cells);
  const result = save({ ...shape, cells });
  if (save(shape) !== source) throw new Error('undo does not give the old file');
  return result;
}

export const code = (value: string, languageId = 'shellscript'): CellShape => ({
  kind: 'code',
  languageId,
  value,
  metadata: {},
});

export const markup = (value: string): CellShape => ({
  kind: 'markup',
  languageId: 'markdown',
  value,
  metadata: {},
});

export const type =
  (index: number, value: string): Edit =>
  (cells) => {
    cells[index] = { ...cells[index]!, value };
  };

export const insert =
  (index: number, cell: CellShape): Edit =>
  (cells) => {
    cells.splice(index, 0, cell);
  };

export const remove =
  (index: number): Edit =>
  (cells) => {
    cells.splice(index, 1);
  };

export const move =
  (from: number, to: number): Edit =>
  (cells) => {
    cells.splice(to, 0, ...cells.splice(from, 1));
  };

/** The upper part is the old cell, with the line feed of its last line; the lower one is new. */
export const split =
  (index: number, line: number): Edit =>
  (cells) => {
    const { kind, languageId, value, metadata } = cells[index]!;
    const lines = value.split('\n');
    const upper = lines.slice(0, line).map((one) => `${one}\n`);
    const lower = lines.slice(line).join('\n');
    cells.splice(
      index,
      1,
      { kind, languageId, value: upper.join(''), metadata },
      { kind, languageId, value: lower, metadata: {} },
    );
  };

/** With the next one; the upper cell stays. */
export const join =
  (index: number): Edit =>
  (cells) => {
    const [upper, lower] = [cells[index]!, cells[index + 1]!];
    cells.splice(index, 2, { ...upper, value: `${upper.value}\n${lower.value}` });
  };

export const copyDown =
  (index: number): Edit =>
  (cells) => {
    cells.splice(index + 1, 0, { ...cells[index]!, metadata: {} });
  };

export const cutAndPaste =
  (from: number, to: number): Edit =>
  (cells) => {
    const [cell] = cells.splice(from, 1);
    cells.splice(to, 0, { ...cell!, metadata: {} });
  };

export const toMarkup =
  (index: number): Edit =>
  (cells) => {
    cells[index] = { ...cells[index]!, kind: 'markup', languageId: 'markdown' };
  };

export const toCode =
  (index: number, languageId = 'shellscript'): Edit =>
  (cells) => {
    cells[index] = { ...cells[index]!, kind: 'code', languageId };
  };

export const setLanguage =
  (index: number, languageId: string): Edit =>
  (cells) => {
    cells[index] = { ...cells[index]!, languageId };
  };
