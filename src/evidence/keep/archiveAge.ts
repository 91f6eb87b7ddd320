// Whether an archive holds all that is here: what was added to an incident after it was archived (an addendum, a
// countersignature, logs of another machine) is in no archive, and goes with the incident when that is pruned.

import type { EvidenceEvent } from '../events.ts';
import type { Incident, ReadEvent } from '../read/readIncident.ts';

/** How much of each log a pack holds. */
export interface PackedLog {
  readonly writer: string;
  /** Lines, from the first. */
  readonly events: number;
}

export interface Outdated {
  /** The archive. */
  readonly archive: string;
  /** What it lacks. */
  readonly lacks: readonly ReadEvent[];
}

/** What keeping itself writes: it is no loss. */
const housekeeping = new Set<EvidenceEvent['type']>([
  'incident.joined',
  'checkpoint',
  'clock.jumped',
  'pack.made',
  'incident.archived',
]);

/** What the last archive of an incident lacks; undefined where it has none, or one that holds everything. */
export function outdatedArchive({ events }: Pick<Incident, 'events'>): Outdated | undefined {
  const at = events.findLastIndex(({ event }) => event.type === 'incident.archived');
  const last = events[at]?.event;
  if (last?.type !== 'incident.archived') return undefined;
  const packed = packedIn(last.extra);
  const lacks = events.filter(
    ({ writer, event }, index) =>
      !housekeeping.has(event.type) && (packed ? event.seq >= (packed.get(writer) ?? 0) : index > at),
  );
  return lacks.length > 0 ? { archive: last.to, lacks } : undefined;
}

/** `3 events (addendum, note)`. */
export function lacksText({ lacks }: Outdated): string {
  const types = [...new Set(lacks.map(({ event }) => event.type))].join(', ');
  return `${lacks.length} event${lacks.length === 1 ? '' : 's'} (${types})`;
}

/** Of an archive that was made before this was written down there is none: then the order of time has to do. */
function packedIn(extra: unknown): ReadonlyMap<string, number> | undefined {
  const { logs } = (extra ?? {}) as { logs?: unknown };
  if (!Array.isArray(logs)) return undefined;
  return new Map(
    (logs as Partial<PackedLog>[]).flatMap(({ writer, events }) =>
      typeof writer === 'string' && typeof events === 'number' ? [[writer, events]] : [],
    ),
  );
}
