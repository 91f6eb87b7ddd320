// A file that somebody else changed to another text of the same length. VS Code tells a changed file by its time and
// length, and would save over it without a word; here the first save is refused and says why.

import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { notebookType } from './openAs.ts';

/** A save follows its announcement within this time. Milliseconds. */
const saveWithinMs = 5000;
/** How soon after its cells a notebook that was read again counts as clean. Milliseconds. */
const settleMs = 250;

const refusal =
  'Somebody else changed the file on disk, so nothing was written. Revert takes their text; saving again overwrites it.';

interface OnDisk {
  readonly digest: string;
  readonly length: number;
}

export class SaveConflicts implements Disposable {
  readonly #store = new DisposableStore();
  /** What the file held when VS Code last read or wrote it. */
  readonly #known = new WeakMap<vscode.NotebookDocument, OnDisk>();
  /** Until when a save is refused. */
  readonly #refused = new Map<vscode.NotebookDocument, number>();
  /** Digest of the text on disk of which a refusal has told. */
  readonly #told = new WeakMap<vscode.NotebookDocument, string>();

  constructor(onError: (error: unknown) => void) {
    const learn = (notebook: vscode.NotebookDocument): void => void this.#learn(notebook).catch(onError);
    this.#store.add(vscode.workspace.onDidOpenNotebookDocument(learn));
    this.#store.add(vscode.workspace.onDidSaveNotebookDocument(learn));
    this.#store.add(
      vscode.workspace.onDidChangeNotebookDocument(({ notebook }) => {
        if (!isOurs(notebook)) return;
        void delay(settleMs)
          .then(() => (notebook.isDirty ? undefined : this.#learn(notebook)))
          .catch(onError);
      }),
    );
    this.#store.add(
      vscode.workspace.onWillSaveNotebookDocument((event) => {
        if (isOurs(event.notebook)) event.waitUntil(this.#look(event.notebook, event.reason));
      }),
    );
    vscode.workspace.notebookDocuments.forEach(learn);
  }

  /**
   * The serializer, which throws where the save that it serves was refused: nothing else can hold a save back.
   */
  around(serializer: vscode.NotebookSerializer): vscode.NotebookSerializer {
    return {
      deserializeNotebook: (bytes, token) => serializer.deserializeNotebook(bytes, token),
      serializeNotebook: (data, token) => {
        for (const [notebook, until] of this.#refused) {
          if (until < Date.now()) this.#refused.delete(notebook);
          else if (isOf(data, notebook)) throw new Error(refusal);
        }
        return serializer.serializeNotebook(data, token);
      },
    };
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #learn(notebook: vscode.NotebookDocument): Promise<void> {
    const found = isOurs(notebook) && !notebook.isDirty && (await read(notebook.uri));
    if (found && !notebook.isDirty) this.#known.set(notebook, found);
  }

  /** Refuses once. Who saves again by hand has been told, and overwrites; an automatic save never does. */
  async #look(notebook: vscode.NotebookDocument, reason: vscode.TextDocumentSaveReason): Promise<void> {
    this.#refused.delete(notebook);
    const known = this.#known.get(notebook);
    const found = known && (await read(notebook.uri));
    if (!found || found.length !== known.length || found.digest === known.digest) return;
    if (reason === vscode.TextDocumentSaveReason.Manual && this.#told.get(notebook) === found.digest) return;
    this.#told.set(notebook, found.digest);
    this.#refused.set(notebook, Date.now() + saveWithinMs);
  }
}

const isOurs = (notebook: vscode.NotebookDocument): boolean =>
  notebook.notebookType === notebookType && !notebook.isUntitled && !notebook.isClosed;

/** Whether these are the cells of that notebook: a serializer is not told of which one they are. */
function isOf(data: vscode.NotebookData, notebook: vscode.NotebookDocument): boolean {
  return (
    data.cells.length === notebook.cellCount &&
    data.cells.every((cell, index) => cell.value === notebook.cellAt(index).document.getText())
  );
}

async function read(uri: vscode.Uri): Promise<OnDisk | undefined> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return { digest: createHash('sha256').update(bytes).digest('hex'), length: bytes.length };
  } catch {
    // A file that is gone holds nothing that could be overwritten.
    return undefined;
  }
}
