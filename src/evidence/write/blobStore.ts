// blobs/<sha256>: bytes that are too large for a line. A blob appears under its name whole or not at all.

import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { systemCode } from '../../base/runbookError.ts';
import type { BlobRef } from '../events.ts';
import { AppendFile, syncDirectory } from './appendFile.ts';

export class BlobStore {
  readonly dir: string;
  readonly #open: string;

  constructor(incidentDir: string, openDir: string) {
    this.dir = path.join(incidentDir, 'blobs');
    this.#open = openDir;
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    mkdirSync(this.#open, { recursive: true, mode: 0o700 });
  }

  /** A stream's file while it grows; `name` tells recovery what it was. */
  begin(name: string): { readonly file: AppendFile; readonly path: string } {
    const at = path.join(this.#open, name);
    return { file: new AppendFile(at), path: at };
  }

  /** Bytes that are at hand, already redacted. */
  async put(bytes: Uint8Array): Promise<BlobRef> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (!existsSync(path.join(this.dir, sha256))) {
      const { file, path: from } = this.begin(`part-${randomBytes(8).toString('hex')}`);
      try {
        file.write(bytes);
        await file.sync();
      } catch (error) {
        rmSync(from, { force: true });
        throw error;
      } finally {
        file.close();
      }
      this.adopt(from, sha256);
    }
    return { sha256, bytes: bytes.length };
  }

  /** Gives a finished file its name. */
  adopt(from: string, sha256: string): void {
    this.name(from, sha256);
    rmSync(from, { force: true });
  }

  /**
   * The same, and the file keeps its first name: until the event that speaks of the blob is on disk, a crash must
   * leave what tells whose bytes these are.
   */
  name(from: string, sha256: string): void {
    const to = path.join(this.dir, sha256);
    try {
      // Not renamed over: a blob that is there is never written again.
      linkSync(from, to);
    } catch (error) {
      const code = systemCode(error);
      if (code === 'ENOENT') throw error;
      if (code !== 'EEXIST') {
        // A file system without links.
        const half = path.join(this.#open, `part-${randomBytes(8).toString('hex')}`);
        copyFileSync(from, half);
        renameSync(half, to);
      }
    }
    syncDirectory(this.dir);
  }
}
