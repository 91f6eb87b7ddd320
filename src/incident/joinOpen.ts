// A closed incident is over: its log is sealed and packed, and what is recorded behind that nobody would look for.

import path from 'node:path';
import { RunbookError } from '../base/runbookError.ts';
import { evidenceRoot, Incident, type Place } from './incident.ts';
import { incidentStatus } from './incidentStatus.ts';

/** @param folder the runbook's, as of `Incident.join`. @throws RunbookError as `refuseClosed` does. */
export async function joinOpen(place: Place, id: string, folder: string): Promise<Incident> {
  await refuseClosed(path.join(evidenceRoot(place), id));
  return Incident.join(place, id, folder);
}

/** @throws RunbookError `incident-closed`, or `incident-unknown` where the folder holds none. */
export async function refuseClosed(folder: string): Promise<void> {
  const { id, closedAt } = await incidentStatus(folder);
  if (closedAt === null) return;
  throw new RunbookError({
    code: 'incident-closed',
    message: `${id} is closed, since ${new Date(closedAt).toISOString()}: nothing more is recorded under it.`,
    mend: 'Start another incident; what belongs to this one goes in as an addendum.',
  });
}
