// The verdict on the incident in front, in the status bar, where no evidence can draw: only this code writes it,
// and only after a verification.

import path from 'node:path';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import { report } from '../log.ts';
import type { EvidenceFiles } from './evidenceFiles.ts';
import { reviewType } from './evidenceUri.ts';

export class ReviewBadge implements Disposable {
  readonly #store = new DisposableStore();
  readonly #item: vscode.StatusBarItem;
  readonly #files: EvidenceFiles;

  constructor(files: EvidenceFiles) {
    this.#files = files;
    this.#item = this.#store.add(
      vscode.window.createStatusBarItem('runbook.integrity', vscode.StatusBarAlignment.Left, 98),
    );
    this.#item.name = 'Runbook Evidence Integrity';
    this.#item.command = 'runbook.review.verify';
    const draw = (): void => void this.#draw().catch(report);
    this.#store.add(vscode.window.onDidChangeActiveNotebookEditor(draw));
    this.#store.add(files.onDidVerify(draw));
    draw();
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #draw(): Promise<void> {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    const review = notebook?.notebookType === reviewType ? this.#files.at(notebook.uri.query) : undefined;
    if (!notebook || !review) return this.#item.hide();
    const { verification, target, verifiedAt } = await review;
    const { ok, events, problems, unproven, writers } = verification;
    this.#item.text = ok
      ? `$(verified-filled) Verified, ${events} events`
      : `$(error) Does not verify: ${problems.length}`;
    this.#item.backgroundColor = ok ? undefined : new vscode.ThemeColor('statusBarItem.errorBackground');
    this.#item.tooltip = [
      `${path.basename(target)}, verified ${new Date(verifiedAt).toLocaleString()}`,
      ...problems.slice(0, 5).map(({ message }) => message),
      ...writers.map(({ fingerprint, writer }) => `${fingerprint} ${writer}`),
      unproven.length > 0 ? `Not proven: ${unproven.length}` : '',
      'Press to verify again.',
    ]
      .filter(Boolean)
      .join('\n');
    this.#item.show();
  }
}
