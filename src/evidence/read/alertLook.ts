// What an `alert.state` event says beside the state: whether it was seen before or after a run, and the value of the
// alert's expression then. Read as anything may stand in a log.

import type { EventOf } from '../events.ts';

/** In the `extra` of an `alert.state` event. */
export interface AlertLook {
  readonly run: string;
  readonly when: 'before' | 'after';
  /** What was asked: without the comparison, so that there is a value on both sides of it. */
  readonly expression?: string;
  /** `> 0.05`. */
  readonly threshold?: string;
  readonly values?: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number | string;
  }[];
  /** Why something of it is not known. */
  readonly reason?: string;
}

/** undefined for a state that belongs to no run. */
export function lookOf({ extra }: Pick<EventOf<'alert.state'>, 'extra'>): AlertLook | undefined {
  if (typeof extra !== 'object' || extra === null || Array.isArray(extra)) return undefined;
  const { run, when } = extra as Partial<AlertLook>;
  if (typeof run !== 'string' || (when !== 'before' && when !== 'after')) return undefined;
  return extra as unknown as AlertLook;
}

/** The values of any state that was told, of a run or not; empty where there are none. */
export function valuesText({ extra }: Pick<EventOf<'alert.state'>, 'extra'>): string {
  if (typeof extra !== 'object' || extra === null || Array.isArray(extra)) return '';
  return lookText(extra as Partial<AlertLook>);
}

/** `0.12 (> 0.05)`; several series as their values in a row. Empty where no value is known. */
export function lookText({ values, threshold, reason }: Partial<AlertLook>): string {
  const told = (Array.isArray(values) ? values : [])
    .map((one: unknown) => (one as { value?: unknown } | null)?.value)
    .filter((value) => typeof value === 'number' || typeof value === 'string')
    .map((value) => (typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value)));
  const against = typeof threshold === 'string' ? ` (${threshold})` : '';
  if (told.length > 0) return `${told.join(', ')}${against}`;
  if (Array.isArray(values)) return `no value${against}`;
  return typeof reason === 'string' ? reason : '';
}
