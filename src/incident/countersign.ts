// Takes a second person's countersignature of a broken glass into the evidence, once it is proven; also after the
// incident was closed.

import path from 'node:path';
import { type BrokenGlass, brokenGlasses, isUnseen } from '../evidence/read/brokenGlass.ts';
import { readIncident } from '../evidence/read/readIncident.ts';
import { type EvidenceOptions, joinIncident } from '../evidence/write/openIncident.ts';
import { parseSigned } from '../guard/signedApproval.ts';
import { type CountersignResult, verifyCountersignature } from '../guard/verifyCountersignature.ts';
import { incidentStatus } from './incidentStatus.ts';

/** The broken glasses of an incident's folder, those that wait for a second person first. */
export async function glassesOf(folder: string): Promise<BrokenGlass[]> {
  const all = brokenGlasses(await readIncident(folder));
  return [...all.filter(isUnseen), ...all.filter((one) => !isUnseen(one))];
}

/**
 * @param folder the incident's.
 * @param answer what `runbook approve --countersign` printed.
 * @param signersFile who counts as a second person: as with approvals, never as a repository says.
 */
export async function countersign(
  folder: string,
  answer: string,
  signersFile: string | undefined,
  options: EvidenceOptions,
): Promise<CountersignResult> {
  const { id, closedAt } = await incidentStatus(folder);
  const glasses = await glassesOf(folder);
  let why = 'it holds no countersignature';
  for (const { request, signature } of parseSigned(answer, undefined, 'countersign')) {
    const glass = glasses.find((one) => one.request === request.nonce);
    if (!glass?.line || !glass.operator) {
      why = `nothing in ${id} went ahead without a second person by this request`;
      continue;
    }
    const { line, operator } = glass;
    const proven = await verifyCountersignature(request, signature, {
      line,
      incident: id,
      operator: { ...operator, principals: [...operator.principals, glass.by] },
      allowedSignersFile: signersFile,
    });
    if (!proven.ok) {
      ({ why } = proven);
      continue;
    }
    if (glass.countersigned.some(({ by }) => by === proven.by)) {
      why = `${proven.by} has countersigned it before`;
      continue;
    }
    await record(folder, glass, { by: proven.by, signature }, { options, isClosed: closedAt !== null });
    return proven;
  }
  return { ok: false, why };
}

async function record(
  folder: string,
  { request, line, run, calls, reason }: BrokenGlass,
  { by, signature }: { readonly by: string; readonly signature: string },
  { options, isClosed }: { readonly options: EvidenceOptions; readonly isClosed: boolean },
): Promise<void> {
  const as = isClosed ? 'addendum' : 'join';
  const { writer } = await joinIncident(path.dirname(folder), path.basename(folder), options, as);
  try {
    await writer.append({
      type: 'approval',
      request,
      decision: 'countersigned',
      ...(run ? { run } : {}),
      by,
      covers: [...calls],
      reason,
      signature: [signature],
      extra: { request: line },
    });
  } finally {
    await writer.close('countersigned');
  }
}
