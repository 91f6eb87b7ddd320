// Handing an incident over: the one who leaves writes and signs what stands, the one who comes reads it, and signs that
// they took over. With a bundle between machines that share no folder.

import { RunbookError } from '../base/runbookError.ts';
import { makePack, type Pack } from '../evidence/pack/makePack.ts';
import { readIncident } from '../evidence/read/readIncident.ts';
import { isAnother, takeOversOf } from '../evidence/read/takeOvers.ts';
import type { Sealed } from '../evidence/write/writerOptions.ts';
import { refuseClosedElsewhere } from './closedElsewhere.ts';
import { type HandoverState, handoverState, openLines } from './handoverState.ts';
import { evidenceOptions, evidenceRoot, type Incident, type Place } from './incident.ts';
import { type PendingHandover, pendingHandover } from './pendingHandover.ts';

export interface HandingOver {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** Whether any of the processes that cells of this window left in the background still lives. */
  readonly lives?: (pids: readonly number[]) => boolean;
}

/** Written with all that stands, and sealed: the writer's signature covers it. */
export async function handOver(
  incident: Incident,
  { from, to, text, lives = () => true }: HandingOver,
): Promise<HandoverState> {
  await refuseClosedElsewhere(incident);
  const told = handoverState(await readIncident(incident.folder));
  const isOwn = (writer: string): boolean => writer === incident.writer.writer;
  const jobs = told.jobs.filter(({ writer, pids }) => !isOwn(writer) || lives(pids));
  const state = { ...told, jobs };
  await incident.writer.append({
    type: 'handover',
    from,
    to,
    text,
    open: openLines(state),
    extra: { values: state.values, choices: state.choices },
  });
  return state;
}

/**
 * The second signature: the newcomer's own log says what was taken over, and is sealed at once. Anybody may; where it
 * is another than the one it was handed to, that is said.
 */
export async function takeOver(incident: Incident, pending: PendingHandover, who: string): Promise<Sealed> {
  await refuseClosedElsewhere(incident);
  await refuseTaken(incident, pending);
  const { from, to } = pending;
  await incident.writer.append({
    type: 'note',
    text: `${who} took over from ${from}${isAnother({ to, by: who }) ? `, who had handed it over to ${to}` : ''}`,
    about: 'incident',
    extra: { commander: who, accepts: pending.event },
  });
  return incident.writer.checkpoint('took over');
}

/** What one reads before one says yes may be minutes old. */
async function refuseTaken({ folder, id }: Incident, { event }: PendingHandover): Promise<void> {
  const read = await readIncident(folder);
  const now = pendingHandover(read);
  if (now?.event === event) return;
  const by = takeOversOf(read).at(-1)?.by;
  throw new RunbookError({
    code: 'handover-taken',
    message: now
      ? `${id} was handed over again meanwhile, by ${now.from} to ${now.to}.`
      : `${by ?? 'Somebody'} took over ${id} meanwhile.`,
    mend: now ? 'Join again to see what stands now.' : 'Agree with them who leads.',
  });
}

/** The incident as it stands in one signed file, for a machine that does not share the folder. */
export async function bundleOf(place: Place, id: string, file: string, folder: string): Promise<Pack> {
  return makePack(evidenceRoot(place), id, file, await evidenceOptions(place, folder));
}
