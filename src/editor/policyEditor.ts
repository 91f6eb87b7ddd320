// Help for whoever writes a policy: what is wrong in it, where, and what may stand at the cursor. For
// `.runbook/policy.yaml` and the user's own file; nothing needs another extension.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { completePolicy } from '../guard/completePolicy.ts';
import { loadPolicy } from '../guard/loadPolicy.ts';

export class PolicyEditor implements Disposable, vscode.CompletionItemProvider {
  readonly #store = new DisposableStore();
  readonly #problems = this.#store.add(vscode.languages.createDiagnosticCollection('runbook-policy'));

  constructor() {
    // By language, since the file that the setting names may lie anywhere; `isPolicy` tells the two from other YAML.
    const selector = { language: 'yaml', scheme: 'file' };
    this.#store.add(vscode.languages.registerCompletionItemProvider(selector, this, ':', ' ', '-'));
    this.#store.add(vscode.workspace.onDidOpenTextDocument((document) => this.#check(document)));
    this.#store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#check(document)));
    this.#store.add(
      vscode.workspace.onDidCloseTextDocument((document) => this.#problems.delete(document.uri)),
    );
    for (const document of vscode.workspace.textDocuments) this.#check(document);
  }

  provideCompletionItems(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
    if (!isPolicy(document)) return [];
    return completePolicy(document.getText(), position).map(({ label, insert, detail, kind }) => {
      const item = new vscode.CompletionItem(
        label,
        kind === 'key' ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.EnumMember,
      );
      item.insertText = insert;
      if (detail) item.detail = detail;
      return item;
    });
  }

  dispose(): void {
    this.#store.dispose();
  }

  #check(document: vscode.TextDocument): void {
    if (!isPolicy(document)) return;
    const { problems } = loadPolicy(document.getText());
    this.#problems.set(
      document.uri,
      problems.map(({ message, range, code }) => {
        const { line, character, endLine, endCharacter } = range;
        const diagnostic = new vscode.Diagnostic(
          new vscode.Range(line, character, endLine, endCharacter),
          message,
          vscode.DiagnosticSeverity.Error,
        );
        diagnostic.source = 'runbook policy';
        diagnostic.code = code;
        return diagnostic;
      }),
    );
  }
}

/** The workspace's, or the one that the setting names. */
function isPolicy({ uri, languageId }: vscode.TextDocument): boolean {
  if (uri.scheme !== 'file') return false;
  if (/[/\\]\.runbook[/\\]policy\.ya?ml$/.test(uri.fsPath)) return true;
  const own = vscode.workspace.getConfiguration('runbook').get('policy', '');
  return languageId === 'yaml' && own !== '' && uri.fsPath === vscode.Uri.file(own).fsPath;
}
