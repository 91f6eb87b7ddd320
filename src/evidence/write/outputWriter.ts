// A stream of a run on its way to disk and to the reader's eyes: the same redacted bytes for both, first
// written, then shown.

import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Clock } from '../../base/clock.ts';
import { RunbookError, toError } from '../../base/runbookError.ts';
import type { BlobRef, Cut } from '../events.ts';
import type { StreamRedactor } from '../redact/streamRedactor.ts';
import type { AppendFile } from './appendFile.ts';
import type { EvidenceWriter } from './evidenceWriter.ts';
import type { FrameLog } from './frameLog.ts';
import { printStreamName } from './streamName.ts';
import type { WriterFolder } from './writerFolder.ts';

/** How long an unfinished line waits before what is decided of it is shown. */
const holdMs = 250;

export interface OutputOptions {
  readonly owner: EvidenceWriter;
  readonly folder: () => WriterFolder;
  readonly run: string;
  readonly stream: 'stdout' | 'stderr';
  readonly frames: FrameLog;
  readonly late?: ((bytes: Uint8Array, atMs: number) => void) | undefined;
  readonly clock: Clock;
}

export interface OutputEnd {
  /** The last bytes to show. */
  readonly rest: Uint8Array;
  /** Undefined where the stream was empty. */
  readonly blob: BlobRef | undefined;
  readonly cuts: readonly Cut[];
  readonly cutCount: number;
}

export class OutputWriter {
  readonly #options: OutputOptions;
  readonly #redactor: StreamRedactor;
  #hash = createHash('sha256');
  #file: { readonly file: AppendFile; readonly path: string; readonly folder: WriterFolder } | undefined;
  #part = 0;
  #timer: NodeJS.Timeout | undefined;
  #last = { atMs: 0, monotonicMs: 0 };
  /** Redacted bytes that wait for another folder. */
  #waiting: { readonly bytes: Buffer; readonly atMs: number }[] = [];
  #moving: Promise<void> | undefined;
  #failure: unknown;

  constructor(options: OutputOptions) {
    this.#options = options;
    this.#redactor = options.owner.redactor.stream();
  }

  /**
   * Takes raw bytes that came `atMs` after the run began and gives the redacted bytes that are decided and on
   * disk now: show these. Others follow through `late` or `end`. Throws `evidence-unwritable` once no folder
   * takes the output any more.
   */
  write(bytes: Uint8Array, atMs: number): Uint8Array {
    if (this.#failure) throw this.#failure;
    this.#last = { atMs, monotonicMs: this.#options.clock.monotonicMs() };
    const decided = this.#redactor.write(bytes);
    this.#arm();
    return this.#record(decided, atMs);
  }

  /** The stream is over: records its blob. */
  async end(): Promise<OutputEnd> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    let rest = this.#record(this.#redactor.end(), this.#now());
    await this.#moving;
    if (this.#failure) {
      await this.#keep();
      throw this.#failure;
    }
    if (this.#waiting.length > 0) rest = Buffer.concat([rest, ...this.#drain()]);
    const blob = await this.#finish();
    await this.#options.frames.flush();
    return { rest, blob, cuts: this.#redactor.cuts, cutCount: this.#redactor.cutCount };
  }

  #now(): number {
    return this.#last.atMs + (this.#options.clock.monotonicMs() - this.#last.monotonicMs);
  }

  #arm(): void {
    if (!this.#redactor.isHolding || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const atMs = this.#now();
      const shown = this.#record(this.#redactor.release(), atMs);
      if (shown.length > 0) this.#options.late?.(shown, atMs);
    }, holdMs);
  }

  /** Writes first, then gives the bytes to be shown. */
  #record(bytes: Buffer, atMs: number): Uint8Array {
    if (bytes.length === 0) return bytes;
    if (this.#moving || this.#waiting.length > 0) {
      this.#waiting.push({ bytes, atMs });
      return Buffer.alloc(0);
    }
    const folder = this.#options.folder();
    try {
      this.#append(folder, bytes, atMs);
      return bytes;
    } catch (error) {
      this.#waiting.push({ bytes, atMs });
      this.#moving = this.#move(folder, toError(error)).finally(() => {
        this.#moving = undefined;
      });
      return Buffer.alloc(0);
    }
  }

  #append(folder: WriterFolder, bytes: Buffer, atMs: number): void {
    if (this.#file && this.#file.folder !== folder) this.#carry(folder);
    this.#file ??= { ...folder.blobs.begin(this.#name()), folder };
    this.#file.file.write(bytes);
    this.#hash.update(bytes);
    this.#options.frames.add(this.#options.stream === 'stdout' ? 0 : 1, atMs, bytes.length);
  }

  /** The stream goes on in another folder: what it had so far goes along. */
  #carry(folder: WriterFolder): void {
    const old = this.#file!;
    this.#part += 1;
    const next = { ...folder.blobs.begin(this.#name()), folder };
    for (const bytes of old.file.read()) next.file.write(bytes);
    old.file.close();
    this.#file = next;
  }

  async #move(from: WriterFolder, error: Error): Promise<void> {
    try {
      await this.#options.owner.switchFolder(from, error);
      for (const { bytes, atMs } of this.#waiting) {
        this.#append(this.#options.folder(), bytes, atMs);
        this.#options.late?.(bytes, atMs);
      }
      this.#waiting = [];
    } catch (failure) {
      this.#failure = failure;
    }
  }

  #drain(): Buffer[] {
    const drained = this.#waiting.map(({ bytes, atMs }) => {
      this.#append(this.#options.folder(), bytes, atMs);
      return bytes;
    });
    this.#waiting = [];
    return drained;
  }

  /** Of a stream that no folder takes any more: what was shown of it is on disk, and is recorded as cut off. */
  async #keep(): Promise<void> {
    if (!this.#file) return;
    const { owner, run, stream } = this.#options;
    const { file, path, folder } = this.#file;
    try {
      await file.sync();
      const blob = { sha256: this.#hash.copy().digest('hex'), bytes: file.size };
      folder.blobs.name(path, blob.sha256);
      const { cutCount } = this.#redactor;
      await owner.append({ type: 'output.blob', run, stream, blob, whole: false, part: 0, cutCount });
      file.close();
      rmSync(path, { force: true });
    } catch {
      // It stays where it is, and its writer counts as one that died: whoever opens the incident next records it.
    }
  }

  async #finish(): Promise<BlobRef | undefined> {
    const { owner, run, stream } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      const folder = this.#options.folder();
      if (!this.#file) return undefined;
      try {
        if (this.#file.folder !== folder) this.#carry(folder);
        const { file, path } = this.#file;
        await file.sync();
        const blob = { sha256: this.#hash.copy().digest('hex'), bytes: file.size };
        folder.blobs.name(path, blob.sha256);
        file.close();
        const cuts = this.#redactor.cuts.slice(0, 100);
        await owner.append({
          type: 'output.blob',
          run,
          stream,
          blob,
          whole: true,
          part: 0,
          cutCount: this.#redactor.cutCount,
          ...(cuts.length > 0 ? { extra: { cuts } } : {}),
        });
        rmSync(path, { force: true });
        return blob;
      } catch (error) {
        if (error instanceof RunbookError || attempt >= 3) throw error;
        await owner.switchFolder(folder, toError(error));
      }
    }
  }

  #name(): string {
    return printStreamName({ ...this.#options, part: this.#part });
  }
}
