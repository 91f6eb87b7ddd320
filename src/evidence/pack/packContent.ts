// All that the files of a pack are made from, gathered once: runs with their output, changes with their diffs,
// approvals, alerts.

import { createPatch } from 'diff';
import type { EventOf, EvidenceEvent } from '../events.ts';
import { type BrokenGlass, brokenGlasses } from '../read/brokenGlass.ts';
import { factsOf, type IncidentFacts } from '../read/incidentFacts.ts';
import type { Incident } from '../read/readIncident.ts';
import { type TakeOver, takeOversOf } from '../read/takeOvers.ts';
import { nameOf, type TimelineEntry, timelineOf } from './timeline.ts';

export interface PackRun {
  readonly run: string;
  readonly writer: string;
  readonly seq: number;
  readonly who: string;
  readonly intent: EventOf<'cell.intent'>;
  /** Undefined for a cell that was interrupted. */
  readonly result: EventOf<'cell.result'> | undefined;
  /** Blobs of its streams. */
  readonly output: readonly {
    readonly stream: 'stdout' | 'stderr';
    readonly sha256: string;
    readonly bytes: number;
  }[];
}

export interface PackChange {
  readonly object: string;
  readonly run: string | undefined;
  readonly time: string;
  readonly cite: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** A unified diff. */
  readonly diff: string;
}

export interface PackAddendum {
  readonly title: string;
  readonly time: string;
  readonly who: string;
  readonly cite: string;
  /** Its own text first; undefined for what was erased. */
  readonly texts: readonly { readonly name: string; readonly text: string | undefined }[];
}

export interface PackContent {
  readonly incident: Incident;
  readonly title: string;
  readonly severity: string | undefined;
  readonly opened: string;
  readonly closed: string | undefined;
  readonly summary: string | undefined;
  readonly cites: IncidentFacts['cites'];
  /** Each time that it went from hand to hand. */
  readonly takeOvers: readonly TakeOver[];
  /** What was written after the close. */
  readonly addenda: readonly PackAddendum[];
  readonly timeline: readonly TimelineEntry[];
  readonly runs: readonly PackRun[];
  readonly changes: readonly PackChange[];
  readonly approvals: readonly (EventOf<'approval'> & { readonly cite: string })[];
  /** What went without a second person by a broken glass, and who has countersigned it. */
  readonly glasses: readonly BrokenGlass[];
  readonly alerts: readonly (EventOf<'alert.state'> & { readonly cite: string })[];
  /** Bytes of a blob as text, at most `limit` bytes of it; undefined where it is gone. */
  readBlob(sha256: string, limit: number): Promise<string | undefined>;
}

export async function packContent(
  incident: Incident,
  readBlob: PackContent['readBlob'],
): Promise<PackContent> {
  const timeline = timelineOf(incident.events);
  const all = incident.events;
  const { title, severity, opened, closed, summary, cites } = factsOf(incident);
  const cited = <T extends EvidenceEvent['type']>(type: T): (EventOf<T> & { readonly cite: string })[] =>
    all
      .filter(({ event }) => event.type === type)
      .map(({ writer, event }) => ({ ...(event as EventOf<T>), cite: `${writer}#${event.seq}` }));
  return {
    incident,
    title,
    severity,
    opened: opened ?? '',
    closed,
    summary,
    cites,
    takeOvers: takeOversOf(incident),
    addenda: await addendaOf(incident, readBlob),
    timeline,
    runs: runsOf(incident, timeline),
    changes: await changesOf(incident, readBlob),
    approvals: cited('approval'),
    glasses: brokenGlasses(incident),
    alerts: cited('alert.state'),
    readBlob,
  };
}

function runsOf(incident: Incident, timeline: readonly TimelineEntry[]): PackRun[] {
  const who = new Map(timeline.map((entry) => [`${entry.writer}#${entry.seq}`, entry.who]));
  const results = new Map<string, EventOf<'cell.result'>>();
  const output = new Map<string, { stream: 'stdout' | 'stderr'; sha256: string; bytes: number }[]>();
  const add = (run: string, stream: 'stdout' | 'stderr', blob: { sha256: string; bytes: number }): void => {
    output.set(run, [...(output.get(run) ?? []), { stream, ...blob }]);
  };
  for (const { event } of incident.events) {
    if (event.type === 'cell.result') results.set(event.run, event);
    if (event.type === 'output.blob') add(event.run, event.stream, event.blob);
    if (event.type === 'writer.recovered') for (const one of event.output) add(one.run, one.stream, one.blob);
  }
  return incident.events.flatMap(({ writer, event }) =>
    event.type === 'cell.intent'
      ? [
          {
            run: event.run,
            writer,
            seq: event.seq,
            who: who.get(`${writer}#${event.seq}`) ?? writer,
            intent: event,
            result: results.get(event.run),
            output: output.get(event.run) ?? [],
          },
        ]
      : [],
  );
}

const addendumLimit = 256 * 1024;

async function addendaOf(incident: Incident, readBlob: PackContent['readBlob']): Promise<PackAddendum[]> {
  const found: PackAddendum[] = [];
  for (const { writer, event } of incident.events) {
    if (event.type !== 'addendum') continue;
    const texts: { name: string; text: string | undefined }[] = [];
    if (event.text !== undefined) texts.push({ name: '', text: event.text });
    for (const { name, blob } of event.files)
      texts.push({ name, text: await readBlob(blob.sha256, addendumLimit) });
    const { title, time, seq, by } = event;
    found.push({ title, time, who: by ?? writer, cite: `${writer}#${seq}`, texts });
  }
  return found;
}

const diffLimit = 256 * 1024;

async function changesOf(incident: Incident, readBlob: PackContent['readBlob']): Promise<PackChange[]> {
  const before = new Map<string, EventOf<'object.before'>>();
  const changes: PackChange[] = [];
  for (const { writer, event } of incident.events) {
    if (event.type === 'object.before') before.set(keyOf(event), event);
    if (event.type !== 'object.after') continue;
    const first = before.get(keyOf(event));
    const old = first?.blob && (await readBlob(first.blob.sha256, diffLimit));
    const fresh = event.blob && (await readBlob(event.blob.sha256, diffLimit));
    const object = nameOf(event.object);
    changes.push({
      object,
      run: event.run,
      time: event.time,
      cite: `${writer}#${event.seq}`,
      before: first?.blob?.sha256,
      after: event.blob?.sha256,
      diff:
        createPatch(
          object,
          pretty(old),
          pretty(fresh),
          first ? 'before' : 'unknown',
          event.absent ? 'gone' : 'after',
          { timeout: 2000 },
        ) ?? '',
    });
  }
  return changes;
}

function keyOf(event: EventOf<'object.before'> | EventOf<'object.after'>): string {
  const { kind, namespace = '', name } = event.object;
  return [event.call ?? event.run ?? '', kind, namespace, name].join('\0');
}

/** Canonical JSON is one line; a diff wants many. */
function pretty(text: string | undefined): string {
  if (text === undefined) return '';
  try {
    return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
  } catch {
    return text;
  }
}
