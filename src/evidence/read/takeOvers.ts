// Who took an incident over, against who it was handed to. Another may, at night the one who was named can be asleep;
// but whoever reads of it has to see that it was another.

import type { EventOf } from '../events.ts';
import type { Incident } from './readIncident.ts';

export interface TakeOver {
  readonly from: string;
  /** Who it was handed to, as the handover names them. */
  readonly to: string;
  /** Who took over, as they named themselves. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  /** The event that says so: `writer#seq`. */
  readonly cite: string;
}

/** In their order. */
export function takeOversOf({ events }: Pick<Incident, 'events'>): TakeOver[] {
  const handovers = new Map<string, EventOf<'handover'>>();
  const found: TakeOver[] = [];
  for (const { writer, event } of events) {
    if (event.type === 'handover') handovers.set(`${writer}#${event.seq}`, event);
    if (event.type !== 'note' || event.about !== 'incident') continue;
    const { accepts, commander } = (event.extra ?? {}) as { accepts?: unknown; commander?: unknown };
    const handover = typeof accepts === 'string' ? handovers.get(accepts) : undefined;
    if (!handover || typeof commander !== 'string') continue;
    const { from, to } = handover;
    found.push({ from, to, by: commander, at: event.time, cite: `${writer}#${event.seq}` });
  }
  return found;
}

/** By name, however it is written: `Grace` is `grace`, and `grace@laptop` is another. */
export function isAnother({ to, by }: Pick<TakeOver, 'to' | 'by'>): boolean {
  return plain(to) !== plain(by);
}

const plain = (name: string): string => name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase();

/** `handed over by ada to grace, taken over by bob`. */
export function takeOverText({ from, to, by }: Pick<TakeOver, 'from' | 'to' | 'by'>): string {
  return `handed over by ${from} to ${to}, taken over by ${by}${isAnother({ to, by }) ? ' in their place' : ''}`;
}
