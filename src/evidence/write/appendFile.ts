// A file that only grows, written synchronously so that the order of calls is the order of bytes. A write that
// fails midway is taken back.

import {
  closeSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';

export class AppendFile {
  readonly #fd: number;
  #size: number;
  #closed = false;

  /** Opens for appending; `wx` demands that the file is new. */
  constructor(file: string, { size = 0, fresh = true }: { size?: number; fresh?: boolean } = {}) {
    this.#fd = openSync(file, fresh ? 'wx+' : 'r+', 0o600);
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  /** Throws the system's error with nothing written, or writes all. */
  write(bytes: Uint8Array): void {
    let done = 0;
    try {
      while (done < bytes.length)
        done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#size + done);
    } catch (error) {
      try {
        if (done > 0) ftruncateSync(this.#fd, this.#size);
      } catch {
        // A reader takes what follows the last line feed for a torn line; the first error is the one to tell.
      }
      throw error;
    }
    this.#size += bytes.length;
  }

  /** Resolves when the bytes written so far survive a loss of power. */
  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(this.#fd, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Deleted behind our back. */
  isGone(): boolean {
    return fstatSync(this.#fd).nlink === 0;
  }

  /** All bytes so far, in pieces; works also after the file was deleted. */
  *read(): Iterable<Buffer> {
    for (let at = 0; at < this.#size; ) {
      const buffer = Buffer.alloc(Math.min(1 << 20, this.#size - at));
      const count = readSync(this.#fd, buffer, 0, buffer.length, at);
      if (count === 0) return;
      at += count;
      yield buffer.subarray(0, count);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }
}

/** Makes names that were created or renamed in `dir` survive a loss of power. Windows has no such call. */
export function syncDirectory(dir: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
