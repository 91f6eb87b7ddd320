// What a second person is asked to approve: exactly these calls, there, for this reason, until then, once. The
// bytes of the request are what gets signed, so they have one form only.

import { createHash, randomBytes } from 'node:crypto';
import canonicalize from 'canonicalize';
import { RunbookError } from '../base/runbookError.ts';

export interface ApprovalRequest {
  readonly type: 'runbook-approval-request';
  readonly version: 1;
  readonly incident: string;
  /** For people; who really asks is known where the approval is used. */
  readonly requester: string;
  /** The calls with credentials cut out, as the question showed them. */
  readonly calls: readonly string[];
  /** `sha256:` over the calls as shown. */
  readonly shownDigest: string;
  /** A keyed commitment to the real arguments; the key stays on the machine that asks. */
  readonly realCommitment: string;
  readonly target: {
    readonly name: string;
    readonly server: string;
    readonly ca?: string;
    readonly namespace?: string;
  };
  readonly runbook: { readonly path: string; readonly sha256: string };
  readonly reason: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly expiresAt: string;
  /** 128 bits, hex: an approval is used up by its nonce. */
  readonly nonce: string;
  /** The change has to be taken back after this many milliseconds. */
  readonly revertWithinMs?: number;
}

export type ApprovalSubject = Omit<
  ApprovalRequest,
  'type' | 'version' | 'shownDigest' | 'createdAt' | 'expiresAt' | 'nonce'
>;

export function makeApprovalRequest(
  subject: ApprovalSubject,
  times: { readonly nowMs: number; readonly lastsMs?: number },
): ApprovalRequest {
  return {
    ...subject,
    type: 'runbook-approval-request',
    version: 1,
    shownDigest: shownDigest(subject.calls),
    createdAt: new Date(times.nowMs).toISOString(),
    expiresAt: new Date(times.nowMs + (times.lastsMs ?? 30 * 60_000)).toISOString(),
    nonce: randomBytes(16).toString('hex'),
  };
}

export function shownDigest(calls: readonly string[]): string {
  return `sha256:${createHash('sha256').update(canonicalize(calls)!).digest('hex')}`;
}

/** The bytes that are signed: RFC 8785, one line. */
export function requestBytes(request: ApprovalRequest): Buffer {
  return Buffer.from(`${canonicalize(request)!}\n`, 'utf8');
}

const prefix = 'runbook-approval:1:';

/** One line to paste into a chat. */
export function toLine(request: ApprovalRequest): string {
  return prefix + requestBytes(request).toString('base64url');
}

/** A request from its file or its line. @throws RunbookError for anything but the one form that we write. */
export function parseApprovalRequest(text: string): ApprovalRequest {
  const line = text.trim();
  const bytes = line.startsWith(prefix)
    ? Buffer.from(line.slice(prefix.length), 'base64url')
    : Buffer.from(text, 'utf8');
  let request: unknown;
  try {
    request = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw unreadable('it is no JSON', cause);
  }
  if (!isRequest(request)) throw unreadable('fields are missing or of the wrong kind');
  if (!requestBytes(request).equals(bytes)) throw unreadable('it is not in its one written form');
  if (request.shownDigest !== shownDigest(request.calls))
    throw unreadable('its digest is not that of its calls');
  return request;
}

function isRequest(value: unknown): value is ApprovalRequest {
  const one = value as Partial<ApprovalRequest> | null;
  const texts = [
    one?.incident,
    one?.requester,
    one?.shownDigest,
    one?.realCommitment,
    one?.reason,
    one?.createdAt,
    one?.expiresAt,
    one?.nonce,
    one?.target?.name,
    one?.target?.server,
    one?.runbook?.path,
    one?.runbook?.sha256,
  ];
  return (
    one?.type === 'runbook-approval-request' &&
    one.version === 1 &&
    texts.every((text) => typeof text === 'string' && text !== '') &&
    Array.isArray(one.calls) &&
    one.calls.length > 0 &&
    one.calls.every((call) => typeof call === 'string') &&
    /^[0-9a-f]{32}$/.test(one.nonce!) &&
    !Number.isNaN(Date.parse(one.createdAt!)) &&
    !Number.isNaN(Date.parse(one.expiresAt!)) &&
    (one.revertWithinMs === undefined || (Number.isInteger(one.revertWithinMs) && one.revertWithinMs > 0))
  );
}

function unreadable(why: string, cause?: unknown): RunbookError {
  return new RunbookError({
    code: 'approval-request-unreadable',
    message: `This is no approval request: ${why}.`,
    mend: 'Ask for it again, and pass it on unchanged.',
    cause,
  });
}
