// Keeping and letting go: legal hold, erasing a blob for cause, pruning. Nothing goes silently: each is an event
// with a reason, in the incident's own log or, where that goes too, in the root's incident `keeping`.

import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { RunbookError } from '../../base/runbookError.ts';
import type { EventOf } from '../events.ts';
import { isSha256 } from '../format/layout.ts';
import { factsOf, type IncidentFacts } from '../read/incidentFacts.ts';
import { incidentFolders } from '../read/incidentFolders.ts';
import { readIncident } from '../read/readIncident.ts';
import { readSeen } from '../read/readSeen.ts';
import { openFolder } from '../read/source.ts';
import { verifyIncident } from '../read/verifyIncident.ts';
import { type EvidenceOptions, joinIncident, openIncident } from '../write/openIncident.ts';
import { lacksText, type Outdated, outdatedArchive } from './archiveAge.ts';

/** The incident that remembers the pruned ones. Never pruned itself. */
const keepingId = 'keeping';

/** Puts an incident under legal hold, or lifts it. */
export async function holdIncident(
  root: string,
  id: string,
  on: boolean,
  reason: string,
  options: EvidenceOptions,
): Promise<void> {
  await record(root, id, options, { type: 'incident.held', on, reason, by: options.actor.user });
}

/**
 * Erases a blob for cause (a secret that was missed, a person's data). The log still verifies and says so. Throws
 * `incident-held` under legal hold and `blob-unknown` for a blob that is not there.
 */
export async function eraseBlob(
  root: string,
  id: string,
  sha256: string,
  reason: string,
  options: EvidenceOptions,
): Promise<void> {
  const dir = path.join(root, id);
  const file = path.join(dir, 'blobs', sha256);
  if (!isSha256(sha256) || !existsSync(file)) {
    throw new RunbookError({ code: 'blob-unknown', message: `Incident "${id}" has no blob ${sha256}.` });
  }
  refuseHeld(id, await factsIn(dir));
  const bytes = (await openFolder(dir)).files.get(`blobs/${sha256}`)!.bytes;
  // First the event, then the deed: a crash in between leaves a blob too many, never one missing without a word.
  await record(root, id, options, { type: 'blob.erased', sha256, bytes, reason, by: options.actor.user });
  await rm(file);
}

export interface Prunable {
  readonly id: string;
  readonly title: string;
  /** RFC 3339. */
  readonly closed: string;
  /** Its archive lacks what was recorded since; null where there is none, or it holds everything. */
  readonly outdated: Outdated | null;
}

/** Incidents of which nothing was recorded for `days` days, that are closed and under no hold. The oldest first. */
export async function prunable(root: string, days: number, nowMs = systemClock.now()): Promise<Prunable[]> {
  const limit = nowMs - days * 24 * 60 * 60 * 1000;
  const found: Prunable[] = [];
  for (const dir of await incidentFolders(root)) {
    const id = path.basename(dir);
    const incident = await readIncident(dir);
    const { title, closed, last, held } = factsOf(incident);
    if (id === keepingId || closed === undefined || held || Date.parse(last ?? closed) >= limit) continue;
    found.push({ id, title, closed, outdated: outdatedArchive(incident) ?? null });
  }
  return found.sort((one, other) => (one.closed < other.closed ? -1 : 1));
}

/**
 * Removes one incident, after its checkpoints were written into the root's incident `keeping`: whoever holds a pack
 * of it can still show that it is the one that was there. Throws `incident-held`, `incident-open`, and
 * `archive-outdated` where its archive lacks something, unless `withOutdatedArchive`.
 */
export async function pruneIncident(
  root: string,
  id: string,
  reason: string,
  options: EvidenceOptions & { readonly withOutdatedArchive?: boolean },
): Promise<void> {
  const dir = path.join(root, id);
  const before = await readIncident(dir);
  const summary = factsOf(before);
  refuseHeld(id, summary);
  const outdated = outdatedArchive(before);
  if (outdated && !options.withOutdatedArchive) {
    throw new RunbookError({
      code: 'archive-outdated',
      message: `The archive ${outdated.archive} of "${id}" lacks ${lacksText(outdated)} recorded since.`,
      mend: 'Archive it again.',
    });
  }
  if (id === keepingId || !summary.closed) {
    throw new RunbookError({
      code: 'incident-open',
      message: `Incident "${id}" is not closed and can not be pruned.`,
      mend: 'Close it first.',
    });
  }
  const keys = new Map(
    (await verifyIncident(await openFolder(dir), {})).writers.map(({ writer, key }) => [writer, key]),
  );
  const writers = (await readSeen(dir, '')).map((one) => ({ ...one, key: keys.get(one.writer) ?? '' }));
  // To verify a large one takes its time: a hold or an addendum that came meanwhile counts.
  if ((await readIncident(dir)).events.length !== before.events.length) {
    throw new RunbookError({
      code: 'incident-changed',
      message: `Somebody wrote to incident "${id}" just now: it is not pruned.`,
      mend: 'Look again.',
    });
  }
  const event = {
    type: 'incident.pruned',
    pruned: id,
    title: summary.title,
    closed: summary.closed,
    writers,
    reason,
    by: options.actor.user,
  } as const;
  if (existsSync(path.join(root, keepingId, 'writers'))) await record(root, keepingId, options, event);
  else {
    const writer = await openIncident(root, { id: keepingId, title: 'Keeping of evidence' }, options);
    await writer.append(event);
    await writer.close();
  }
  // Out of the way at once, so that a crash leaves no half of an incident under its name.
  const aside = path.join(root, `.pruned-${id}`);
  await rename(dir, aside);
  await rm(aside, { recursive: true, force: true });
}

/** What was pruned below a root, the oldest first. */
export async function prunedIncidents(root: string): Promise<EventOf<'incident.pruned'>[]> {
  const dir = path.join(root, keepingId);
  if (!existsSync(path.join(dir, 'writers'))) return [];
  return (await readIncident(dir)).events.flatMap(({ event }) =>
    event.type === 'incident.pruned' ? [event] : [],
  );
}

async function record(
  root: string,
  id: string,
  options: EvidenceOptions,
  event: Parameters<Awaited<ReturnType<typeof openIncident>>['append']>[0],
): Promise<void> {
  const { writer } = await joinIncident(root, id, options, 'keeping');
  try {
    await writer.append(event);
  } finally {
    await writer.close();
  }
}

const factsIn = async (dir: string): Promise<IncidentFacts> => factsOf(await readIncident(dir));

function refuseHeld(id: string, { held }: IncidentFacts): void {
  if (!held) return;
  throw new RunbookError({
    code: 'incident-held',
    message: `Incident "${id}" is under legal hold.`,
    mend: 'Whoever put it there has to lift it.',
  });
}
