// Files that VS Code shows and nobody writes: evidence is looked at, never edited. A provider says what a file holds;
// what every read-only file system answers alike is here.

import * as vscode from 'vscode';

export abstract class ReadOnlyFiles implements vscode.FileSystemProvider {
  protected readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  /** Fetched at stat, handed out at the read that follows: VS Code asks for both. */
  readonly #fetched = new Map<string, Promise<Uint8Array>>();

  /** The whole file. Rejects with `FileNotFound` where there is none. */
  protected abstract read(uri: vscode.Uri): Promise<Uint8Array>;

  /** When it last changed, milliseconds since 1970; now, where nothing better is known. */
  protected async changedAt(_uri: vscode.Uri): Promise<number> {
    return Date.now();
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const bytes = this.read(uri);
    this.#fetched.set(uri.toString(), bytes);
    const size = (await bytes).length;
    return { type: vscode.FileType.File, ctime: 0, mtime: await this.changedAt(uri), size };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const fetched = this.#fetched.get(uri.toString());
    this.#fetched.delete(uri.toString());
    return fetched ?? this.read(uri);
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
