// "Edit attributes of cell": what an author can say about a cell, through quick picks instead of by heart.

import * as vscode from 'vscode';
import { parseDuration } from '../base/duration.ts';
import { typedAttribute, withCellAttribute } from '../document/editAttribute.ts';
import { runbookCellOf } from './notebookModel.ts';

interface Attribute {
  readonly name: string;
  readonly says: string;
  /** A bare word that is there or not. */
  readonly flag?: boolean;
  readonly placeHolder?: string;
  readonly check?: (value: string) => string | undefined;
}

const attributes: readonly Attribute[] = [
  {
    name: 'name',
    says: 'what other cells, the log and people call this cell',
    placeHolder: 'restart-frontend',
  },
  {
    name: 'timeout',
    says: 'the cell is stopped after this time',
    placeHolder: '90s, 5m, 1h30m',
    check: (value) =>
      parseDuration(value) === undefined ? 'Write a time, such as 90s, 5m or 1h30m.' : undefined,
  },
  { name: 'background', says: 'runs beside the others until it is stopped', flag: true },
  { name: 'interactive', says: 'needs a terminal', flag: true },
  { name: 'approval', says: 'a second person has to approve it', flag: true },
  { name: 'cwd', says: 'the directory it runs in', placeHolder: '/srv/app' },
  { name: 'option', says: 'the alternative that it belongs to', placeHolder: 'A' },
];

/** @param cell undefined: the cell that is selected in the active notebook. */
export async function editCellAttributes(cell: vscode.NotebookCell | undefined): Promise<void> {
  const editor = vscode.window.activeNotebookEditor;
  const target = cell ?? (editor?.selection ? editor.notebook.cellAt(editor.selection.start) : undefined);
  if (target?.kind !== vscode.NotebookCellKind.Code) {
    void vscode.window.showInformationMessage('Select a code cell of a runbook first.');
    return;
  }
  for (let attribute = await pick(target); attribute; attribute = await pick(target)) {
    const value = await ask(target, attribute);
    if (value !== null) await apply(target, attribute.name, value);
  }
}

function present(cell: vscode.NotebookCell, { name }: Attribute): string | true | undefined {
  return typedAttribute(runbookCellOf(cell)?.cell.infoString ?? '', name);
}

async function pick(cell: vscode.NotebookCell): Promise<Attribute | undefined> {
  const items = attributes.map((attribute) => {
    const value = present(cell, attribute);
    const icon = value === undefined ? '$(circle-large-outline)' : '$(pass-filled)';
    return {
      attribute,
      label: `${icon} ${attribute.name}`,
      description: value === undefined ? '' : value === true ? 'set' : value,
      detail: attribute.says,
    };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Attributes of the Cell',
    placeHolder: 'Choose one to set, change or take away; Escape when done',
    ignoreFocusOut: true,
  });
  return picked?.attribute;
}

/** The new value; undefined takes the attribute away, null leaves all as it is. */
async function ask(
  cell: vscode.NotebookCell,
  attribute: Attribute,
): Promise<string | true | undefined | null> {
  const value = present(cell, attribute);
  if (attribute.flag) return value === undefined ? true : undefined;
  const typed = await vscode.window.showInputBox({
    title: `Attribute ${attribute.name}`,
    prompt: `${attribute.says[0]!.toUpperCase()}${attribute.says.slice(1)}. Empty takes it away.`,
    value: typeof value === 'string' ? value : '',
    placeHolder: attribute.placeHolder ?? '',
    ignoreFocusOut: true,
    validateInput: (text) => (text ? attribute.check?.(text) : undefined),
  });
  if (typed === undefined) return null;
  return typed === '' ? undefined : typed;
}

async function apply(
  cell: vscode.NotebookCell,
  name: string,
  value: string | true | undefined,
): Promise<void> {
  const tag = runbookCellOf(cell)?.cell.language ?? 'bash';
  const edit = new vscode.WorkspaceEdit();
  edit.set(cell.notebook.uri, [
    vscode.NotebookEdit.updateCellMetadata(cell.index, withCellAttribute(cell.metadata, tag, name, value)),
  ]);
  await vscode.workspace.applyEdit(edit);
}
