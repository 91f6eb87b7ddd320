// One writer's folder: its log, its tree, its key, its checkpoint. Knows lines, not what they mean.

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { RunbookError } from '../../base/runbookError.ts';
import { type Checkpoint, originOf, printCheckpoint } from '../format/checkpoint.ts';
import type { SigningKey } from '../format/keys.ts';
import { checkpointName, lockName, logName, maxLineBytes, openFolder } from '../format/layout.ts';
import { GrowingTree, leafHash } from '../format/merkle.ts';
import { printVerifierKey, signNote, verifierKey } from '../format/signedNote.ts';
import { AppendFile, syncDirectory } from './appendFile.ts';
import { BlobStore } from './blobStore.ts';
import { processStart } from './processStart.ts';

export class WriterFolder {
  readonly incidentDir: string;
  readonly incident: string;
  readonly writer: string;
  readonly dir: string;
  readonly key: SigningKey;
  readonly blobs: BlobStore;
  readonly #log: AppendFile;
  readonly #tree: GrowingTree;
  #last: Buffer | undefined;
  #note: string | undefined;

  private constructor(
    incidentDir: string,
    writer: string,
    key: SigningKey,
    log: { readonly file: AppendFile; readonly tree: GrowingTree; readonly last?: Buffer | undefined },
  ) {
    this.incidentDir = incidentDir;
    this.incident = path.basename(incidentDir);
    this.writer = writer;
    this.dir = path.join(incidentDir, 'writers', writer);
    this.key = key;
    this.#log = log.file;
    this.#tree = log.tree;
    this.#last = log.last;
    this.blobs = new BlobStore(incidentDir, path.join(this.dir, openFolder));
  }

  /** Makes the folder; throws the system's error where it can't. */
  static create(incidentDir: string, writer: string, key: SigningKey): WriterFolder {
    const dir = path.join(incidentDir, 'writers', writer);
    mkdirSync(path.dirname(dir), { recursive: true, mode: 0o700 });
    mkdirSync(dir, { mode: 0o700 });
    const lock = { pid: process.pid, host: os.hostname(), started: processStart(process.pid) };
    writeFileSync(path.join(dir, lockName), JSON.stringify(lock), { mode: 0o600, flag: 'wx' });
    const file = new AppendFile(path.join(dir, logName));
    const folder = new WriterFolder(incidentDir, writer, key, { file, tree: new GrowingTree() });
    syncDirectory(dir);
    syncDirectory(path.dirname(dir));
    syncDirectory(incidentDir);
    return folder;
  }

  /** Takes up a log that ends in a line feed; `lines` are its lines without them. */
  static resume(
    incidentDir: string,
    writer: string,
    key: SigningKey,
    lines: readonly Buffer[],
  ): WriterFolder {
    const file = path.join(incidentDir, 'writers', writer, logName);
    const size = lines.reduce((sum, line) => sum + line.length + 1, 0);
    const tree = new GrowingTree();
    let last: Buffer | undefined;
    for (const line of lines) {
      last = leafHash(line);
      tree.append(last);
    }
    return new WriterFolder(incidentDir, writer, key, {
      file: new AppendFile(file, { fresh: false, size }),
      tree,
      last,
    });
  }

  get size(): number {
    return this.#tree.size;
  }

  get verifierKey(): string {
    return printVerifierKey(verifierKey(originOf(this.incident, this.writer), this.key.publicKey));
  }

  /** `prev` of the next line. */
  get prev(): string | undefined {
    return this.#last?.toString('base64');
  }

  /** One line without its line feed. Throws the system's error with nothing written. */
  append(line: Buffer): void {
    if (line.length > maxLineBytes) {
      throw new RunbookError({
        code: 'evidence-line-too-long',
        message: `An event of ${line.length} bytes is longer than a line may be.`,
        mend: 'Put what is large into a blob.',
        audience: 'developer',
      });
    }
    this.#log.write(Buffer.concat([line, lineFeed]));
    this.#last = leafHash(line);
    this.#tree.append(this.#last);
  }

  /** Rejects also where the file is no longer in its folder: then nothing written to it is kept. */
  async sync(): Promise<void> {
    await this.#log.sync();
    if (this.#log.isGone()) throw gone(this.dir);
  }

  /** Writes what this log holds into another incident folder, where its own was deleted. */
  rescueInto(incidentDir: string): void {
    if (!this.#log.isGone()) return;
    const dir = path.join(incidentDir, 'writers', this.writer);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const copy = new AppendFile(path.join(dir, logName));
    for (const bytes of this.#log.read()) copy.write(bytes);
    copy.close();
    if (this.#note) writeFileSync(path.join(dir, checkpointName), this.#note, { mode: 0o600 });
  }

  /** Signs what the log holds now and puts the note beside it. */
  async seal(): Promise<{ readonly note: string; readonly checkpoint: Checkpoint }> {
    const origin = originOf(this.incident, this.writer);
    const checkpoint = { origin, size: this.#tree.size, root: this.#tree.root() };
    await this.sync();
    const note = signNote(printCheckpoint(checkpoint), origin, this.key);
    // Written where unfinished things lie: a crash here must not leave a file that has no place in an incident.
    const drafts = path.join(this.dir, openFolder);
    const own = path.join(drafts, `part-${randomBytes(8).toString('hex')}`);
    try {
      mkdirSync(drafts, { recursive: true, mode: 0o700 });
      await writeFile(own, note, { mode: 0o600, flush: true });
      renameSync(own, path.join(this.dir, checkpointName));
    } catch (error) {
      rmSync(own, { force: true });
      throw error;
    }
    syncDirectory(this.dir);
    this.#note = note;
    return { note, checkpoint };
  }

  /**
   * Lets go of the folder; nothing more is written. False where a stream was never finished: then the lock stays, and
   * whoever opens the incident next makes this writer whole.
   */
  release(): boolean {
    this.#log.close();
    const open = path.join(this.dir, openFolder);
    if (existsSync(open) && readdirSync(open).some((name) => isStream(name))) return false;
    try {
      rmdirSync(open);
    } catch {
      // Half-written copies; the folder is gone with its incident.
    }
    rmSync(path.join(this.dir, lockName), { force: true });
    return true;
  }

  closeFile(): void {
    this.#log.close();
  }
}

/** See OutputWriter. */
const isStream = (name: string): boolean => /\.(?:stdout|stderr)$/.test(name);
const lineFeed = Buffer.from('\n');

function gone(dir: string): Error {
  return Object.assign(new Error(`the folder ${dir} was deleted`), { code: 'ENOENT' });
}
