// An answer to an approval request, or its countersignature afterwards: the request and a signature of it, as one line
// that survives a chat.

import canonicalize from 'canonicalize';
import { type ApprovalRequest, parseApprovalRequest, requestBytes } from './approvalRequest.ts';
import type { Purpose } from './sshSignature.ts';

export interface SignedApproval {
  readonly request: ApprovalRequest;
  /** Armoured, as ssh-keygen writes it. */
  readonly signature: string;
}

const prefixes: Readonly<Record<Purpose, string>> = {
  approval: 'runbook-approved:1:',
  countersign: 'runbook-countersigned:1:',
};
const armour = /-----BEGIN SSH SIGNATURE-----[\s\S]*?-----END SSH SIGNATURE-----/g;

export function signedLine({ request, signature }: SignedApproval, purpose: Purpose = 'approval'): string {
  const text = canonicalize({ request: requestBytes(request).toString('utf8'), signature })!;
  return prefixes[purpose] + Buffer.from(text, 'utf8').toString('base64url');
}

/**
 * What a pasted text or a file holds: lines of ours, or bare signatures, which are taken as answers to `asked`.
 * Nonsense is passed over; whether a signature proves anything is `useApproval`'s question.
 */
export function parseSigned(
  text: string,
  asked?: ApprovalRequest,
  purpose: Purpose = 'approval',
): SignedApproval[] {
  const prefix = prefixes[purpose];
  const found: SignedApproval[] = [];
  for (const word of text.split(/\s+/)) {
    const one = word.startsWith(prefix) ? parseLine(word.slice(prefix.length)) : undefined;
    if (one) found.push(one);
  }
  if (asked) {
    for (const [signature] of text.matchAll(armour))
      found.push({ request: asked, signature: `${signature}\n` });
  }
  return found;
}

function parseLine(body: string): SignedApproval | undefined {
  try {
    const told = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Partial<
      Record<string, unknown>
    >;
    if (typeof told.request !== 'string' || typeof told.signature !== 'string') return undefined;
    return { request: parseApprovalRequest(told.request), signature: told.signature };
  } catch {
    return undefined;
  }
}
