// How the log of a session says that nothing comes after: by the reason of its last checkpoint.

import type { EventOf } from '../events.ts';

export const lastSeal = { writer: 'writer closed', incident: 'incident closed' } as const;

export function isLastSeal({ reason }: Pick<EventOf<'checkpoint'>, 'reason'>): boolean {
  return reason === lastSeal.writer || reason === lastSeal.incident;
}
