// Which incidents and runs a reviewer wants to see.

import { compareRisk, type Risk, risks } from '../../shell/risk.ts';
import type { IncidentStatus } from '../incidentStatus.ts';
import type { RunAtAGlance } from './runIndex.ts';

/** An empty list asks nothing. What is asked in several lists has to hold in all of them. */
export interface IncidentFilter {
  readonly severities: readonly string[];
  readonly alerts: readonly string[];
  /** `user@host` */
  readonly people: readonly string[];
  /** Only what failed or was interrupted. */
  readonly failed: boolean;
  /** Only what changed something, or was to. */
  readonly changes: boolean;
}

export const noFilter: IncidentFilter = {
  severities: [],
  alerts: [],
  people: [],
  failed: false,
  changes: false,
};

export function asksNothing({ severities, alerts, people, failed, changes }: IncidentFilter): boolean {
  return !failed && !changes && severities.length + alerts.length + people.length === 0;
}

/** `runs` are asked for where the status alone can't tell. */
export function showsIncident(
  filter: IncidentFilter,
  incident: IncidentStatus,
  runs: readonly RunAtAGlance[],
): boolean {
  if (asksNothing(filter)) return true;
  const { severities, alerts, people } = filter;
  if (severities.length > 0 && !severities.includes(incident.severity ?? '')) return false;
  if (alerts.length > 0 && !incident.alerts.some((alert) => alerts.includes(alert))) return false;
  if (people.length > 0 && !incident.people.some((one) => people.includes(one))) return false;
  if (!filter.failed && !filter.changes) return true;
  return runs.some((run) => showsRun({ ...filter, alerts: [], people: [] }, run));
}

export function showsRun(filter: IncidentFilter, run: RunAtAGlance): boolean {
  if (filter.people.length > 0 && !filter.people.includes(run.by)) return false;
  // A cell that names no alert answers to the incident's.
  const own = run.intent.alerts ?? [];
  if (filter.alerts.length > 0 && own.length > 0 && !own.some((alert) => filter.alerts.includes(alert)))
    return false;
  if (filter.failed && run.result?.ok) return false;
  return !filter.changes || isChange(run);
}

/** Of a risk above reading and local files. One that this version doesn't know counts as a change. */
export function isChange({ intent: { risk } }: RunAtAGlance): boolean {
  return !risks.includes(risk as Risk) || compareRisk(risk as Risk, 'secret') > 0;
}
