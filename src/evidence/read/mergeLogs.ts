// The logs of several writers in one order: by time, as far as clocks can be believed. A log's own order is never
// changed, and what a writer had seen of another's log came before: so somebody on a laptop whose clock is behind takes
// over after the handover, and not before it.

import type { ReadEvent } from './readIncident.ts';

/** Where an event stands: time as written, and how often it was moved behind what its writer had seen. */
interface Place {
  readonly time: string;
  readonly rank: number;
}

/** Logs that vouch for each other's future are nobody's honest work: what they say of each other is not followed. */
const mostPasses = 20;

export function mergeLogs(logs: readonly (readonly ReadEvent[])[]): ReadEvent[] {
  const places = placesIn(logs);
  return logs
    .flatMap((log, index) => log.map((entry, at) => ({ entry, index, at, place: places[index]![at]! })))
    .sort((one, other) => compare(one.place, other.place) || one.index - other.index || one.at - other.at)
    .map(({ entry }) => entry);
}

function placesIn(logs: readonly (readonly ReadEvent[])[]): Place[][] {
  const own = logs.map(inOwnOrder);
  const byWriter = new Map(logs.flatMap((log, index) => (log[0] ? [[log[0].writer, index] as const] : [])));
  let places = own;
  for (let pass = 0; pass < mostPasses; pass += 1) {
    let moved = false;
    const next = logs.map((log, index) =>
      afterAll(log, places[index]!, (writer, size) => {
        const other = byWriter.get(writer);
        const last = other === undefined || other === index ? undefined : places[other]![size - 1];
        return last && { time: last.time, rank: last.rank + 1 };
      }),
    );
    for (const [index, log] of next.entries())
      moved ||= log.some((place, at) => compare(place, places[index]![at]!) !== 0);
    if (!moved) return places;
    places = next;
  }
  return own;
}

/** An event counts no earlier than the one before it: a clock that was set back reorders nothing. */
function inOwnOrder(log: readonly ReadEvent[]): Place[] {
  let latest = '';
  return log.map(({ event }) => {
    if (event.time > latest) latest = event.time;
    return { time: latest, rank: 0 };
  });
}

/** The same log, with each event no earlier than what it tells of having seen. */
function afterAll(
  log: readonly ReadEvent[],
  places: readonly Place[],
  behind: (writer: string, size: number) => Place | undefined,
): Place[] {
  let latest: Place = { time: '', rank: 0 };
  return log.map(({ event }, at) => {
    latest = later(latest, places[at]!);
    if ('seen' in event)
      for (const { writer, size } of event.seen) latest = later(latest, behind(writer, size) ?? latest);
    return latest;
  });
}

const later = (one: Place, other: Place): Place => (compare(one, other) < 0 ? other : one);

function compare(one: Place, other: Place): number {
  if (one.time !== other.time) return one.time < other.time ? -1 : 1;
  return one.rank - other.rank;
}
