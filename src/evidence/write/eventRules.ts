// What the writer does with an event by its type: sync it, seal after it, and which of its members no rule touches.

import type { EventInput } from '../events.ts';

/** Lines that need not be on the platter when they are told; all others are. */
const relaxed = new Set<string>([
  'output.frames',
  'output.blob',
  'alert.state',
  'gate.result',
  'clock.jumped',
  'cell.choice',
]);

/**
 * A run or call that only reads may start before it is on the platter, too: the run's result, which syncs the same
 * file, brings it along, and what a loss of power took can be read again. Nothing that changes starts before that.
 */
export function mayWait(event: EventInput): boolean {
  const begins = event.type === 'cell.intent' || event.type === 'gate.call';
  return relaxed.has(event.type) || (begins && event.risk === 'read');
}

const sealing = new Set<string>([
  'incident.opened',
  'incident.joined',
  'approval',
  'handover',
  'incident.closed',
  'addendum',
  'pack.made',
  'blob.erased',
  'incident.pruned',
]);

/** After it the log is sealed. */
export const seals = (event: EventInput): boolean => sealing.has(event.type);

const structural = new Set([
  'type',
  'incident',
  'writer',
  'key',
  'seen',
  'blob',
  'sha256',
  'frames',
  'torn',
  'output',
  'writers',
  'pruned',
  'files',
]);

/** A member that this room made itself and that no rule of redaction may touch. */
export const isStructural = (member: string): boolean => structural.has(member);
