// "Show alert, severity and risk of cell": all that the status items sum up, as a list that can be read through
// with the keyboard.

import * as vscode from 'vscode';
import { runbookCellOf } from './notebookModel.ts';
import { assessShown } from './policyTools.ts';

/** @param cell undefined: the cell that is selected in the active notebook. */
export async function showCellDetails(cell: vscode.NotebookCell | undefined): Promise<void> {
  const editor = vscode.window.activeNotebookEditor;
  const target = cell ?? (editor?.selection ? editor.notebook.cellAt(editor.selection.start) : undefined);
  const found = target && runbookCellOf(target);
  if (!found) {
    void vscode.window.showInformationMessage('Select a code cell of a runbook first.');
    return;
  }
  const items: vscode.QuickPickItem[] = [];
  const section = (label: string): void => {
    items.push({ label, kind: vscode.QuickPickItemKind.Separator });
  };
  section('Alert');
  for (const alert of found.alerts) {
    items.push({
      label: `$(bell) ${alert.name}`,
      description: `by ${alert.via}, ${Math.round(alert.confidence * 100)} % sure`,
    });
  }
  if (found.alerts.length === 0) items.push({ label: '$(bell-slash) none that the document declares' });
  section('Severity');
  items.push(
    found.severity
      ? {
          label: `$(warning) ${found.severity.raw}`,
          description: `${found.severity.level === null ? 'unmapped' : `level ${found.severity.level} of 4`}, by ${found.severity.via}`,
        }
      : { label: '$(dash) none that the document declares' },
  );
  const assessment = await assessShown(found, target.notebook);
  section(`Risk: ${assessment?.risk ?? found.cell.reason ?? 'does not run'}`);
  for (const command of assessment?.commands ?? []) {
    items.push({
      label: `${command.risk}`,
      description: command.text.split('\n', 1)[0] ?? '',
      detail: `line ${command.line + 1}, runs ${command.where}: ${command.reasons.join('; ')}`,
    });
  }
  await vscode.window.showQuickPick(items, {
    title: found.cell.headings.at(-1) ?? 'Cell',
    placeHolder: 'What this cell answers to, and what it would do',
    matchOnDescription: true,
    matchOnDetail: true,
  });
}
