// A file that somebody else changed to another text of the same length. VS Code tells a changed file by its time and
// length, and would save over it without a word; here the first save is refused and says why.

import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { notebookType } from './openAs.ts';

/** A save follows its announcement within this time, and a notebook shows within it what was read. Milliseconds. */
const followsWithinMs = 5000;

const refusal =
  'Somebody else changed the file on disk, so nothing was written. Revert takes their text; saving again overwrites it.';

interface FileText {
  /** SHA-256, hexadecimal. */
  readonly digest: string;
  /** Bytes. */
  readonly length: number;
}

interface Reading extends FileText {
  readonly data: vscode.NotebookData;
}

export class SaveConflicts implements Disposable {
  readonly #store = new DisposableStore();
  /** What the file held when VS Code last read or wrote it. */
  readonly #known = new WeakMap<vscode.NotebookDocument, Promise<FileText | undefined>>();
  /** What was read a moment ago, and may show in a notebook any time now. */
  readonly #readings = new Map<Reading, NodeJS.Timeout>();
  /** Until when a save is refused. */
  readonly #refused = new Map<vscode.NotebookDocument, number>();
  /** Digest of the text on disk of which a refusal has told. */
  readonly #told = new WeakMap<vscode.NotebookDocument, string>();

  constructor() {
    this.#store.add(vscode.workspace.onDidOpenNotebookDocument((notebook) => this.#opened(notebook)));
    this.#store.add(vscode.workspace.onDidSaveNotebookDocument((notebook) => this.#saved(notebook)));
    this.#store.add(
      vscode.workspace.onDidChangeNotebookDocument(({ notebook }) => {
        if (this.#readings.size > 0 && isOurs(notebook)) this.#takeReading(notebook);
      }),
    );
    this.#store.add(
      vscode.workspace.onWillSaveNotebookDocument((event) => {
        if (isOurs(event.notebook)) event.waitUntil(this.#look(event.notebook, event.reason));
      }),
    );
    this.#store.add({ dispose: () => this.#forget(this.#readings.keys()) });
    vscode.workspace.notebookDocuments.forEach((notebook) => void this.#learn(notebook));
  }

  /**
   * The serializer, which throws where the save that it serves was refused: nothing else can hold a save back.
   */
  around(serializer: vscode.NotebookSerializer): vscode.NotebookSerializer {
    return {
      deserializeNotebook: async (bytes, token) => {
        const data = await serializer.deserializeNotebook(bytes, token);
        this.#keepReading({ ...fileText(bytes), data });
        return data;
      },
      serializeNotebook: (data, token) => {
        for (const [notebook, until] of this.#refused) {
          if (until < Date.now()) this.#refused.delete(notebook);
          else if (shows(notebook, data)) throw new Error(refusal);
        }
        return serializer.serializeNotebook(data, token);
      },
    };
  }

  dispose(): void {
    this.#store.dispose();
  }

  #opened(notebook: vscode.NotebookDocument): void {
    if (!isOurs(notebook)) return;
    // With edits that outlived a window it shows no text that was read from the file.
    if (!this.#takeReading(notebook)) this.#learn(notebook);
  }

  /** VS Code calls a notebook dirty for a moment after it was saved, so that is not asked. */
  #saved(notebook: vscode.NotebookDocument): void {
    // What was read before is history, also where an undo shows it once more.
    if (isOurs(notebook)) this.#forget(this.#readings.keys());
    this.#learn(notebook);
  }

  #learn(notebook: vscode.NotebookDocument): void {
    if (isOurs(notebook)) this.#known.set(notebook, read(notebook.uri));
  }

  #keepReading(reading: Reading): void {
    this.#readings.set(
      reading,
      setTimeout(() => this.#readings.delete(reading), followsWithinMs),
    );
  }

  #forget(readings: Iterable<Reading>): void {
    for (const reading of readings) {
      clearTimeout(this.#readings.get(reading));
      this.#readings.delete(reading);
    }
  }

  /**
   * The file was read again, and shows. Asked of the text that was read, since the file may have changed once more
   * and the notebook may already hold an edit when one looks.
   */
  #takeReading(notebook: vscode.NotebookDocument): boolean {
    const readings = [...this.#readings.keys()].filter(({ data }) => shows(notebook, data));
    const newest = readings.at(-1);
    if (!newest) return false;
    this.#forget(readings);
    this.#known.set(notebook, Promise.resolve({ digest: newest.digest, length: newest.length }));
    return true;
  }

  /** Refuses once. Who saves again by hand has been told, and overwrites; an automatic save never does. */
  async #look(notebook: vscode.NotebookDocument, reason: vscode.TextDocumentSaveReason): Promise<void> {
    this.#refused.delete(notebook);
    const known = await this.#known.get(notebook);
    const found = known && (await read(notebook.uri));
    if (!found || found.length !== known.length || found.digest === known.digest) return;
    if (reason === vscode.TextDocumentSaveReason.Manual && this.#told.get(notebook) === found.digest) return;
    this.#told.set(notebook, found.digest);
    this.#refused.set(notebook, Date.now() + followsWithinMs);
  }
}

const isOurs = (notebook: vscode.NotebookDocument): boolean =>
  notebook.notebookType === notebookType && !notebook.isUntitled && !notebook.isClosed;

/** Whether these are the cells of that notebook: a serializer is not told of which one they are. */
function shows(notebook: vscode.NotebookDocument, { cells }: vscode.NotebookData): boolean {
  return (
    cells.length === notebook.cellCount &&
    cells.every((cell, index) => lineFed(cell.value) === lineFed(notebook.cellAt(index).document.getText()))
  );
}

/** An editor keeps one kind of line ending a cell. */
const lineFed = (text: string): string => text.replace(/\r\n?/g, '\n');

const fileText = (bytes: Uint8Array): FileText => ({
  digest: createHash('sha256').update(bytes).digest('hex'),
  length: bytes.length,
});

async function read(uri: vscode.Uri): Promise<FileText | undefined> {
  try {
    return fileText(await vscode.workspace.fs.readFile(uri));
  } catch {
    // A file that is gone holds nothing that could be overwritten.
    return undefined;
  }
}
