// An incident as its reviewer gets it, from its folder or from a pack: what happened, run by run, and a real
// verification of all of it. Nothing is unpacked to disk.

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { isSha256 } from '../../evidence/format/layout.ts';
import { blobReader } from '../../evidence/pack/blobReader.ts';
import { type PackContent, packContent } from '../../evidence/pack/packContent.ts';
import { readIncidentFrom } from '../../evidence/read/readIncident.ts';
import { openFolder } from '../../evidence/read/source.ts';
import type { Verification } from '../../evidence/read/verification.ts';
import { verifyEvidence } from '../../evidence/read/verifyEvidence.ts';
import { openPackIncident } from '../../evidence/read/verifyPack.ts';
import { type IncidentStatus, statusOf } from '../incidentStatus.ts';
import type { OpenBlob } from '../recordedRuns.ts';
import { type ReviewRun, reviewRunsOf } from './reviewRuns.ts';

export interface Review {
  /** The incident's folder or the pack, absolute. */
  readonly target: string;
  readonly isPack: boolean;
  readonly status: IncidentStatus;
  readonly content: PackContent;
  readonly runs: readonly ReviewRun[];
  readonly verification: Verification;
  /** When it was verified, epoch milliseconds. */
  readonly verifiedAt: number;
  readonly hasBlob: (sha256: string) => boolean;
  readonly openBlob: OpenBlob;
  close(): void;
}

/**
 * Verifies and reads. Throws `evidence-unreadable` and `incident-unknown` for what is neither folder nor pack, and
 * `pack-refused` for a pack that can't be read safely; evidence that is readable and wrong is in `verification`.
 */
export async function openReview(target: string): Promise<Review> {
  const verification = await verifyEvidence(target);
  const verifiedAt = Date.now();
  const isPack = !(await stat(target)).isDirectory();
  const opened = isPack ? await openPackIncident(target) : undefined;
  const source = opened?.incident ?? (await openFolder(target));
  try {
    const incident = await readIncidentFrom(source, isPack ? '' : path.resolve(target));
    const content = await packContent(incident, blobReader(source));
    const has = (sha256: string): boolean =>
      isSha256(sha256) && source.files.get(`blobs/${sha256}`)?.plain === true;
    return {
      target,
      isPack,
      status: statusOf(incident),
      content,
      runs: reviewRunsOf(incident, content),
      verification,
      verifiedAt,
      hasBlob: has,
      openBlob: (sha256) => (has(sha256) ? source.read(`blobs/${sha256}`) : undefined),
      close: () => (opened ?? source).close(),
    };
  } catch (error) {
    (opened ?? source).close();
    throw error;
  }
}
