// Time as a port, so that what records times can be tested without waiting.

export interface Clock {
  /** Wall clock, milliseconds since the epoch. May jump. */
  now(): number;
  /** Monotonic milliseconds; only differences mean anything. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** `2026-11-22 08:41:02`, for people: UTC to the second. Of milliseconds since the epoch, or of RFC 3339 in UTC. */
export function utcText(time: number | string): string {
  const written = typeof time === 'number' ? toTimestamp(time) : time;
  return written.slice(0, 19).replace('T', ' ');
}

/** RFC 3339 in UTC with milliseconds: how every time is written down. */
export function toTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
