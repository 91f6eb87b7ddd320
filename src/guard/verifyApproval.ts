// Whether approvals cover what is about to run. Everything that is not proven is a no: an altered, expired or used
// request, a signer that nobody listed, the operator's own key, one person twice.

import { type ApprovalRequest, requestBytes, shownDigest } from './approvalRequest.ts';
import { fingerprintOf, People } from './people.ts';
import { verifiedPrincipals } from './sshSignature.ts';
import { takeNonce } from './takeNonce.ts';

export type ApprovalFailure =
  | 'expired'
  | 'not-yet-valid'
  | 'other-calls'
  | 'other-target'
  | 'other-runbook'
  | 'other-incident'
  | 'no-signers'
  | 'not-enough-people'
  | 'self-approval'
  | 'used';

export type ApprovalResult =
  | { readonly ok: true; readonly approvers: readonly string[] }
  | { readonly ok: false; readonly code: ApprovalFailure; readonly why: string };

export interface ApprovalUse {
  /** What is about to run, as it stands now, not as the request says. */
  readonly calls: readonly string[];
  readonly realCommitment: string;
  readonly target: ApprovalRequest['target'];
  readonly runbookSha256: string;
  readonly incident: string;
  /** Principals of whoever runs it: none of their keys counts. */
  readonly operator: readonly string[];
  /** Public keys that whoever runs it holds, in base64 as in a `.pub` file: whatever name they go by, they are their own. */
  readonly operatorKeys?: readonly string[];
  readonly allowedSignersFile: string | undefined;
  /** Where used nonces are kept: one file each. */
  readonly usedFolder: string;
  readonly nowMs: number;
  /** People beside the operator; 1 if not given. */
  readonly required?: number;
}

const clockSkewMs = 2 * 60_000;

/** On success the approval is used up. */
export async function useApproval(
  request: ApprovalRequest,
  signatures: readonly string[],
  use: ApprovalUse,
): Promise<ApprovalResult> {
  const stale = mismatch(request, use);
  if (stale) return stale;
  const file = use.allowedSignersFile;
  const people = file === undefined ? undefined : await People.read(file);
  if (file === undefined || !people)
    return no('no-signers', 'no allowed signers are configured, or their file can’t be read');
  const operator = new Set([
    ...use.operator.map((one) => people.named(one)),
    ...(use.operatorKeys ?? []).map((key) => people.withKey(fingerprintOf(key))),
  ]);
  const approvers = new Map<string, string>();
  let own = false;
  for (const signature of signatures) {
    for (const principal of await verifiedPrincipals(requestBytes(request), signature, file)) {
      const person = people.named(principal);
      if (operator.has(person)) own = true;
      else if (!approvers.has(person)) approvers.set(person, principal);
    }
  }
  const required = Math.max(1, use.required ?? 1);
  if (approvers.size < required) {
    return own && approvers.size === 0
      ? no('self-approval', 'who runs it can’t approve it')
      : no('not-enough-people', `${approvers.size} of ${required} other people have approved it`);
  }
  if (!(await takeNonce(use.usedFolder, request.nonce)))
    return no('used', 'this approval was used before, or its use can’t be recorded');
  return { ok: true, approvers: [...approvers.values()] };
}

function no(code: ApprovalFailure, why: string): ApprovalResult & { readonly ok: false } {
  return { ok: false, code, why };
}

function mismatch(request: ApprovalRequest, use: ApprovalUse): (ApprovalResult & { ok: false }) | undefined {
  const created = Date.parse(request.createdAt);
  const expires = Date.parse(request.expiresAt);
  if (!(use.nowMs < expires)) return no('expired', `it was good until ${request.expiresAt}`);
  if (!(created <= use.nowMs + clockSkewMs)) return no('not-yet-valid', `it is dated ${request.createdAt}`);
  if (request.shownDigest !== shownDigest(use.calls) || request.realCommitment !== use.realCommitment) {
    return no('other-calls', 'other commands were approved');
  }
  const { server, ca, namespace } = request.target;
  if (server !== use.target.server || ca !== use.target.ca || namespace !== use.target.namespace) {
    return no('other-target', `it was approved for ${request.target.name}`);
  }
  if (request.runbook.sha256 !== use.runbookSha256)
    return no('other-runbook', 'the runbook has changed since');
  if (request.incident !== use.incident)
    return no('other-incident', `it was approved for the incident ${request.incident}`);
  return undefined;
}
