// How an alert's state reads under a cell and in the side bar: in minutes, since it stands there until it is asked
// again.

import { formatDuration } from '../base/duration.ts';

const minuteMs = 60_000;

/** `firing for 3 min`, `pending <1 min`, `inactive`. */
export function alertStateText(state: string, sinceMs: number | null): string {
  if (sinceMs === null) return state;
  const minutes = Math.floor((Date.now() - sinceMs) / minuteMs);
  return minutes < 1 ? `${state} <1 min` : `${state} for ${formatDuration(minutes * minuteMs)}`;
}
