// What an incident's evidence says of earlier runs: for showing outputs again when a notebook is opened anew,
// each told as whose and when, never as if it were fresh.

import { open } from 'node:fs/promises';
import path from 'node:path';
import type { EventOf, EvidenceEvent } from '../evidence/events.ts';
import { type Incident as ReadIncident, readIncident } from '../evidence/read/readIncident.ts';
import type { RunbookCell } from './runbook.ts';

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
  /** Absent where the host died before the cell ended: the run was interrupted. */
  readonly result?: EventOf<'cell.result'>;
  readonly blobs: readonly EventOf<'output.blob'>[];
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
  const blobs = new Map<string, EventOf<'output.blob'>[]>();
  const frames = new Map<string, (readonly number[])[]>();
  for (const { writer, event } of incident.events) {
    if (event.type === 'incident.opened' || event.type === 'incident.joined') {
      actors.set(writer, `${event.actor.user}@${event.actor.host}`);
    } else if (event.type === 'cell.intent') intents.push({ writer, intent: event });
    else if (event.type === 'cell.result') results.set(event.run, event);
    else if (event.type === 'output.blob') push(blobs, event.run, event);
    else if (event.type === 'output.frames') push(frames, event.run, ...event.frames);
  }
  return intents.map(({ writer, intent }) => {
    const result = results.get(intent.run);
    return {
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

/** The last run of each cell: of the same text under the same headings, whichever cell index it had then. */
export function lastRunsOf(
  runs: readonly RecordedRun[],
  name: string,
  cells: readonly RunbookCell[],
): Map<RunbookCell, RecordedRun> {
  const byKey = new Map<string, RecordedRun[]>();
  for (const run of runs) if (run.name === name) push(byKey, keyOf(run.cell.headings ?? [], run.source), run);
  const found = new Map<RunbookCell, RecordedRun>();
  const twins = new Map<string, number>();
  for (const cell of cells) {
    if (cell.cell.kind !== 'code') continue;
    const key = keyOf(cell.cell.headings, cell.cell.text);
    twins.set(key, (twins.get(key) ?? 0) + 1);
  }
  for (const cell of cells) {
    const key = keyOf(cell.cell.headings, cell.cell.text);
    const candidates = byKey.get(key) ?? [];
    // Cells of the same text under the same heading are told apart by their index alone.
    const own =
      (twins.get(key) ?? 0) > 1 ? candidates.filter((run) => run.cell.index === cell.index) : candidates;
    const last = own.at(-1);
    if (last) found.set(cell, last);
  }
  return found;
}

const keyOf = (headings: readonly string[], source: string): string => JSON.stringify([headings, source]);

const streams = ['stdout', 'stderr'] as const;

/**
 * The run's output as it came, streams interleaved by the recorded frames. Streams without frames, as after a
 * crash, follow whole. Reads what is on disk and trusts no length that the log tells.
 */
export async function* outputOf(
  recorded: RecordedRun,
): AsyncGenerator<{ readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }> {
  const files = new Map<string, Awaited<ReturnType<typeof open>>[]>();
  try {
    for (const blob of recorded.blobs) {
      const file = await open(path.join(recorded.dir, 'blobs', blob.blob.sha256), 'r').catch(() => undefined);
      if (file) push(files, blob.stream, file);
    }
    const read = async (stream: 'stdout' | 'stderr', most: number): Promise<Uint8Array> => {
      const [file] = files.get(stream) ?? [];
      if (!file) return new Uint8Array();
      const buffer = Buffer.alloc(Math.min(most, 1024 * 1024));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) await files.get(stream)!.shift()!.close();
      return buffer.subarray(0, bytesRead);
    };
    for (const [which, , length] of recorded.frames) {
      const stream = streams[which === 1 ? 1 : 0];
      for (let left = length ?? 0; left > 0; ) {
        const bytes = await read(stream, left);
        if (bytes.length === 0 && !files.get(stream)?.length) break;
        left -= bytes.length;
        if (bytes.length > 0) yield { stream, bytes };
      }
    }
    for (const stream of streams) {
      while (files.get(stream)?.length) {
        const bytes = await read(stream, 1024 * 1024);
        if (bytes.length > 0) yield { stream, bytes };
      }
    }
  } finally {
    for (const rest of files.values()) for (const file of rest) await file.close();
  }
}

/** Bytes that the run's blobs hold, both streams. */
export function outputBytes(recorded: RecordedRun): number {
  return recorded.blobs.reduce((sum, blob) => sum + blob.blob.bytes, 0);
}
