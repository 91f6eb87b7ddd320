// Makes whole what a killed process left: its torn last line, its unfinished streams, its unsealed log. Only
// writers of this machine whose process is gone; what happened is recorded by the writer that comes next.

import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import path from 'node:path';
import { systemClock, toTimestamp } from '../../base/clock.ts';
import { checkEvent, type EventInput, type EvidenceEvent } from '../events.ts';
import { canonicalJson } from '../format/canonicalJson.ts';
import { formatVersion, isId, lockName, logName, openFolder } from '../format/layout.ts';
import { readLines } from '../read/readLines.ts';
import { readSeen } from '../read/readSeen.ts';
import { BlobStore } from './blobStore.ts';
import { isAlive, parseLock } from './processStart.ts';
import { WriterFolder } from './writerFolder.ts';
import type { WriterOptions } from './writerOptions.ts';

export interface Recovered {
  readonly event: Extract<EventInput, { type: 'writer.recovered' }>;
  /** For people. */
  readonly message: string;
}

/** Recovers each dead writer once, also when several processes come at a time. */
export async function recoverWriters(incidentDir: string, options: WriterOptions): Promise<Recovered[]> {
  const recovered: Recovered[] = [];
  const writers = path.join(incidentDir, 'writers');
  for (const writer of readdirSync(writers).filter(isId).sort()) {
    const dir = path.join(writers, writer);
    if (!claim(dir)) continue;
    recovered.push(await recover(incidentDir, writer, options));
    rmSync(path.join(dir, `${lockName}.claimed`), { force: true });
  }
  return recovered;
}

/** Takes a dead writer's lock; false where it lives, is of another machine, or another process was quicker. */
function claim(dir: string): boolean {
  for (const name of [lockName, `${lockName}.claimed`]) {
    const file = path.join(dir, name);
    try {
      const lock = parseLock(readFileSync(file, 'utf8'));
      // A claim without a living process is that of a recovery that was killed itself.
      if (lock && isAlive(lock) !== false) return false;
      if (!lock && name === lockName && readFileSync(file).length > 0) return false;
      renameSync(file, path.join(dir, `${lockName}.claimed`));
      return true;
    } catch {
      // Not there: closed properly, or taken by another.
    }
  }
  return false;
}

async function recover(incidentDir: string, writer: string, options: WriterOptions): Promise<Recovered> {
  const dir = path.join(incidentDir, 'writers', writer);
  const log = path.join(dir, logName);
  const blobs = new BlobStore(incidentDir, path.join(dir, openFolder));
  const whole: Buffer[] = [];
  const runs = new Map<string, boolean>();
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
        if (event?.type === 'cell.intent') runs.set(event.run, false);
        if (event?.type === 'cell.result') runs.set(event.run, true);
        if (event?.type === 'output.blob') told.add(`${event.run} ${event.stream} ${event.blob.sha256}`);
      }
    }
  }
  const tornBlob = torn && (await blobs.put(torn));
  if (torn)
    truncateSync(
      log,
      whole.reduce((sum, line) => sum + line.length + 1, 0),
    );
  const output = (await adoptStreams(path.join(dir, openFolder), blobs)).filter(
    ({ run, stream, blob }) => !told.has(`${run} ${stream} ${blob.sha256}`),
  );
  const interrupted = [...runs].filter(([, ended]) => !ended).map(([run]) => run);
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
    interrupted.length > 0 ? `${interrupted.length} cell(s) were interrupted` : 'no cell was running',
    torn ? `a torn last line of ${torn.length} bytes was set aside` : undefined,
    output.length > 0 ? `${output.length} unfinished output(s) were kept` : undefined,
    sealed ? undefined : 'its key is gone, so it could not be sealed',
  ].filter(Boolean);
  return { event, message: `The writer ${writer} ended without closing: ${parts.join(', ')}.` };
}

/** `<run>.<part>.<stream>`: see OutputWriter. Other files in the folder are half-written copies. */
async function adoptStreams(open: string, blobs: BlobStore): Promise<Recovered['event']['output']> {
  const found: { run: string; stream: 'stdout' | 'stderr'; blob: { sha256: string; bytes: number } }[] = [];
  for (const name of existsSync(open) ? readdirSync(open).sort() : []) {
    const file = path.join(open, name);
    const match = /^(.+)\.\d+\.(stdout|stderr)$/.exec(name);
    if (!match) {
      rmSync(file, { force: true });
      continue;
    }
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    const sha256 = hash.digest('hex');
    blobs.adopt(file, sha256);
    if (bytes > 0)
      found.push({ run: match[1]!, stream: match[2] as 'stdout' | 'stderr', blob: { sha256, bytes } });
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
    folder.release();
  }
  await options.keys.forget(writer);
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
