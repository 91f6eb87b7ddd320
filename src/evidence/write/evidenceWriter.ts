// One writer of an incident: turns events into redacted, checked, chained lines, and moves to another folder
// where its own can't be written any more.

import path from 'node:path';
import { type Clock, systemClock, toTimestamp } from '../../base/clock.ts';
import { RunbookError, toError } from '../../base/runbookError.ts';
import { type BlobRef, type Cut, checkEvent, type EventInput, type EvidenceEvent } from '../events.ts';
import { canonicalJson, type JsonObject, toJson } from '../format/canonicalJson.ts';
import { originOf } from '../format/checkpoint.ts';
import { fingerprint } from '../format/keys.ts';
import { lastSeal } from '../format/lastSeal.ts';
import { formatVersion } from '../format/layout.ts';
import { signNote } from '../format/signedNote.ts';
import { readSeen } from '../read/readSeen.ts';
import type { Redactor } from '../redact/redactor.ts';
import { isStructural, mayWait, seals } from './eventRules.ts';
import { FrameLog } from './frameLog.ts';
import { OutputWriter } from './outputWriter.ts';
import type { WriterFolder } from './writerFolder.ts';
import {
  newWriterFolder,
  type OpeningEvent,
  type Sealed,
  unwritable,
  type WriterOptions,
} from './writerOptions.ts';

const maxSwitches = 3;
const clockJumpMs = 2000;

export class EvidenceWriter {
  readonly redactor: Redactor;
  readonly #options: WriterOptions;
  readonly #clock: Clock;
  readonly #frames = new Map<string, FrameLog>();
  #folder: WriterFolder;
  #switching: Promise<void> | undefined;
  #switches = 0;
  #offset: number;
  /** Nobody else's events are taken any more: none may stand behind the last checkpoint, or behind the close. */
  #closing = false;
  #closed = false;
  /** Where the incident's close stands in the log, sealed or not: behind it come seals alone. */
  #over: WriterFolder | undefined;

  private constructor(folder: WriterFolder, options: WriterOptions) {
    this.#folder = folder;
    this.#options = options;
    this.redactor = options.redactor;
    this.#clock = options.clock ?? systemClock;
    this.#offset = this.#clock.now() - this.#clock.monotonicMs();
  }

  /** Makes the writer's folder and writes its first event: `incident.opened` or `incident.joined`. */
  static async create(
    incidentDir: string,
    first: OpeningEvent,
    options: WriterOptions,
  ): Promise<EvidenceWriter> {
    const folder = await newWriterFolder(incidentDir, options);
    const writer = new EvidenceWriter(folder, options);
    try {
      await writer.append(writer.#opening(first));
    } catch (error) {
      writer.abandon();
      throw error;
    }
    return writer;
  }

  get incident(): string {
    return this.#folder.incident;
  }

  get writer(): string {
    return this.#folder.writer;
  }

  /** The incident's folder; changes where the writer had to move. */
  get incidentDir(): string {
    return this.#folder.incidentDir;
  }

  get fingerprint(): string {
    return fingerprint(this.#folder.key.publicKey);
  }

  get verifierKey(): string {
    return this.#folder.verifierKey;
  }

  /**
   * Records an event, redacted. Resolves when it is on disk. Rejects with `evidence-unwritable` where no folder
   * takes it, and with `evidence-bad-event` for an event that the format does not know.
   */
  append(input: EventInput): Promise<{ readonly seq: number; readonly writer: string }> {
    return this.#closing || this.#over ? Promise.reject(closed()) : this.#append(input);
  }

  async #append(input: EventInput): Promise<{ readonly seq: number; readonly writer: string }> {
    for (;;) {
      const folder = this.#folder;
      this.#checkOpen();
      try {
        this.#noteClock(folder);
        const seq = this.#write(folder, input);
        if (!mayWait(input)) await folder.sync();
        if (seals(input)) await this.#seal(folder, input.type);
        return { seq, writer: folder.writer };
      } catch (error) {
        if (error instanceof RunbookError) throw error;
        await this.switchFolder(folder, toError(error));
      }
    }
  }

  /** Stores text for an event to point at, redacted like all else. */
  async putText(text: string): Promise<{ readonly blob: BlobRef; readonly cuts: readonly Cut[] }> {
    const { value, cuts } = this.redactor.text(text);
    return { blob: await this.putBlob(Buffer.from(value, 'utf8')), cuts };
  }

  /** Stores a JSON value as canonical text, redacted by names as well as by form. */
  async putJson(value: unknown): Promise<{ readonly blob: BlobRef; readonly cuts: readonly Cut[] }> {
    const redacted = this.redactor.json(value);
    return {
      blob: await this.putBlob(Buffer.from(canonicalJson(redacted.value), 'utf8')),
      cuts: redacted.cuts,
    };
  }

  /** Stores bytes that are redacted already, or that this project made itself. */
  async putBlob(bytes: Uint8Array): Promise<BlobRef> {
    for (;;) {
      const folder = this.#folder;
      this.#checkOpen();
      try {
        return await folder.blobs.put(bytes);
      } catch (error) {
        if (error instanceof RunbookError) throw error;
        await this.switchFolder(folder, toError(error));
      }
    }
  }

  /** A stream of a run. `late` gets what is decided only after `write` returned. */
  output(
    run: string,
    stream: 'stdout' | 'stderr',
    late?: (bytes: Uint8Array, atMs: number) => void,
  ): OutputWriter {
    if (this.#closing) throw closed();
    let frames = this.#frames.get(run);
    if (!frames) {
      frames = new FrameLog(run, (event) => this.append(event));
      this.#frames.set(run, frames);
    }
    return new OutputWriter({
      owner: this,
      folder: () => this.#folder,
      run,
      stream,
      frames,
      late,
      clock: this.#clock,
    });
  }

  /** Seals what is recorded so far; the note can be handed out. */
  checkpoint(reason = 'on demand'): Promise<Sealed> {
    return this.#closing ? Promise.reject(closed()) : this.#checkpoint(reason);
  }

  async #checkpoint(reason: string): Promise<Sealed> {
    for (;;) {
      const folder = this.#folder;
      this.#checkOpen();
      try {
        return await this.#seal(folder, reason);
      } catch (error) {
        if (error instanceof RunbookError) throw error;
        await this.switchFolder(folder, toError(error));
      }
    }
  }

  /** Signs other notes in this writer's name: a pack's seal, which is made when the log is closed. */
  signer(): (text: string) => string {
    const { incident, writer, key } = this.#folder;
    return (text) => signNote(text, originOf(incident, writer), key);
  }

  /** Ends the incident: its last event, sealed. The writer is closed then. Can be tried again where it failed. */
  async closeIncident(summary?: string): Promise<Sealed> {
    const seen = await readSeen(this.#folder.incidentDir, this.#folder.writer);
    this.#closing = true;
    try {
      const told = summary === undefined ? {} : { summary };
      if (this.#over !== this.#folder) await this.#append({ type: 'incident.closed', seen, ...told });
    } catch (error) {
      this.#closing = false;
      throw error;
    }
    return this.close(lastSeal.incident);
  }

  /** Seals and lets go. The signing key is thrown away. */
  async close(reason: string = lastSeal.writer): Promise<Sealed> {
    this.#closing = true;
    const sealed = await this.#checkpoint(reason);
    this.#closed = true;
    if (this.#folder.release()) await this.#options.keys.forget(this.#folder.writer);
    return sealed;
  }

  /** Lets go without a seal, where none can be written: whoever comes after this process makes the log whole. */
  abandon(): void {
    this.#closing = true;
    this.#closed = true;
    this.#folder.closeFile();
  }

  /** Moves to another folder. Called by the room itself when a write to `from` failed. */
  async switchFolder(from: WriterFolder, error: Error): Promise<void> {
    if (this.#folder !== from) return;
    this.#switching ??= this.#switch(from, error).finally(() => {
      this.#switching = undefined;
    });
    await this.#switching;
  }

  async #switch(from: WriterFolder, error: Error): Promise<void> {
    this.#switches += 1;
    const root =
      this.#switches > maxSwitches ? undefined : await this.#options.fallback?.(error, from.incidentDir);
    if (!root) throw unwritable(from, error);
    const incidentDir = path.join(path.resolve(root), from.incident);
    try {
      const folder = await newWriterFolder(incidentDir, this.#options);
      from.rescueInto(incidentDir);
      const fallback = { writer: from.writer, folder: from.incidentDir, error: error.message };
      this.#folder = folder;
      this.#write(folder, this.#opening({ type: 'incident.joined', reason: 'fallback', fallback }));
      await this.#seal(folder, 'incident.joined');
    } catch (second) {
      throw unwritable(
        from,
        new AggregateError([error, second], `${error.message}; ${toError(second).message}`),
      );
    }
    from.closeFile();
  }

  async #seal(folder: WriterFolder, reason: string): Promise<Sealed> {
    const seen = await readSeen(folder.incidentDir, folder.writer);
    this.#write(folder, { type: 'checkpoint', reason, seen });
    const { note, checkpoint } = await folder.seal();
    return { note, size: checkpoint.size, fingerprint: fingerprint(folder.key.publicKey) };
  }

  #opening(first: OpeningEvent): EventInput {
    const { actor, tool } = this.#options;
    const { writer, incident, verifierKey: key } = this.#folder;
    return { ...first, incident, writer, key, actor, tool, seen: first.seen ?? [] } as EventInput;
  }

  #write(folder: WriterFolder, input: EventInput): number {
    const cuts: Cut[] = [];
    const safe = Object.entries(input)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => {
        if (isStructural(name)) return [name, toJson(value)] as const;
        const redacted = this.redactor.json({ [name]: value });
        cuts.push(...redacted.cuts);
        return [name, (redacted.value as JsonObject)[name]!] as const;
      });
    const seq = folder.size;
    const event = {
      ...Object.fromEntries(safe),
      v: formatVersion,
      seq,
      time: toTimestamp(this.#clock.now()),
      ...(folder.prev === undefined ? {} : { prev: folder.prev }),
      ...(cuts.length > 0 ? { cuts: cuts.slice(0, 1000) } : {}),
    } as unknown as EvidenceEvent;
    const wrong = checkEvent(event);
    if (wrong) {
      throw new RunbookError({
        code: 'evidence-bad-event',
        message: `An event of type ${input.type} does not fit the format: ${wrong}.`,
        audience: 'developer',
      });
    }
    folder.append(Buffer.from(canonicalJson(event), 'utf8'));
    if (input.type === 'incident.closed') this.#over = folder;
    return seq;
  }

  /** A wall clock that was set is told, so that a reader knows why times leap. */
  #noteClock(folder: WriterFolder): void {
    const offset = this.#clock.now() - this.#clock.monotonicMs();
    const byMs = Math.round(offset - this.#offset);
    if (Math.abs(byMs) < clockJumpMs) return;
    this.#offset = offset;
    this.#write(folder, { type: 'clock.jumped', byMs });
  }

  #checkOpen(): void {
    if (this.#closed) throw closed();
  }
}

function closed(): RunbookError {
  return new RunbookError({
    code: 'evidence-closed',
    message: 'The evidence writer is closed.',
    audience: 'developer',
  });
}
