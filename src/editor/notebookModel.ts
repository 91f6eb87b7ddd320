// From VS Code's notebook to the runbook it shows. What was read once is not read again: cells that nobody changed
// keep their shape, and of a changed text only what is around the change is parsed.

import * as vscode from 'vscode';
import { asReadAgain, bytesOf as bytesOfText } from '../document/byteText.ts';
import type { CellShape } from '../document/notebookShape.ts';
import { notebookText } from '../document/notebookText.ts';
import { type DocumentReading, readDocument } from '../document/parseDocument.ts';
import { rereadDocument } from '../document/rereadDocument.ts';
import { type Runbook, type RunbookCell, runbookOfDocument } from '../incident/runbook.ts';

interface KnownCell {
  readonly version: number;
  readonly languageId: string;
  readonly metadata: Metadata;
  readonly shape: CellShape;
}

interface KnownNotebook {
  readonly metadata: Metadata;
  readonly shapes: readonly CellShape[];
  readonly reading: DocumentReading;
  readonly runbook: Runbook;
}

const knownCells = new WeakMap<vscode.NotebookCell, KnownCell>();
const known = new WeakMap<vscode.NotebookDocument, KnownNotebook>();

/** A cell as the document room takes it; the same object as long as nothing in it changed. */
export function shapeOf(cell: vscode.NotebookCell): CellShape {
  const { version, languageId } = cell.document;
  const before = knownCells.get(cell);
  if (
    before?.version === version &&
    before.languageId === languageId &&
    isSame(before.metadata, cell.metadata)
  )
    return before.shape;
  const shape: CellShape = {
    kind: cell.kind === vscode.NotebookCellKind.Code ? 'code' : 'markup',
    languageId,
    value: cell.document.getText(),
    metadata: { ...cell.metadata },
  };
  knownCells.set(cell, { version, languageId, metadata: cell.metadata, shape });
  return shape;
}

/** The runbook as it stands in the editor now, unsaved edits included. */
export function runbookOf(notebook: vscode.NotebookDocument): Runbook {
  const shapes = notebook.getCells().map(shapeOf);
  const before = known.get(notebook);
  if (before && isCurrent(before, notebook, shapes)) return before.runbook;
  const source = sourceOf(shapes, notebook);
  const reading = before ? rereadDocument(before.reading, source) : readDocument(source);
  const runbook =
    before?.reading === reading
      ? before.runbook
      : runbookOfDocument(
          reading.document,
          () => bytesOfText(source),
          notebook.uri.fsPath,
          before?.reading.document,
        );
  known.set(notebook, { metadata: notebook.metadata, shapes, reading, runbook });
  return runbook;
}

/** Whether nothing changed since the runbook was last asked for. */
export function isRead(notebook: vscode.NotebookDocument): boolean {
  const before = known.get(notebook);
  return before !== undefined && isCurrent(before, notebook, notebook.getCells().map(shapeOf));
}

function isCurrent(
  before: KnownNotebook,
  { metadata }: vscode.NotebookDocument,
  shapes: readonly CellShape[],
): boolean {
  return (
    isSame(before.metadata, metadata) &&
    before.shapes.length === shapes.length &&
    shapes.every((shape, index) => shape === before.shapes[index])
  );
}

type Metadata = Readonly<Record<string, unknown>>;

function isSame(one: Metadata, other: Metadata): boolean {
  if (one === other) return true;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

/** What a save would write. */
export function bytesOf(notebook: vscode.NotebookDocument): Uint8Array {
  return bytesOfText(sourceOf(notebook.getCells().map(shapeOf), notebook));
}

function sourceOf(cells: readonly CellShape[], { metadata }: vscode.NotebookDocument): string {
  return asReadAgain(notebookText({ cells, metadata: { ...metadata } }));
}

/**
 * The runbook's cell that a notebook's code cell is: the code cells of both stand in the same order, while
 * Markdown cells may merge or split when the text is parsed again.
 */
export function runbookCellOf(cell: vscode.NotebookCell): RunbookCell | undefined {
  if (cell.kind !== vscode.NotebookCellKind.Code || cell.index < 0) return undefined;
  return codeCells(runbookOf(cell.notebook))[ordinalOf(cell)];
}

/** How many code cells stand above a cell. */
function ordinalOf(cell: vscode.NotebookCell): number {
  const isCode = (one: vscode.NotebookCell): boolean => one.kind === vscode.NotebookCellKind.Code;
  return cell.notebook.getCells().slice(0, cell.index).filter(isCode).length;
}

export function codeCells(runbook: Runbook): RunbookCell[] {
  return runbook.cells.filter((one) => one.cell.kind === 'code');
}

/** The notebook's cell for the n-th code cell of the runbook. */
export function notebookCellAt(
  notebook: vscode.NotebookDocument,
  ordinal: number,
): vscode.NotebookCell | undefined {
  return notebook.getCells().filter((cell) => cell.kind === vscode.NotebookCellKind.Code)[ordinal];
}

/** Where the runbook's n-th cell stands in the notebook; a Markdown cell that was joined with others, roughly. */
export function notebookIndexOf(notebook: vscode.NotebookDocument, index: number): number {
  const { cells } = runbookOf(notebook);
  const ordinal = cells.slice(0, index).filter(({ cell }) => cell.kind === 'code').length;
  const code = cells[index]?.cell.kind === 'code' ? notebookCellAt(notebook, ordinal) : undefined;
  return code?.index ?? Math.min(index, notebook.cellCount - 1);
}
