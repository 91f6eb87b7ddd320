// Changes that were promised to be taken back in time, read from the evidence: which are open, until when, and how
// to take them back.

import { type Incident as ReadIncident, readIncident } from '../evidence/read/readIncident.ts';
import { revertDue } from '../guard/breakGlass.ts';

export interface OpenRevert {
  readonly run: string;
  /** The nearest heading of the cell. */
  readonly title: string;
  /** Of the cell, in the runbook as it was. */
  readonly index: number | undefined;
  /** The runbook's file name. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly dueMs: number;
  readonly steps: readonly { readonly title: string; readonly command: string }[];
  readonly notes: readonly string[];
}

export async function openReverts(folder: string): Promise<OpenRevert[]> {
  return revertsOf(await readIncident(folder));
}

/** The first that is due comes first. */
export function revertsOf({ events }: Pick<ReadIncident, 'events'>): OpenRevert[] {
  const open = new Map<string, OpenRevert>();
  const intents = new Map<
    string,
    { title: string; index: number | undefined; name: string; undoOf?: string }
  >();
  for (const { event } of events) {
    if (event.type === 'cell.intent') {
      const { name, undoOf } = (event.extra ?? {}) as { name?: unknown; undoOf?: unknown };
      intents.set(event.run, {
        title: event.cell.headings?.at(-1) ?? 'a cell',
        index: event.cell.index,
        name: typeof name === 'string' ? name : '',
        ...(typeof undoOf === 'string' ? { undoOf } : {}),
      });
    } else if (event.type === 'cell.result') {
      const intent = intents.get(event.run);
      if (!intent) continue;
      if (intent.undoOf && event.ok) open.delete(intent.undoOf);
      const told = toldOf(event.extra);
      if (!told) continue;
      const { dueAt } = revertDue(Date.parse(event.time), told.revertWithinMs, 0);
      open.set(event.run, { ...intent, ...told, run: event.run, dueMs: Date.parse(dueAt) });
    } else if (event.type === 'note' && event.about === 'revert' && event.run) open.delete(event.run);
  }
  return [...open.values()].sort((one, other) => one.dueMs - other.dueMs);
}

function toldOf(
  extra: unknown,
): { revertWithinMs: number; steps: OpenRevert['steps']; notes: OpenRevert['notes'] } | undefined {
  const { revertWithinMs, undo, undoNotes } = (extra ?? {}) as Record<string, unknown>;
  if (typeof revertWithinMs !== 'number' || !Number.isFinite(revertWithinMs)) return undefined;
  const steps = (Array.isArray(undo) ? undo : []).filter(
    (step): step is { title: string; command: string } =>
      typeof step?.title === 'string' && typeof step?.command === 'string' && !step.command.includes('[cut '),
  );
  const notes = (Array.isArray(undoNotes) ? undoNotes : []).filter((note) => typeof note === 'string');
  return { revertWithinMs, steps, notes };
}
