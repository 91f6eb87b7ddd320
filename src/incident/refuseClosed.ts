// A closed incident is over: its log is sealed and packed, and what is recorded behind that nobody would look for.

import { RunbookError } from '../base/runbookError.ts';
import { incidentStatus } from './incidentStatus.ts';

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
