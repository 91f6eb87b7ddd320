// An incident as its reader wants it: the events of all writers in one order. Verifies nothing; see verifyEvidence.

import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { RunbookError, systemCode } from '../../base/runbookError.ts';
import { checkEvent, type EvidenceEvent } from '../events.ts';
import { isId, logName } from '../format/layout.ts';
import { mergeLogs } from './mergeLogs.ts';
import { readLines } from './readLines.ts';
import type { Source } from './source.ts';

export interface ReadEvent {
  readonly writer: string;
  readonly event: EvidenceEvent;
}

export interface Incident {
  readonly id: string;
  readonly dir: string;
  /** By time; never against a writer's own order, or before what it had seen of the others, whatever clocks did. */
  readonly events: readonly ReadEvent[];
  readonly writers: readonly string[];
  /** Lines that are no events of this version, and torn ends, a sentence each. */
  readonly unread: readonly string[];
  /** Where one writer's clock is known to differ from another's, a sentence each. */
  readonly clocks: readonly string[];
}

/** Of an incident's folder. Throws `incident-unknown` where none is. */
export async function readIncident(dir: string): Promise<Incident> {
  const writers = await readdir(path.join(dir, 'writers')).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTDIR') throw error;
    throw new RunbookError({
      code: 'incident-unknown',
      message: `There is no incident in ${dir}.`,
      mend: '`runbook incident list` tells those that are there; --evidence DIR looks elsewhere.',
    });
  });
  const open = (writer: string) => createReadStream(path.join(dir, 'writers', writer, logName));
  return readLogs(path.basename(path.resolve(dir)), dir, writers, open);
}

/** The same of a source, such as the incident inside a pack. Throws `pack-refused` for bytes that can't be unpacked. */
export async function readIncidentFrom(source: Source, dir = ''): Promise<Incident> {
  const writers = [...source.files.keys()].flatMap((name) => {
    const [top, writer, file, ...more] = name.split('/');
    return top === 'writers' && writer && file === logName && more.length === 0 ? [writer] : [];
  });
  return readLogs(source.incident, dir, writers, (writer) => source.read(`writers/${writer}/${logName}`));
}

async function readLogs(
  id: string,
  dir: string,
  writers: readonly string[],
  open: (writer: string) => AsyncIterable<Uint8Array>,
): Promise<Incident> {
  const unread: string[] = [];
  const logs: ReadEvent[][] = [];
  const known = writers.filter(isId).sort();
  for (const writer of known) {
    const log: ReadEvent[] = [];
    try {
      for await (const line of readLines(open(writer))) {
        const event = line.ended && !line.tooLong ? parse(line.bytes) : undefined;
        if (event) log.push({ writer, event });
        else unread.push(`Line ${line.index} of ${writer} is no event of this format's version.`);
      }
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      unread.push(`${writer} has no log.`);
    }
    logs.push(log);
  }
  return { id, dir, events: mergeLogs(logs), writers: known, unread, clocks: clockNotes(logs) };
}

/** What one writer saw of another must have happened before: where the times say otherwise the clocks differ. */
function clockNotes(logs: readonly (readonly ReadEvent[])[]): string[] {
  const byWriter = new Map(logs.filter((log) => log.length > 0).map((log) => [log[0]!.writer, log]));
  const ahead = new Map<string, number>();
  for (const log of logs) {
    for (const { writer, event } of log) {
      if (!('seen' in event)) continue;
      for (const { writer: other, size } of event.seen) {
        const last = byWriter.get(other)?.[size - 1];
        if (!last) continue;
        const byMs = Date.parse(last.event.time) - Date.parse(event.time);
        const pair = `The clock of ${other} is ahead of that of ${writer}`;
        if (byMs > 0) ahead.set(pair, Math.max(byMs, ahead.get(pair) ?? 0));
      }
    }
  }
  return [...ahead].map(([pair, byMs]) => `${pair} by at least ${byMs} ms.`);
}

function parse(line: Buffer): EvidenceEvent | undefined {
  try {
    const event = JSON.parse(line.toString('utf8')) as unknown;
    return checkEvent(event) ? undefined : (event as EvidenceEvent);
  } catch {
    return undefined;
  }
}
