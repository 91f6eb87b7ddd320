// Makes whole what a killed process left: its torn last line, its unfinished streams, its unsealed log. Only
// writers of this machine whose process is gone; what happened is recorded by the writer that comes next.

import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { systemClock, toTimestamp } from '../../base/clock.ts';
import { type BlobRef, checkEvent, type EventInput, type EventOf, type EvidenceEvent } from '../events.ts';
import { canonicalJson } from '../format/canonicalJson.ts';
import { formatVersion, isId, lockName, logName, openFolder } from '../format/layout.ts';
import { readLines } from '../read/readLines.ts';
import { readSeen } from '../read/readSeen.ts';
import { BlobStore } from './blobStore.ts';
import { claimWriter } from './claimWriter.ts';
import { streamNameOf } from './streamName.ts';
import { WriterFolder } from './writerFolder.ts';
import type { WriterOptions } from './writerOptions.ts';

/** In the folder of what is unfinished: the torn last line while its recovery is not recorded. */
const tornName = 'torn';

export interface Recovered {
  readonly event: Extract<EventInput, { type: 'writer.recovered' }>;
  /** For people. */
  readonly message: string;
  /** To be called when the event is on disk; until then whoever comes next would do it all again. */
  finish(): Promise<void>;
  abandon(): void;
}

/** Makes each dead writer whole once, also when several processes come at a time. */
export async function recoverWriters(incidentDir: string, options: WriterOptions): Promise<Recovered[]> {
  const recovered: Recovered[] = [];
  try {
    for (const writer of readdirSync(path.join(incidentDir, 'writers')).filter(isId).sort()) {
      const one = await recoverOne(incidentDir, writer, options);
      if (one) recovered.push(one);
    }
    return recovered;
  } catch (error) {
    for (const one of recovered) one.abandon();
    throw error;
  }
}

/** undefined where there is nothing to tell: it lives, is whole, or another process has it. */
async function recoverOne(
  incidentDir: string,
  writer: string,
  options: WriterOptions,
): Promise<Recovered | undefined> {
  const dir = path.join(incidentDir, 'writers', writer);
  const claim = claimWriter(dir);
  if (!claim) {
    // Killed after its last seal, before its key was thrown away.
    if (existsSync(path.join(dir, logName)) && !existsSync(path.join(dir, lockName)))
      await options.keys.forget(writer);
    return undefined;
  }
  const finish = async (): Promise<void> => {
    await options.keys.forget(writer);
    claim.finish();
  };
  try {
    if (!(await isTold(incidentDir, writer))) {
      const told = await recover(incidentDir, writer, options);
      return { ...told, finish, abandon: () => claim.abandon() };
    }
    // Only the last step was missing.
    await finish();
    return undefined;
  } catch (error) {
    claim.abandon();
    throw error;
  }
}

/** Whether another log says already that this writer was made whole. */
async function isTold(incidentDir: string, writer: string): Promise<boolean> {
  const writers = path.join(incidentDir, 'writers');
  for (const other of readdirSync(writers).filter(isId)) {
    const log = path.join(writers, other, logName);
    if (other === writer || !existsSync(log)) continue;
    for await (const { bytes, ended } of readLines(createReadStream(log))) {
      const event = ended && bytes.includes('"writer.recovered"') ? parse(bytes) : undefined;
      if (event?.type === 'writer.recovered' && event.writer === writer) return true;
    }
  }
  return false;
}

/** Can be done again after it was killed at any point: what it works from stays until the event is recorded. */
async function recover(
  incidentDir: string,
  writer: string,
  options: WriterOptions,
): Promise<Pick<Recovered, 'event' | 'message'>> {
  const dir = path.join(incidentDir, 'writers', writer);
  const log = path.join(dir, logName);
  const open = path.join(dir, openFolder);
  const blobs = new BlobStore(incidentDir, open);
  const whole: Buffer[] = [];
  const runs = new Map<string, EventOf<'cell.intent'> | undefined>();
  /** Streams that the log itself tells of: only their first name was left behind. */
  const told = new Set<string>();
  let torn: Buffer | undefined;
  if (existsSync(log)) {
    for await (const line of readLines(createReadStream(log))) {
      const event = line.ended ? parse(line.bytes) : undefined;
      // Zeroes are what a power cut leaves of blocks that were promised and never written.
      if (!line.ended || (!event && line.bytes.includes(0)))
        torn = torn ? Buffer.concat([torn, Buffer.from('\n'), line.bytes]) : Buffer.from(line.bytes);
      else if (!torn) {
        whole.push(Buffer.from(line.bytes));
        if (event?.type === 'cell.intent') runs.set(event.run, event);
        if (event?.type === 'cell.result') runs.set(event.run, undefined);
        if (event?.type === 'output.blob') told.add(`${event.run} ${event.stream} ${event.blob.sha256}`);
      }
    }
  }
  const tornBlob = await setAside(torn, path.join(open, tornName), blobs);
  if (torn)
    truncateSync(
      log,
      whole.reduce((sum, line) => sum + line.length + 1, 0),
    );
  const output = (await adoptStreams(open, blobs)).filter(
    ({ run, stream, blob }) => !told.has(`${run} ${stream} ${blob.sha256}`),
  );
  const cut = [...runs.values()].filter((intent) => intent !== undefined);
  const interrupted = cut.map(({ run }) => run);
  const sealed = await seal(incidentDir, writer, whole, options);
  const event = {
    type: 'writer.recovered',
    writer,
    interrupted,
    output,
    sealed,
    ...(tornBlob ? { torn: tornBlob } : {}),
  } as const;
  const parts = [
    `${cut.length > 0 ? interruptedText(cut) : 'No cell was running'} when the window or command that wrote ${writer} ended without closing it`,
    output.length > 0 ? 'what was put out until then is kept' : undefined,
    tornBlob ? `a torn last line of ${tornBlob.bytes} bytes was set aside` : undefined,
    sealed ? undefined : 'its key is gone, so it could not be sealed',
  ].filter(Boolean);
  return { event, message: `${parts.join('; ')}.` };
}

const mostNamed = 5;

/** `“Roll back” was interrupted`: cells by their headings, as an author named them. */
export function interruptedText(cut: readonly Pick<EventOf<'cell.intent'>, 'cell'>[]): string {
  const names = cut.slice(0, mostNamed).map(({ cell }) => {
    const heading = cell.headings?.at(-1)?.replaceAll(/\s+/g, ' ').slice(0, 60);
    return heading ? `“${heading}”` : `Cell ${cell.index ?? 'without a number'}`;
  });
  if (cut.length > mostNamed) names.push(`${cut.length - mostNamed} more`);
  const last = names.pop()!;
  return names.length > 0 ? `${names.join(', ')} and ${last} were interrupted` : `${last} was interrupted`;
}

/** A torn line as a blob. It is kept under its first name, too: once the log is cut, nothing else tells of it. */
async function setAside(
  torn: Buffer | undefined,
  file: string,
  blobs: BlobStore,
): Promise<BlobRef | undefined> {
  if (torn) {
    writeFileSync(`${file}.part`, torn, { mode: 0o600, flush: true });
    renameSync(`${file}.part`, file);
    return blobs.put(torn);
  }
  return existsSync(file) ? blobs.put(readFileSync(file)) : undefined;
}

/** Of the other files none is evidence. */
async function adoptStreams(open: string, blobs: BlobStore): Promise<Recovered['event']['output']> {
  const found: { run: string; stream: 'stdout' | 'stderr'; blob: { sha256: string; bytes: number } }[] = [];
  for (const name of existsSync(open) ? readdirSync(open).sort() : []) {
    const file = path.join(open, name);
    const named = streamNameOf(name);
    if (!named) continue;
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    const sha256 = hash.digest('hex');
    blobs.name(file, sha256);
    if (bytes > 0) found.push({ run: named.run, stream: named.stream, blob: { sha256, bytes } });
  }
  return found;
}

/** The dead writer's key is still on its machine: its log gets a last checkpoint, and the key goes. */
async function seal(
  incidentDir: string,
  writer: string,
  lines: readonly Buffer[],
  options: WriterOptions,
): Promise<boolean> {
  const key = await options.keys.writerKey(writer);
  if (!key || lines.length === 0) return false;
  const folder = WriterFolder.resume(incidentDir, writer, key, lines);
  try {
    const event = {
      v: formatVersion,
      seq: folder.size,
      time: toTimestamp((options.clock ?? systemClock).now()),
      type: 'checkpoint',
      prev: folder.prev,
      reason: 'recovered',
      seen: await readSeen(incidentDir, writer),
    };
    folder.append(Buffer.from(canonicalJson(event), 'utf8'));
    await folder.seal();
  } finally {
    folder.closeFile();
  }
  return true;
}

function parse(line: Buffer): EvidenceEvent | undefined {
  try {
    const event = JSON.parse(line.toString('utf8')) as EvidenceEvent;
    return checkEvent(event) ? undefined : event;
  } catch {
    return undefined;
  }
}
