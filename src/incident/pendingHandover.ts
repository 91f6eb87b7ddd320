// A handover that was offered and that nobody has taken over yet.

import type { EventOf } from '../evidence/events.ts';
import type { Incident as ReadIncident } from '../evidence/read/readIncident.ts';

export interface PendingHandover {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly open: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
  /** `writer#seq` of its event: what an acceptance points at. */
  readonly event: string;
}

/** The last handover that nobody has taken over; undefined where none waits. */
export function pendingHandover({ events }: Pick<ReadIncident, 'events'>): PendingHandover | undefined {
  let pending: PendingHandover | undefined;
  for (const { writer, event } of events) {
    if (event.type === 'handover') pending = pendingOf(writer, event);
    else if (event.type === 'note' && event.about === 'incident') {
      const { accepts } = (event.extra ?? {}) as { accepts?: unknown };
      if (accepts === pending?.event) pending = undefined;
    } else if (event.type === 'incident.closed') pending = undefined;
  }
  return pending;
}

function pendingOf(writer: string, event: EventOf<'handover'>): PendingHandover {
  const { from, to, text, open = [], seq, time } = event;
  return { from, to, text, open, at: Date.parse(time), event: `${writer}#${seq}` };
}
