// Going ahead without the second person: loud, with a name and a reason, to be countersigned; and changes that were
// promised to be taken back in time.

import { toTimestamp } from '../base/clock.ts';

export interface BreakGlassRecord {
  readonly type: 'break-glass';
  readonly operator: string;
  readonly target: string;
  readonly calls: readonly string[];
  readonly reason: string;
  readonly at: string;
}

export type BreakGlassResult =
  | { readonly ok: true; readonly record: BreakGlassRecord }
  | { readonly ok: false; readonly why: string };

export function breakGlass(asked: {
  readonly operator: string;
  readonly target: string;
  readonly typed: string;
  readonly reason: string;
  readonly calls: readonly string[];
  readonly nowMs: number;
}): BreakGlassResult {
  const { operator, target, typed, calls, nowMs } = asked;
  const reason = asked.reason.trim();
  if (typed !== target) return { ok: false, why: `type ${target}, exactly` };
  if (reason.split(/\s+/).length < 2) return { ok: false, why: 'say why, in a few words' };
  const at = toTimestamp(nowMs);
  return {
    ok: true,
    record: { type: 'break-glass', operator, target, calls, reason, at },
  };
}

export interface RevertDue {
  /** RFC 3339. */
  readonly dueAt: string;
  readonly overdue: boolean;
  /** Negative once overdue. */
  readonly remainingMs: number;
}

/** When a time-boxed change has to be taken back. */
export function revertDue(changedAtMs: number, revertWithinMs: number, nowMs: number): RevertDue {
  const remainingMs = changedAtMs + revertWithinMs - nowMs;
  return { dueAt: toTimestamp(changedAtMs + revertWithinMs), overdue: remainingMs <= 0, remainingMs };
}
