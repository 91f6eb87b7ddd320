// The whole output of a run as a read-only file of VS Code: evidence is looked at, never edited.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { outputOf, type RecordedRun, recordedRuns } from '../incident/recordedRuns.ts';

const scheme = 'runbook-output';

/** `runbook-output:/INC-…/cell-3 r-….log?<folder of the incident>` */
export function fullOutputUri(dir: string, run: string): vscode.Uri {
  const incident = dir.split(/[\\/]/).at(-1) ?? 'incident';
  return vscode.Uri.from({ scheme, path: `/${incident}/${run}.log`, query: dir });
}

class RecordedOutputFiles implements vscode.FileSystemProvider {
  readonly #changed = new Emitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event as vscode.Event<vscode.FileChangeEvent[]>;
  /** Fetched at stat, handed out at the read that follows: VS Code asks for both. */
  readonly #fetched = new Map<string, Promise<Uint8Array>>();

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const bytes = this.#read(uri);
    this.#fetched.set(uri.toString(), bytes);
    return { type: vscode.FileType.File, ctime: 0, mtime: Date.now(), size: (await bytes).length };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const fetched = this.#fetched.get(uri.toString());
    this.#fetched.delete(uri.toString());
    return fetched ?? this.#read(uri);
  }

  async #read(uri: vscode.Uri): Promise<Uint8Array> {
    const run = uri.path
      .split('/')
      .at(-1)!
      .replace(/\.log$/, '');
    const found = (await recordedRuns(uri.query)).find((one) => one.run === run);
    if (!found) throw vscode.FileSystemError.FileNotFound(uri);
    return wholeOutput(found);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}

async function wholeOutput(run: RecordedRun): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const { bytes } of outputOf(run)) chunks.push(bytes);
  return Buffer.concat(chunks);
}

export function registerFullOutput(): Disposable {
  const store = new DisposableStore();
  store.add(
    vscode.workspace.registerFileSystemProvider(scheme, new RecordedOutputFiles(), {
      isReadonly: true,
      isCaseSensitive: true,
    }),
  );
  return store;
}
