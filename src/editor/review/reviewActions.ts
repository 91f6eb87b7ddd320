// What can be done with a run that is under review: open its whole output, compare it, go to its runbook's cell,
// see what has changed since. The same as status items of the cell and as commands for the keyboard.

import path from 'node:path';
import * as vscode from 'vscode';
import { utcText } from '../../base/clock.ts';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import type { Review } from '../../incident/review/openReview.ts';
import { isSameCell, type ReviewRun } from '../../incident/review/reviewRuns.ts';
import { runsOfCell } from '../../incident/review/runIndex.ts';
import { report } from '../log.ts';
import { toast } from '../toast.ts';
import { evidenceUri, reviewType } from './evidenceUri.ts';
import type { Reviewing } from './openReviewNotebook.ts';
import { cellNowUri, nothingUri, registerPresentText } from './presentText.ts';
import { runbookNow, showCellNow } from './runbookCells.ts';

interface Subject {
  readonly review: Review;
  readonly run: ReviewRun;
  /** Which of the run's changes the cell shows. */
  readonly change: number | undefined;
}

export class ReviewActions implements Disposable, vscode.NotebookCellStatusBarItemProvider {
  readonly #store = new DisposableStore();
  readonly #reviewing: Reviewing;

  constructor(reviewing: Reviewing) {
    this.#reviewing = reviewing;
    this.#store.add(vscode.notebooks.registerNotebookCellStatusBarItemProvider(reviewType, this));
    this.#store.add(registerPresentText());
    const command = (name: string, act: (subject: Subject) => Promise<unknown>): void => {
      const run = async (cell?: vscode.NotebookCell): Promise<unknown> => act(await this.#subject(cell));
      this.#store.add(
        vscode.commands.registerCommand(`runbook.review.${name}`, (cell) => run(cell).catch(report)),
      );
    };
    command('openOutput', ({ review, run }) => openText(review, run));
    command('compare', (subject) => this.#compare(subject));
    command('openChange', openChange);
    command('goToCell', goToCell);
    command('changedSince', changedSince);
  }

  async provideCellStatusBarItems(cell: vscode.NotebookCell): Promise<vscode.NotebookCellStatusBarItem[]> {
    if (typeof cell.metadata.run !== 'string') return [];
    const { review, run, change } = await this.#subject(cell);
    if (change !== undefined) return [item('$(diff) Open in Diff Editor', 'openChange')];
    const now = await runbookNow(review, run);
    return [
      ...(now?.isSame === false ? [item('$(warning) Changed since', 'changedSince')] : []),
      ...(now ? [item('$(go-to-file) Runbook', 'goToCell')] : []),
      item('$(compare-changes) Compare…', 'compare'),
      ...(run.blobs.length > 0 ? [item('$(output) Full Output', 'openOutput')] : []),
    ];
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #subject(cell?: vscode.NotebookCell): Promise<Subject> {
    const editor = vscode.window.activeNotebookEditor;
    const chosen = cell ?? editor?.notebook.cellAt(editor.selection.start);
    const { run: id, change } = (chosen?.metadata ?? {}) as { run?: string; change?: number };
    if (chosen?.notebook.notebookType !== reviewType || !id)
      throw new Error('Select a run of a review first.');
    const review = await this.#reviewing.files.review(chosen.notebook.uri.query);
    const run = review.runs.find((one) => one.run === id);
    if (!run) throw new Error(`The incident has no run ${id}.`);
    return { review, run, change };
  }

  /** With another run of the cell, of this incident or of any on this machine: the earlier one on the left. */
  async #compare({ review, run }: Subject): Promise<void> {
    const here = review.runs
      .filter((other) => other.run !== run.run && isSameCell(other, run))
      .map((other) => ({ target: review.target, title: review.status.title, run: other }));
    const elsewhere = (await runsOfCell(this.#reviewing.place(), run))
      .filter(({ incident }) => incident.id !== review.status.id)
      .map((other) => ({ target: other.incident.folder, title: other.incident.title, run: other.run }));
    const rows = [...here, ...elsewhere].map((other) => ({
      label: `$(${other.run.result?.ok ? 'pass' : 'error'}) ${when(other.run.startedAt)}`,
      description: other.run.by,
      detail: other.title,
      other,
    }));
    if (rows.length === 0) {
      void vscode.window.showInformationMessage('This cell has no other run on this machine.');
      return;
    }
    const picked = await vscode.window.showQuickPick(rows, { title: 'Compare with which run?' });
    if (!picked) return;
    const { other } = picked;
    const pair = [{ target: review.target, run }, other].sort(
      (one, two) => one.run.startedAt - two.run.startedAt,
    );
    const [left, right] = pair.map((one) => evidenceUri(one.target, { what: 'run', run: one.run.run }));
    const title = pair.map((one) => when(one.run.startedAt)).join(' ↔ ');
    await vscode.commands.executeCommand('vscode.diff', left, right, title);
  }
}

/** Without arguments, so that VS Code hands the cell to the command. */
function item(text: string, command: string): vscode.NotebookCellStatusBarItem {
  const made = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Right);
  made.command = `runbook.review.${command}`;
  return made;
}

async function openText(review: Review, run: ReviewRun): Promise<void> {
  const uri = evidenceUri(review.target, { what: 'output', run: run.run });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}

async function openChange({ review, run, change }: Subject): Promise<void> {
  const shown = run.changes[change ?? 0];
  if (!shown) {
    void vscode.window.showInformationMessage('This run changed no object that is recorded.');
    return;
  }
  const side = (sha256: string | undefined): vscode.Uri =>
    sha256 ? evidenceUri(review.target, { what: 'object', sha256 }) : nothingUri;
  await vscode.commands.executeCommand(
    'vscode.diff',
    side(shown.before),
    side(shown.after),
    `${shown.object}: before ↔ after`,
  );
}

async function goToCell({ review, run }: Subject): Promise<void> {
  const now = await runbookNow(review, run);
  if (!now) {
    void vscode.window.showInformationMessage(
      toast(`${run.name || 'Its runbook'} is not in this workspace.`),
    );
  } else if (!(await showCellNow(now))) {
    void vscode.window.showInformationMessage(
      toast(`${path.basename(now.uri.path)} has no such cell any more.`),
    );
  }
}

/** What ran on the left, what the runbook says now on the right. */
async function changedSince({ review, run }: Subject): Promise<void> {
  const now = await runbookNow(review, run);
  if (now?.ordinal === undefined) {
    void vscode.window.showInformationMessage('The runbook has no such cell any more.');
    return;
  }
  await vscode.commands.executeCommand(
    'vscode.diff',
    evidenceUri(review.target, { what: 'source', run: run.run }),
    cellNowUri(now.uri, now.ordinal),
    `${run.name}: as it ran ${when(run.startedAt)} ↔ now`,
  );
}

const when = (at: number): string => `${utcText(at)} UTC`;
