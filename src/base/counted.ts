// Numbers and times in a sentence.

import { formatDuration } from './duration.ts';

/** `1 run`, `2 runs`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `just now`, `36 min ago`, `2 h ago`: nobody counts the seconds of what is over. */
export function ago(atMs: number, nowMs: number): string {
  const sinceMs = nowMs - atMs;
  if (sinceMs < 60_000) return 'just now';
  const unitMs = sinceMs < 3_600_000 ? 60_000 : sinceMs < 48 * 3_600_000 ? 3_600_000 : 24 * 3_600_000;
  return `${formatDuration(Math.floor(sinceMs / unitMs) * unitMs)} ago`;
}
