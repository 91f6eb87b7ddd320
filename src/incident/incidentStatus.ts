// Where an incident stands, read from its evidence alone: for lists, for whoever joins, for the status bar.

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../base/runbookError.ts';
import { type Incident as ReadIncident, readIncident } from '../evidence/read/readIncident.ts';
import { type RecordedRun, runsOf } from './recordedRuns.ts';

export interface IncidentStatus {
  readonly id: string;
  readonly folder: string;
  readonly title: string;
  /** As last told; the raw word. */
  readonly severity: string | null;
  readonly alert: string | null;
  /** Started by running a cell, without anybody declaring an incident. */
  readonly adHoc: boolean;
  /** Epoch milliseconds. */
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  readonly summary: string | null;
  /** `user@host`, each once, in the order they came. */
  readonly people: readonly string[];
  readonly commander: string | null;
  readonly runs: { readonly done: number; readonly failed: number; readonly open: number };
  readonly notes: readonly { readonly at: number; readonly by: string; readonly text: string }[];
  /** Lines that could not be read, a sentence each. */
  readonly unread: readonly string[];
}

/** What a declaration or a change of it says, kept in the `extra` of a note about the incident itself. */
export interface Declaration {
  readonly title?: string;
  readonly severity?: string;
  readonly alert?: string;
  readonly commander?: string;
}

export async function incidentStatus(folder: string): Promise<IncidentStatus> {
  return statusOf(await readIncident(folder));
}

/** Of all incidents below the root, the latest first. Folders that hold no incident are passed over. */
export async function listIncidents(root: string): Promise<IncidentStatus[]> {
  const names = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const found: IncidentStatus[] = [];
  for (const entry of names) {
    if (!entry.isDirectory()) continue;
    const status = await incidentStatus(path.join(root, entry.name)).catch(() => undefined);
    if (status?.openedAt) found.push(status);
  }
  return found.sort((one, other) => (other.openedAt ?? 0) - (one.openedAt ?? 0));
}

export function statusOf(incident: ReadIncident): IncidentStatus {
  const told: Declaration & { adHoc?: boolean } = {};
  const people = new Map<string, string>();
  const notes: IncidentStatus['notes'][number][] = [];
  let openedAt: number | null = null;
  let closedAt: number | null = null;
  let summary: string | null = null;
  for (const { writer, event } of incident.events) {
    const at = Date.parse(event.time);
    if (event.type === 'incident.opened' || event.type === 'incident.joined') {
      people.set(writer, `${event.actor.user}@${event.actor.host}`);
      if (event.type === 'incident.opened') {
        openedAt ??= at;
        Object.assign(told, defined(event), defined((event.extra ?? {}) as Declaration));
      }
    } else if (event.type === 'incident.closed') {
      closedAt = at;
      summary = event.summary ?? null;
    } else if (event.type === 'incident.reopened') closedAt = null;
    else if (event.type === 'note') {
      notes.push({ at, by: event.by ?? people.get(writer) ?? writer, text: event.text });
      if (event.about === 'incident')
        Object.assign(told, defined((event.extra ?? {}) as Declaration), { adHoc: false });
    } else if (event.type === 'handover') Object.assign(told, { commander: event.to });
  }
  return {
    id: incident.id,
    folder: incident.dir,
    title: told.title ?? incident.id,
    severity: told.severity ?? null,
    alert: told.alert ?? null,
    adHoc: told.adHoc ?? false,
    openedAt,
    closedAt,
    summary,
    people: [...new Set(people.values())],
    commander: told.commander ?? null,
    runs: countRuns(runsOf(incident)),
    notes,
    unread: incident.unread,
  };
}

function defined({ title, severity, alert, commander, adHoc }: Declaration & { adHoc?: boolean }): object {
  const fields = { title, severity, alert, commander, adHoc };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function countRuns(runs: readonly RecordedRun[]): IncidentStatus['runs'] {
  const done = runs.filter((run) => run.result?.ok).length;
  const open = runs.filter((run) => !run.result).length;
  return { done, open, failed: runs.length - done - open };
}
