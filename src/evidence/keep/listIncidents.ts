// What incidents there are below a root, at a glance and without verifying them.

import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../../base/runbookError.ts';
import type { EventOf } from '../events.ts';
import { isId } from '../format/layout.ts';
import { readIncident } from '../read/readIncident.ts';

export interface IncidentSummary {
  readonly id: string;
  readonly dir: string;
  readonly title: string;
  readonly severity: string | undefined;
  readonly alert: string | undefined;
  readonly opened: string | undefined;
  readonly closed: string | undefined;
  /** When anything was last recorded. */
  readonly last: string | undefined;
  readonly people: readonly string[];
  readonly runs: number;
  readonly failed: number;
  readonly changes: number;
  /** Under legal hold: may not be pruned, and no blob of it erased. */
  readonly held: boolean;
  /** All files, in bytes. */
  readonly bytes: number;
}

/** The newest first. An empty list where the root is not there yet. */
export async function listIncidents(root: string): Promise<IncidentSummary[]> {
  const names = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const found: IncidentSummary[] = [];
  for (const entry of names) {
    if (!entry.isDirectory() || !isId(entry.name)) continue;
    const dir = path.join(root, entry.name);
    if (await isIncident(dir)) found.push(await summarize(dir));
  }
  return found.sort((a, b) => ((a.opened ?? '') < (b.opened ?? '') ? 1 : -1));
}

/** Of one incident's folder. */
export async function summarize(dir: string): Promise<IncidentSummary> {
  const { id, events } = await readIncident(dir);
  const all = events.map(({ event }) => event);
  const opening = all.find((event) => event.type === 'incident.opened') as
    | EventOf<'incident.opened'>
    | undefined;
  const state = (last: string, undone: string): string | undefined => {
    const event = all.findLast(({ type }) => type === last || type === undone);
    return event?.type === last ? event.time : undefined;
  };
  const hold = all.findLast((event) => event.type === 'incident.held') as
    | EventOf<'incident.held'>
    | undefined;
  return {
    id,
    dir,
    title: opening?.title ?? id,
    severity: opening?.severity,
    alert: opening?.alert,
    opened: opening?.time ?? all[0]?.time,
    closed: state('incident.closed', 'incident.reopened'),
    last: all.at(-1)?.time,
    people: [
      ...new Set(
        all.flatMap((event) =>
          event.type === 'incident.opened' || event.type === 'incident.joined' ? [event.actor.user] : [],
        ),
      ),
    ],
    runs: all.filter(({ type }) => type === 'cell.intent').length,
    failed: all.filter((event) => event.type === 'cell.result' && !event.ok).length,
    changes: all.filter(({ type }) => type === 'object.after').length,
    held: hold?.on ?? false,
    bytes: await sizeOf(dir),
  };
}

async function isIncident(dir: string): Promise<boolean> {
  return (await stat(path.join(dir, 'writers')).catch(() => undefined))?.isDirectory() ?? false;
}

async function sizeOf(dir: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile())
      total += (await stat(path.join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return total;
}
