// "Run as bash": fences without a tag that hold commands are offered, never run. Taking the offer writes the tag
// into the file's text, so that the fence becomes a cell; undo takes it back.

import * as vscode from 'vscode';
import type { FenceOffer } from '../document/documentCell.ts';
import { toNotebook } from '../document/notebook.ts';
import { bytesOf, runbookOf } from './notebookModel.ts';
import { toCellData } from './serializer.ts';

/** Offers all untagged fences of the notebook in front that hold commands, those of the selected cell first. */
export async function offerFences(): Promise<void> {
  const editor = vscode.window.activeNotebookEditor;
  if (!editor) return;
  const offers = runbookOf(editor.notebook).cells.flatMap(({ cell }) => cell.offers ?? []);
  if (offers.length === 0) {
    void vscode.window.showInformationMessage('No fence without a tag holds commands here.');
    return;
  }
  const picked = await vscode.window.showQuickPick(
    offers.map((offer) => ({
      offer,
      label: firstCommand(offer),
      description: `line ${offer.lines[0] + 1}, as ${offer.tag}`,
      detail: offer.text.split('\n').length > 1 ? `${offer.text.split('\n').length} lines` : '',
    })),
    { title: 'Run as Bash', placeHolder: 'Which fence becomes a cell? It is not run yet.' },
  );
  if (picked) await takeOffer(editor.notebook, picked.offer);
}

const firstCommand = ({ text }: FenceOffer): string => text.split('\n').find((line) => line.trim()) ?? text;

async function takeOffer(notebook: vscode.NotebookDocument, offer: FenceOffer): Promise<void> {
  const runbook = runbookOf(notebook);
  const holder = runbook.cells.findIndex(({ cell }) => cell.offers?.includes(offer));
  // Code cells stand in the same order in the notebook and in its text; what lies between two of them is replaced.
  const codeBefore = runbook.cells.slice(0, holder).filter(({ cell }) => cell.kind === 'code').length;
  const tagged = toNotebook(withTag(bytesOf(notebook), offer)).cells;
  const fresh = between(tagged, codeBefore, codeBefore + 1, (cell) => cell.kind === 'code');
  const isCode = (cell: vscode.NotebookCell): boolean => cell.kind === vscode.NotebookCellKind.Code;
  const old = between(notebook.getCells(), codeBefore, codeBefore, isCode);
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [
    vscode.NotebookEdit.replaceCells(
      new vscode.NotebookRange(old.start, old.end),
      tagged.slice(fresh.start, fresh.end).map(toCellData),
    ),
  ]);
  await vscode.workspace.applyEdit(edit);
}

/** Indices of the cells behind the first `before` code cells, up to the code cell with the ordinal `until`. */
function between<T>(
  cells: readonly T[],
  before: number,
  until: number,
  isCode: (cell: T) => boolean,
): { start: number; end: number } {
  const code = [...cells.entries()].filter(([, cell]) => isCode(cell)).map(([index]) => index);
  return { start: before === 0 ? 0 : code[before - 1]! + 1, end: code[until] ?? cells.length };
}

/** The file's bytes with the tag behind the fence's opening marker. */
function withTag(bytes: Uint8Array, offer: FenceOffer): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const lines = text.split(/(?<=\r\n|\r(?!\n)|\n)/);
  const opening = lines[offer.lines[0]] ?? '';
  lines[offer.lines[0]] = opening.replace(/(`{3,}|~{3,})[ \t]*(?=[\r\n]|$)/, `$1${offer.tag}`);
  return Buffer.from(lines.join(''), 'latin1');
}
