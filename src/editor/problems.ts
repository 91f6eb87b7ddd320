// Lint in the Problems panel: each problem at its place in its cell, with the mends that are sure as quick fixes, and
// one that suppresses it.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Pauses } from '../base/pauses.ts';
import type { Problem, ProblemSeverity, SourceRange } from '../base/problem.ts';
import type { Runbook } from '../incident/runbook.ts';
import { shellParser } from '../incident/shellTools.ts';
import { filesBeside } from '../lint/filesBeside.ts';
import { lintDocument } from '../lint/lintDocument.ts';
import { suppressing } from '../lint/suppressing.ts';
import { toolsOnPath } from '../lint/toolsOnPath.ts';
import { report } from './log.ts';
import { runbookCellOf, runbookOf } from './notebookModel.ts';
import { notebookType } from './openAs.ts';

const severities: Record<ProblemSeverity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};
/** Of no typing, before it is looked at anew. */
export const lintPauseMs = 700;

/** Of all alerting rules; none where they are not known. */
export type RuleNames = () => Promise<readonly string[]>;

export interface Noted {
  readonly problem: Problem;
  readonly diagnostic: vscode.Diagnostic;
}

/** A problem of a code cell; those of the text between the cells stand on the cell before it. */
interface PlacedProblem {
  readonly cell: vscode.NotebookCell;
  readonly problem: Problem;
  readonly range: vscode.Range;
  readonly fixRange: vscode.Range | undefined;
}

export class Problems implements Disposable, vscode.CodeActionProvider {
  readonly #store = new DisposableStore();
  readonly #collection = this.#store.add(vscode.languages.createDiagnosticCollection('runbook'));
  readonly #pauses = this.#store.add(new Pauses<vscode.NotebookDocument>(lintPauseMs));
  readonly #names: RuleNames;
  readonly #placed = new WeakMap<vscode.Diagnostic, PlacedProblem>();

  constructor(names: RuleNames) {
    this.#names = names;
    const soon = (notebook: vscode.NotebookDocument): void => this.#schedule(notebook);
    this.#store.add(vscode.workspace.onDidOpenNotebookDocument(soon));
    this.#store.add(vscode.workspace.onDidChangeNotebookDocument(({ notebook }) => soon(notebook)));
    this.#store.add(vscode.workspace.onDidCloseNotebookDocument((notebook) => this.#forget(notebook)));
    this.#store.add(vscode.languages.registerCodeActionsProvider({ notebookType }, this));
    vscode.workspace.notebookDocuments.forEach(soon);
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return context.diagnostics.flatMap((diagnostic) => {
      const known = this.#collection.get(document.uri)?.find((one) => isSameDiagnostic(one, diagnostic));
      const placed = known && this.#placed.get(known);
      if (!placed) return [];
      const { fix } = placed.problem;
      const quiet = suppressAbove(placed, diagnostic);
      return [
        ...(fix && placed.fixRange ? [quickFix(fix, document.uri, placed.fixRange, diagnostic)] : []),
        ...(quiet ? [quiet] : []),
      ];
    });
  }

  dispose(): void {
    this.#store.dispose();
  }

  #schedule(notebook: vscode.NotebookDocument): void {
    if (notebook.notebookType === notebookType)
      this.#pauses.restart(notebook, () => void this.#lint(notebook).catch(report));
  }

  #forget(notebook: vscode.NotebookDocument): void {
    this.#pauses.cancel(notebook);
    for (const cell of notebook.getCells()) this.#collection.delete(cell.document.uri);
  }

  async #lint(notebook: vscode.NotebookDocument): Promise<void> {
    const problems = await lintRunbook(runbookOf(notebook), notebook.uri.fsPath, this.#names);
    if (notebook.isClosed) return;
    const placed = problems.flatMap((problem) => place(notebook, problem) ?? []);
    for (const cell of notebook.getCells()) {
      const own = placed.filter((one) => one.cell === cell).map((one) => this.#diagnostic(one));
      this.#collection.set(cell.document.uri, own);
    }
  }

  #diagnostic(placed: PlacedProblem): vscode.Diagnostic {
    const diagnostic = toDiagnostic(placed.problem, placed.range);
    this.#placed.set(diagnostic, placed);
    return diagnostic;
  }
}

/** Of a runbook at this place of the disk. */
export async function lintRunbook(runbook: Runbook, file: string, names: RuleNames): Promise<Problem[]> {
  return lintDocument(runbook.document, {
    fileName: runbook.name,
    knownAlerts: await names(),
    parser: await shellParser(),
    files: filesBeside(file),
    tools: toolsOnPath(),
  });
}

export function toDiagnostic(problem: Problem, range: vscode.Range): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, problem.message, severities[problem.severity]);
  diagnostic.code = problem.code;
  diagnostic.source = 'runbook';
  return diagnostic;
}

/** VS Code hands its own copy of a diagnostic back. */
export function isSameDiagnostic(ours: vscode.Diagnostic, handed: vscode.Diagnostic): boolean {
  return ours.range.isEqual(handed.range) && ours.message === handed.message;
}

export function quickFix(
  { title, text }: { readonly title: string; readonly text: string },
  uri: vscode.Uri,
  range: vscode.Range,
  diagnostic: vscode.Diagnostic,
  isMend = true,
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(uri, range, text);
  action.diagnostics = [diagnostic];
  action.isPreferred = isMend;
  return action;
}

/** The comment goes to the end of the Markdown cell before; a cell in a list or a quote has no such place. */
function suppressAbove(
  { cell, problem }: PlacedProblem,
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction | undefined {
  const above = cell.index > 0 ? cell.notebook.cellAt(cell.index - 1) : undefined;
  if (cell.kind !== vscode.NotebookCellKind.Code || above?.kind !== vscode.NotebookCellKind.Markup) return;
  const found = runbookCellOf(cell)?.cell;
  if (!found || indentOf(found.layout.cuts) > 0) return;
  const lines = above.document.getText().split(/\r\n|\n/);
  // The fence stands after all of it.
  const made = suppressing(problem, [...lines, '```'], lines.length, '');
  if (!made) return;
  const isLonger = made.range.line < lines.length;
  const end = above.document.lineAt(lines.length - 1).range.end;
  const at = isLonger ? new vscode.Position(made.range.line, made.range.character) : end;
  const text = isLonger ? made.text : `\n\n${made.text}`;
  return quickFix(
    { title: made.title, text },
    above.document.uri,
    new vscode.Range(at, at),
    diagnostic,
    false,
  );
}

/** From the file's lines to the notebook's cell; Markdown cells are found by their place among the code cells. */
function place(notebook: vscode.NotebookDocument, problem: Problem): PlacedProblem | undefined {
  const { cells } = runbookOf(notebook);
  const found = cells.findLast(({ cell }) => cell.lines[0] <= problem.range.line) ?? cells[0];
  if (!found) return undefined;
  const isCode = (cell: vscode.NotebookCell): boolean => cell.kind === vscode.NotebookCellKind.Code;
  const codeBefore = cells.slice(0, found.index).filter(({ cell }) => cell.kind === 'code').length;
  const code = notebook.getCells().filter(isCode);
  const cell =
    found.cell.kind === 'code'
      ? code[codeBefore]
      : notebook.cellAt(Math.min(found.index, notebook.cellCount - 1));
  if (!cell) return undefined;
  const firstLine = found.cell.kind === 'code' ? found.cell.textLine : found.cell.lines[0];
  const indent = indentOf(found.cell.layout.cuts);
  const shifted = (range: SourceRange): vscode.Range =>
    new vscode.Range(
      Math.max(0, range.line - firstLine),
      Math.max(0, range.character - indent),
      Math.max(0, range.endLine - firstLine),
      Math.max(0, range.endCharacter - indent),
    );
  const { fix } = problem;
  // The fence itself is not shown: what is wrong with it stands under the first line.
  const ofFence = found.cell.kind === 'code' && problem.range.endLine < firstLine;
  const range = ofFence ? cell.document.lineAt(0).range : shifted(problem.range);
  return { cell, problem, range, fixRange: fix && shifted(fix.range) };
}

/** Characters that are cut from a body line's front in a list or a quote; the first line stands for all. */
function indentOf(cuts: readonly number[]): number {
  return (cuts[0] ?? 0) >> 2;
}
