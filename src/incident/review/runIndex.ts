// The runs of incidents at a glance, for trees and for "runs of this cell": without outputs, and read again only
// where a log has grown.

import { evidenceRoot, type Place } from '../incident.ts';
import { type IncidentStatus, listIncidents, stampOf } from '../incidentStatus.ts';
import { type RecordedRun, recordedRuns } from '../recordedRuns.ts';
import { isSameCell } from './reviewRuns.ts';

export type RunAtAGlance = Omit<RecordedRun, 'frames' | 'blobs'>;

const kept = new Map<string, { readonly stamp: string; readonly runs: readonly RunAtAGlance[] }>();
const mostKept = 200;

/** Of an incident's folder, by the time they began. */
export async function runsIn(folder: string): Promise<readonly RunAtAGlance[]> {
  const stamp = await stampOf(folder);
  const before = kept.get(folder);
  if (stamp !== undefined && before?.stamp === stamp) return before.runs;
  const runs = (await recordedRuns(folder)).map(({ frames: _, blobs: __, ...run }) => run);
  if (stamp === undefined) return runs;
  if (kept.size >= mostKept) kept.clear();
  kept.set(folder, { stamp, runs });
  return runs;
}

export interface CellRun {
  readonly incident: IncidentStatus;
  readonly run: RunAtAGlance;
}

/** All runs of one cell below the evidence root, the latest first. Incidents that can't be read are passed over. */
export async function runsOfCell(
  place: Pick<Place, 'flag' | 'setting' | 'env'>,
  cell: Pick<RecordedRun, 'name' | 'cell' | 'source'>,
): Promise<CellRun[]> {
  const found: CellRun[] = [];
  for (const incident of await listIncidents(evidenceRoot(place))) {
    const runs = await runsIn(incident.folder).catch(() => []);
    for (const run of runs) if (isSameCell(run, cell)) found.push({ incident, run });
  }
  return found.sort((one, other) => other.run.startedAt - one.run.startedAt);
}
