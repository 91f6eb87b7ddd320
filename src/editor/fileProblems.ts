// Lint of a runbook that is open as text: the same problems as in the notebook, at the same places of the file.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Pauses } from '../base/pauses.ts';
import type { SourceRange } from '../base/problem.ts';
import { loadRunbook, type Runbook } from '../incident/runbook.ts';
import { suppressing } from '../lint/suppressing.ts';
import { report } from './log.ts';
import {
  isSameDiagnostic,
  lintPauseMs,
  lintRunbook,
  type Noted,
  quickFix,
  type RuleNames,
  toDiagnostic,
} from './problems.ts';

export class FileProblems implements Disposable, vscode.CodeActionProvider {
  readonly #store = new DisposableStore();
  readonly #collection = this.#store.add(vscode.languages.createDiagnosticCollection('runbook-text'));
  readonly #pauses = this.#store.add(new Pauses<vscode.TextDocument>(lintPauseMs));
  readonly #names: RuleNames;
  readonly #noted = new WeakMap<vscode.TextDocument, { runbook: Runbook; noted: readonly Noted[] }>();

  constructor(names: RuleNames) {
    this.#names = names;
    const soon = (document: vscode.TextDocument): void => this.#schedule(document);
    this.#store.add(vscode.workspace.onDidOpenTextDocument(soon));
    this.#store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => soon(document)));
    this.#store.add(vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)));
    this.#store.add(
      vscode.languages.registerCodeActionsProvider({ language: 'markdown', scheme: 'file' }, this),
    );
    vscode.workspace.textDocuments.forEach(soon);
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const known = this.#noted.get(document);
    if (!known) return [];
    return diagnostics.flatMap((shown) => {
      const found = known.noted.find(({ diagnostic }) => isSameDiagnostic(diagnostic, shown));
      if (!found) return [];
      const { problem } = found;
      const lines = document.getText().split(/\r\n|\n/);
      const newline = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
      const cell = known.runbook.cells.find(
        ({
          cell: {
            kind,
            lines: [start, end],
          },
        }) => kind === 'code' && start <= problem.range.line && problem.range.line < end,
      );
      const quiet = suppressing(problem, lines, cell?.cell.lines[0], newline);
      return [
        ...(problem.fix ? [quickFix(problem.fix, document.uri, rangeOf(problem.fix.range), shown)] : []),
        ...(quiet ? [quickFix(quiet, document.uri, rangeOf(quiet.range), shown, false)] : []),
      ];
    });
  }

  dispose(): void {
    this.#store.dispose();
  }

  #schedule(document: vscode.TextDocument): void {
    if (isRunbookText(document))
      this.#pauses.restart(document, () => void this.#lint(document).catch(report));
  }

  #forget(document: vscode.TextDocument): void {
    this.#pauses.cancel(document);
    this.#collection.delete(document.uri);
  }

  async #lint(document: vscode.TextDocument): Promise<void> {
    const { version, uri } = document;
    const runbook = loadRunbook(Buffer.from(document.getText()), uri.fsPath);
    const problems = await lintRunbook(runbook, uri.fsPath, this.#names);
    if (document.isClosed || document.version !== version) return;
    const noted = problems.map((problem) => ({
      problem,
      diagnostic: toDiagnostic(problem, rangeOf(problem.range)),
    }));
    this.#noted.set(document, { runbook, noted });
    this.#collection.set(
      uri,
      noted.map(({ diagnostic }) => diagnostic),
    );
  }
}

function isRunbookText(document: vscode.TextDocument): boolean {
  if (document.uri.scheme !== 'file' || document.languageId !== 'markdown') return false;
  const globs = vscode.workspace.getConfiguration('runbook', document.uri).get<string[]>('files', []);
  return ['**/*.runbook.md', ...globs].some(
    (glob) => vscode.languages.match({ pattern: glob }, document) > 0,
  );
}

function rangeOf({ line, character, endLine, endCharacter }: SourceRange): vscode.Range {
  return new vscode.Range(line, character, endLine, endCharacter);
}
