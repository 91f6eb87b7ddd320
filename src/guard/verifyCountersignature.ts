// Whether a second person has countersigned, afterwards, what went ahead without one. Everything that is not proven is a
// no: another request, another incident, the operator's own key under whatever name, a signature of another purpose.

import { type ApprovalRequest, requestBytes, toLine } from './approvalRequest.ts';
import { People } from './people.ts';
import { verifiedPrincipals } from './sshSignature.ts';

export interface Countersigning {
  /** Of the log: what the glass was broken for, as it stands there. */
  readonly line: string;
  readonly incident: string;
  /** Who broke it: names, and fingerprints of every key that they held. */
  readonly operator: { readonly principals: readonly string[]; readonly keys: readonly string[] };
  readonly allowedSignersFile: string | undefined;
}

export type CountersignResult =
  | { readonly ok: true; readonly by: string }
  | { readonly ok: false; readonly why: string };

export async function verifyCountersignature(
  request: ApprovalRequest,
  signature: string,
  { line, incident, operator, allowedSignersFile }: Countersigning,
): Promise<CountersignResult> {
  if (request.incident !== incident) return no(`it is of the incident ${request.incident}`);
  if (toLine(request) !== line) return no('what was signed is not what the log says was done');
  const people = allowedSignersFile === undefined ? undefined : await People.read(allowedSignersFile);
  if (allowedSignersFile === undefined || !people)
    return no('no allowed signers are configured, or their file can’t be read');
  const own = new Set([
    ...[...operator.principals, request.requester].map((name) => people.named(name)),
    ...operator.keys.map((key) => people.withKey(key)),
  ]);
  const signers = await verifiedPrincipals(
    requestBytes(request),
    signature,
    allowedSignersFile,
    'countersign',
  );
  const other = signers.find((principal) => !own.has(people.named(principal)));
  if (other !== undefined) return { ok: true, by: other };
  return signers.length > 0
    ? no('who broke the glass can’t countersign it')
    : no('the signature is not that of an allowed signer over this request');
}

const no = (why: string): CountersignResult => ({ ok: false, why });
