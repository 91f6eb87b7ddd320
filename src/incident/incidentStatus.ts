// Where an incident stands, read from its evidence alone: for lists, for whoever joins, for the status bar. Kept
// while the logs have not grown, since the status bar asks every few seconds.

import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { logName } from '../evidence/format/layout.ts';
import { type Declaration, factsOf } from '../evidence/read/incidentFacts.ts';
import { incidentFolders } from '../evidence/read/incidentFolders.ts';
import { type Incident as ReadIncident, readIncident } from '../evidence/read/readIncident.ts';
import { isAnother, type TakeOver } from '../evidence/read/takeOvers.ts';
import { pendingHandover } from './pendingHandover.ts';

export type { Declaration };

export interface IncidentStatus {
  readonly id: string;
  readonly folder: string;
  readonly title: string;
  /** As last told; the raw word. */
  readonly severity: string | null;
  readonly alert: string | null;
  /** Started by running a cell, without anybody declaring an incident. */
  readonly adHoc: boolean;
  /** The fault of the practice cluster, where it is a drill. */
  readonly drill: string | null;
  /** Epoch milliseconds. */
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  /** When anything was last recorded. */
  readonly lastAt: number | null;
  readonly summary: string | null;
  /** `user@host`, each once, in the order they came. */
  readonly people: readonly string[];
  readonly commander: string | null;
  /** Who the commander has handed it over to, as long as they have not taken over. */
  readonly handedTo: string | null;
  /** The last take-over, with who it was meant for. */
  readonly takenOver: TakeOver | null;
  /** Of its alert, as they were when it began. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly runs: { readonly done: number; readonly failed: number; readonly open: number };
  /** Objects of a cluster that were seen to change. */
  readonly changes: number;
  /** Of the incident, its cells and their states. */
  readonly alerts: readonly string[];
  readonly held: boolean;
  readonly archived: string | null;
  readonly notes: readonly { readonly at: number; readonly by: string; readonly text: string }[];
  /** Lines that could not be read, a sentence each. */
  readonly unread: readonly string[];
}

const kept = new Map<string, { readonly stamp: string; readonly status: IncidentStatus }>();
const mostKept = 500;

/** Of an incident's folder. Throws `incident-unknown` where none is. */
export async function incidentStatus(folder: string): Promise<IncidentStatus> {
  const stamp = await stampOf(folder);
  const before = kept.get(folder);
  if (stamp !== undefined && before?.stamp === stamp) return before.status;
  const status = statusOf(await readIncident(folder));
  if (stamp === undefined) return status;
  if (kept.size >= mostKept) kept.clear();
  kept.set(folder, { stamp, status });
  return status;
}

/** Of all incidents below the root, the latest first. Folders that hold no incident are passed over. */
export async function listIncidents(root: string): Promise<IncidentStatus[]> {
  const found: IncidentStatus[] = [];
  for (const folder of await incidentFolders(root)) {
    const status = await incidentStatus(folder).catch(() => undefined);
    if (status?.openedAt) found.push(status);
  }
  return found.sort((one, other) => (other.openedAt ?? 0) - (one.openedAt ?? 0));
}

export function statusOf(incident: ReadIncident): IncidentStatus {
  const { opened, closed, last, notes, ...facts } = factsOf(incident);
  const at = (time: string | undefined): number | null => (time === undefined ? null : Date.parse(time));
  return {
    ...facts,
    id: incident.id,
    folder: incident.dir,
    severity: facts.severity ?? null,
    alert: facts.alert ?? null,
    drill: facts.drill ?? null,
    summary: facts.summary ?? null,
    commander: facts.commander ?? null,
    handedTo: pendingHandover(incident)?.to ?? null,
    takenOver: facts.takenOver ?? null,
    archived: facts.archived ?? null,
    openedAt: at(opened),
    closedAt: at(closed),
    lastAt: at(last),
    notes: notes.map(({ time, by, text }) => ({ at: Date.parse(time), by, text })),
    unread: incident.unread,
  };
}

/** `bob, in the place of grace`: the commander, and who was meant to be it; null where nobody is. */
export function commanderText({ commander, takenOver }: IncidentStatus): string | null {
  if (!takenOver || takenOver.by !== commander || !isAnother(takenOver)) return commander;
  return `${commander}, in the place of ${takenOver.to}`;
}

/**
 * Changes with every line that is written: the logs' sizes and times. undefined where they can't be told.
 *
 * @param except a writer whose lines don't count.
 */
export async function stampOf(folder: string, except?: string): Promise<string | undefined> {
  try {
    const all = await readdir(path.join(folder, 'writers'));
    const writers = all.filter((writer) => writer !== except).sort();
    const logs = await Promise.all(
      writers.map((writer) => stat(path.join(folder, 'writers', writer, logName)).catch(() => undefined)),
    );
    return logs.map((log, index) => `${writers[index]} ${log?.size} ${log?.mtimeMs}`).join('\n');
  } catch {
    return undefined;
  }
}
