// Incidents as read-only files of VS Code: the review notebook, whole outputs, texts to compare. Evidence is
// looked at, never edited. Opened incidents are kept for a while, and read anew when their logs have grown.

import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore, toDisposable } from '../../base/disposable.ts';
import { stampOf } from '../../incident/incidentStatus.ts';
import { outputOf } from '../../incident/recordedRuns.ts';
import type { Review } from '../../incident/review/openReview.ts';
import type { ReviewRun } from '../../incident/review/reviewRuns.ts';
import { runText } from '../../incident/review/runText.ts';
import { ReadOnlyFiles } from '../readOnlyFiles.ts';
import { evidenceScheme, evidenceUri, partOf } from './evidenceUri.ts';
import { reviewCells } from './reviewCells.ts';

const mostOpen = 4;

interface Open {
  readonly stamp: string;
  readonly review: Promise<Review>;
}

export class EvidenceFiles extends ReadOnlyFiles implements Disposable {
  readonly #store = new DisposableStore();
  readonly #open = new Map<string, Open>();
  readonly #shownAt = new Map<string, number>();
  readonly #notebooks = new WeakMap<Review, Promise<Uint8Array>>();
  readonly #verified = new vscode.EventEmitter<Review>();
  /** An incident was opened and verified. */
  readonly onDidVerify = this.#verified.event;

  constructor() {
    super();
    const options = { isReadonly: true, isCaseSensitive: true };
    this.#store.add(vscode.workspace.registerFileSystemProvider(evidenceScheme, this, options));
    this.#store.add(this.changed);
    this.#store.add(this.#verified);
    this.#store.add(toDisposable(() => this.#forget(0)));
  }

  /** Verified anew only where its logs have changed since. Rejects as `openReview`. */
  async review(target: string): Promise<Review> {
    const stamp = await stampFor(target);
    const known = this.#open.get(target);
    if (known?.stamp === stamp) return known.review;
    this.#drop(target);
    // The verifier and what unpacks zips are loaded by the first review, not at start-up.
    const review = import('../../incident/review/openReview.ts').then(({ openReview }) => openReview(target));
    this.#open.set(target, { stamp, review });
    this.#forget(mostOpen);
    try {
      const opened = await review;
      this.#verified.fire(opened);
      return opened;
    } catch (error) {
      if (this.#open.get(target)?.review === review) this.#open.delete(target);
      throw error;
    }
  }

  /** The last verification of it, if it is at hand. */
  at(target: string): Promise<Review> | undefined {
    return this.#open.get(target)?.review;
  }

  /** Reads and verifies once more, and shows the notebook anew. */
  async refresh(target: string): Promise<Review> {
    this.#drop(target);
    const review = await this.review(target);
    this.show(target);
    return review;
  }

  /** Shows the notebook once more as the evidence has it. */
  show(target: string): void {
    this.#shownAt.set(target, Date.now());
    const uri = evidenceUri(target, { what: 'review' });
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  dispose(): void {
    this.#store.dispose();
  }

  protected override async changedAt(uri: vscode.Uri): Promise<number> {
    const { verifiedAt = 0 } = (await this.at(uri.query)?.catch(() => undefined)) ?? {};
    return Math.max(verifiedAt, this.#shownAt.get(uri.query) ?? 0);
  }

  protected async read(uri: vscode.Uri): Promise<Uint8Array> {
    const part = partOf(uri);
    if (!part) throw vscode.FileSystemError.FileNotFound(uri);
    const review = await this.review(uri.query);
    if (part.what === 'review') return this.#notebook(review);
    if (part.what === 'object') return collect(review.openBlob(part.sha256) ?? []);
    const run = review.runs.find((one) => one.run === part.run);
    if (!run) throw vscode.FileSystemError.FileNotFound(uri);
    if (part.what === 'source') return Buffer.from(run.source);
    const output = await collect(chunksOf(run, review));
    return part.what === 'output' ? output : Buffer.from(runText(run, output.toString('utf8')));
  }

  /** Made once: VS Code asks for a file's size far more often than for the file. */
  #notebook(review: Review): Promise<Uint8Array> {
    const known = this.#notebooks.get(review);
    if (known) return known;
    const made = reviewCells(review).then((cells) => Buffer.from(JSON.stringify(cells)));
    this.#notebooks.set(review, made);
    made.catch(() => this.#notebooks.delete(review));
    return made;
  }

  #drop(target: string): void {
    const known = this.#open.get(target);
    this.#open.delete(target);
    void known?.review.then((review) => review.close()).catch(() => {});
  }

  #forget(most: number): void {
    for (const target of [...this.#open.keys()].slice(0, Math.max(0, this.#open.size - most)))
      this.#drop(target);
  }
}

async function* chunksOf(run: ReviewRun, review: Review): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of outputOf(run, review.openBlob)) yield bytes;
}

async function collect(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** Of a folder by its logs, of a pack by itself. */
async function stampFor(target: string): Promise<string> {
  const own = await stat(target).catch(() => undefined);
  if (own?.isDirectory()) return (await stampOf(target)) ?? 'unreadable';
  return `${own?.size} ${own?.mtimeMs}`;
}
