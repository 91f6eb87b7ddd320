// What an incident's evidence says of earlier runs: for showing outputs again when a notebook is opened anew,
// each told as whose and when, never as if it were fresh.

import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import type { BlobRef, EventOf, EvidenceEvent } from '../evidence/events.ts';
import { isLastSeal } from '../evidence/format/lastSeal.ts';
import { type Incident as ReadIncident, readIncident } from '../evidence/read/readIncident.ts';
import { markers, mayBeCutFrom } from '../evidence/redact/commitment.ts';
import { queryValues } from './queryValues.ts';
import type { RunbookCell } from './runbook.ts';
import { readUnfinished, unfinishedOutput } from './unfinishedOutput.ts';

export interface RecordedBlob {
  readonly stream: 'stdout' | 'stderr';
  readonly blob: { readonly sha256: string; readonly bytes: number };
}

export interface RecordedRun {
  readonly incident: string;
  /** The incident's folder. */
  readonly dir: string;
  readonly run: string;
  /** The runbook's file name when it ran. */
  readonly name: string;
  readonly cell: EventOf<'cell.intent'>['cell'];
  readonly source: string;
  /** `user@host`. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly intent: EventOf<'cell.intent'>;
  readonly writer: string;
  /** The log that tells of it is closed, or was ended after a crash: nothing more comes. */
  readonly writerEnded: boolean;
  /** Absent where the cell still runs, or the host died before it ended: see `unendedState`. */
  readonly result?: EventOf<'cell.result'>;
  /** Of its streams, a stream's pieces in order; what a crash left is among them. */
  readonly blobs: readonly RecordedBlob[];
  /** Of a query's answer: a QueryPicture in JSON. */
  readonly values?: BlobRef;
  /** `[stream, milliseconds, bytes]`, stream 0 stdout and 1 stderr, in order. */
  readonly frames: readonly (readonly number[])[];
}

/** All runs of an incident, by the time they began. */
export async function recordedRuns(dir: string): Promise<RecordedRun[]> {
  return runsOf(await readIncident(dir));
}

export function runsOf(incident: ReadIncident): RecordedRun[] {
  const actors = new Map<string, string>();
  const intents: { writer: string; intent: EventOf<'cell.intent'> }[] = [];
  const results = new Map<string, EventOf<'cell.result'>>();
  const ended = new Set<string>();
  const blobs = new Map<string, RecordedBlob[]>();
  const frames = new Map<string, (readonly number[])[]>();
  const values = new Map<string, BlobRef>();
  for (const { writer, event } of incident.events) {
    if (event.type === 'incident.opened' || event.type === 'incident.joined') {
      actors.set(writer, `${event.actor.user}@${event.actor.host}`);
    } else if (event.type === 'cell.intent') intents.push({ writer, intent: event });
    else if (event.type === 'cell.result') results.set(event.run, event);
    else if (event.type === 'output.blob') push(blobs, event.run, event);
    else if (event.type === 'checkpoint' && isLastSeal(event)) ended.add(writer);
    else if (event.type === 'writer.recovered') {
      ended.add(event.writer);
      for (const one of event.output) push(blobs, one.run, one);
    } else if (event.type === 'output.frames') push(frames, event.run, ...event.frames);
    else if (event.type === 'capture' && event.about === queryValues && event.run && event.blob)
      values.set(event.run, event.blob);
  }
  return intents.map(({ writer, intent }) => {
    const result = results.get(intent.run);
    return {
      writer,
      writerEnded: ended.has(writer),
      incident: incident.id,
      dir: incident.dir,
      run: intent.run,
      name: nameOf(intent),
      cell: intent.cell,
      source: intent.source,
      by: actors.get(writer) ?? writer,
      startedAt: Date.parse(intent.time),
      intent,
      ...(result ? { result } : {}),
      ...(values.has(intent.run) ? { values: values.get(intent.run)! } : {}),
      blobs: blobs.get(intent.run) ?? [],
      frames: frames.get(intent.run) ?? [],
    };
  });
}

function push<T>(map: Map<string, T[]>, key: string, ...values: T[]): void {
  const known = map.get(key);
  if (known) known.push(...values);
  else map.set(key, values);
}

function nameOf(intent: EvidenceEvent): string {
  const extra = (intent as { extra?: { name?: unknown } }).extra;
  return typeof extra?.name === 'string' ? extra.name : '';
}

/**
 * The last run of each cell: of the same text under the same headings, whichever cell index it had then. A credential
 * in the text was cut out of the log, and is passed over.
 */
export function lastRunsOf(
  runs: readonly RecordedRun[],
  name: string,
  cells: readonly RunbookCell[],
): Map<RunbookCell, RecordedRun> {
  const byKey = new Map<string, RecordedRun[]>();
  const cut: RecordedRun[] = [];
  for (const run of runs) {
    if (run.name !== name) continue;
    push(byKey, keyOf(run.cell.headings ?? [], run.source), run);
    if (run.source.search(markers) >= 0) cut.push(run);
  }
  const found = new Map<RunbookCell, RecordedRun>();
  const twins = new Map<string, number>();
  for (const cell of cells) {
    if (cell.cell.kind !== 'code') continue;
    const key = keyOf(cell.cell.headings, cell.cell.text);
    twins.set(key, (twins.get(key) ?? 0) + 1);
  }
  for (const cell of cells) {
    const key = keyOf(cell.cell.headings, cell.cell.text);
    const candidates = byKey.get(key) ?? cut.filter((run) => isOf(run, cell));
    // Cells of the same text under the same heading are told apart by their index alone.
    const own =
      (twins.get(key) ?? 0) > 1 ? candidates.filter((run) => run.cell.index === cell.index) : candidates;
    const last = own.at(-1);
    if (last) found.set(cell, last);
  }
  return found;
}

function isOf({ cell: { headings = [] }, source }: RecordedRun, { cell }: RunbookCell): boolean {
  return keyOf(headings, '') === keyOf(cell.headings, '') && mayBeCutFrom(source, cell.text);
}

const keyOf = (headings: readonly string[], source: string): string => JSON.stringify([headings, source]);

const streams = ['stdout', 'stderr'] as const;

/** The bytes of a blob; undefined where it is gone. */
export type OpenBlob = (sha256: string) => AsyncIterable<Uint8Array> | undefined;

/**
 * The run's output as it came, streams interleaved by the recorded frames. Streams without frames, as after a
 * crash, follow whole. Reads what is there and trusts no length that the log tells.
 *
 * @param openBlob undefined: of the run's own folder, with what is not finished there.
 */
export async function* outputOf(
  recorded: RecordedRun,
  openBlob?: OpenBlob,
): AsyncGenerator<{ readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }> {
  const pulls = {
    stdout: pullOf(recorded, 'stdout', openBlob),
    stderr: pullOf(recorded, 'stderr', openBlob),
  };
  try {
    for (const [which, , length] of recorded.frames) {
      const stream = streams[which === 1 ? 1 : 0];
      for (let left = length ?? 0; left > 0; ) {
        const bytes = await pulls[stream].take(left);
        if (bytes.length === 0) break;
        left -= bytes.length;
        yield { stream, bytes };
      }
    }
    for (const stream of streams) {
      for (;;) {
        const bytes = await pulls[stream].take(Number.POSITIVE_INFINITY);
        if (bytes.length === 0) break;
        yield { stream, bytes };
      }
    }
  } finally {
    await pulls.stdout.close();
    await pulls.stderr.close();
  }
}

function blobsOf(dir: string): OpenBlob {
  return (sha256) => {
    const file = path.join(dir, 'blobs', sha256);
    return existsSync(file) ? createReadStream(file, { highWaterMark: 1 << 20 }) : undefined;
  };
}

interface Pull {
  /** The next bytes, at most so many; none at the end. */
  take(most: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

function pullOf(recorded: RecordedRun, stream: 'stdout' | 'stderr', given: OpenBlob | undefined): Pull {
  const openBlob = given ?? blobsOf(recorded.dir);
  async function* all(): AsyncGenerator<Uint8Array> {
    for (const one of recorded.blobs) {
      const bytes = one.stream === stream ? openBlob(one.blob.sha256) : undefined;
      if (bytes) yield* bytes;
    }
    if (given) return;
    for (const one of unfinishedOutput(recorded)) if (one.stream === stream) yield* readUnfinished(one);
  }
  const chunks = all();
  let held: Uint8Array = new Uint8Array();
  return {
    async take(most) {
      while (held.length === 0) {
        const next = await chunks.next();
        if (next.done) return held;
        held = next.value;
      }
      const taken = held.subarray(0, most);
      held = held.subarray(taken.length);
      return taken;
    },
    close: async () => void (await chunks.return(undefined)),
  };
}

/** Bytes that `outputOf` gives of the run's own folder, both streams. */
export function outputBytes(recorded: RecordedRun): number {
  const whole = recorded.blobs.reduce((sum, { blob }) => sum + blob.bytes, 0);
  return unfinishedOutput(recorded).reduce((sum, { bytes }) => sum + bytes, whole);
}
