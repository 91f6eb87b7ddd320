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

/** RFC 3339 in UTC with milliseconds: how every time is written down. */
export function toTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
