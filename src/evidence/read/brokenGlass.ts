// What went ahead without its second person, and whether one has countersigned it since. A countersignature counts only
// for the very request that the glass was broken for, and never by whoever broke it.

import type { EventOf } from '../events.ts';
import type { Incident } from './readIncident.ts';

export interface BrokenGlass {
  /** Of the approval that it went without: its nonce. */
  readonly request: string;
  /** The same in full, one line: what is signed. */
  readonly line: string | undefined;
  readonly run: string | undefined;
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  readonly reason: string;
  readonly calls: readonly string[];
  /** Who else it may not be, as the log has it; undefined where the log does not say. */
  readonly operator: { readonly principals: readonly string[]; readonly keys: readonly string[] } | undefined;
  /** As whoever recorded it had proven it; the first is the earliest. */
  readonly countersigned: readonly { readonly by: string; readonly at: string }[];
}

/** In the order in which it was broken. */
export function brokenGlasses({ events }: Pick<Incident, 'events'>): BrokenGlass[] {
  const approvals = events.flatMap(({ event }) => (event.type === 'approval' ? [event] : []));
  const signed = approvals.filter(({ decision }) => decision === 'countersigned');
  return approvals
    .filter(({ decision }) => decision === 'break-glass')
    .map((event): BrokenGlass => {
      const { request, run, by = '', time, reason = '', covers, extra } = event;
      const line = lineIn(event);
      return {
        request,
        line,
        run,
        by,
        at: time,
        reason,
        calls: textsOf(covers),
        operator: operatorIn(extra),
        countersigned: signed
          .filter((one) => one.request === request && line !== undefined && lineIn(one) === line)
          .flatMap((one) => (one.by && one.by !== by ? [{ by: one.by, at: one.time }] : [])),
      };
    });
}

/** No second person has seen it yet. */
export function isUnseen({ countersigned }: Pick<BrokenGlass, 'countersigned'>): boolean {
  return countersigned.length === 0;
}

/** The broken glass that an approval's event tells of; undefined for any other approval. */
export function glassOf(
  { decision, request }: Pick<EventOf<'approval'>, 'decision' | 'request'>,
  glasses: readonly BrokenGlass[],
): BrokenGlass | undefined {
  return decision === 'break-glass' ? glasses.find((one) => one.request === request) : undefined;
}

/** `countersigned by bob@x, 2026-01-02 03:04`, or that it was not. */
export function countersignText(glass: Pick<BrokenGlass, 'countersigned'>): string {
  if (isUnseen(glass)) return 'NOT COUNTERSIGNED';
  const { countersigned } = glass;
  const who = countersigned.map(({ by, at }) => `${by}, ${at.slice(0, 16).replace('T', ' ')}`);
  return `countersigned by ${who.join(' and ')}`;
}

function lineIn({ extra }: EventOf<'approval'>): string | undefined {
  const { request } = (extra ?? {}) as { request?: unknown };
  return typeof request === 'string' ? request : undefined;
}

function operatorIn(extra: unknown): BrokenGlass['operator'] {
  const { operator } = (extra ?? {}) as { operator?: { principals?: unknown; keys?: unknown } };
  if (!Array.isArray(operator?.principals) || !Array.isArray(operator.keys)) return undefined;
  return { principals: textsOf(operator.principals), keys: textsOf(operator.keys) };
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
