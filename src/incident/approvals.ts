// The second person: makes the request of a question that needs one, takes the signed answer, and records both.
// What is not proven is a no. Each approval, and each way around it, is sealed by a checkpoint at once.

import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import canonicalize from 'canonicalize';
import { systemClock } from '../base/clock.ts';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import {
  type ApprovalRequest,
  type ApprovalSubject,
  makeApprovalRequest,
  requestBytes,
  toLine,
} from '../guard/approvalRequest.ts';
import { breakGlass } from '../guard/breakGlass.ts';
import { fingerprintOf } from '../guard/people.ts';
import { parseSigned, type SignedApproval } from '../guard/signedApproval.ts';
import { takeNonce } from '../guard/takeNonce.ts';
import { useApproval } from '../guard/verifyApproval.ts';
import { operatorIdentity } from './operatorIdentity.ts';
import type { ApprovalOffer, MadeRequest, Question } from './question.ts';
import { placedText } from './questionText.ts';
import type { RunNotices } from './runNotices.ts';

export interface ApprovalsContext {
  readonly writer: EvidenceWriter;
  /** The runbook's folder: whose git identity asks. */
  readonly folder: string;
  readonly signersFile: string | undefined;
  /** Of this machine: used-up nonces, and the requests that were made. */
  readonly stateFolder: string;
  /** Answers that came with the command line. */
  readonly given: readonly string[];
  readonly notices: RunNotices;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What exactly is to be approved, as it stands now. */
export interface ApprovalCase {
  readonly run: string;
  readonly question: Question;
  /** The calls with all that they hold, credentials too: only a keyed commitment to them leaves this machine. */
  readonly real: unknown;
  readonly target: ApprovalSubject['target'] | undefined;
  readonly runbook: ApprovalSubject['runbook'];
  readonly revertWithinMs: number | undefined;
}

export interface Approved {
  readonly approvers: readonly string[];
  readonly revertWithinMs: number | undefined;
}

export class Approvals {
  readonly #context: ApprovalsContext;
  #asked = false;

  constructor(context: ApprovalsContext) {
    this.#context = context;
  }

  /** Whether anybody is named who could approve. */
  get possible(): boolean {
    return this.#context.signersFile !== undefined;
  }

  /** A request was made in this session and not answered. */
  get isWaiting(): boolean {
    return this.#asked;
  }

  /** Of nonces that were used: no answer counts twice. */
  get #usedFolder(): string {
    return path.join(this.#context.stateFolder, 'used');
  }

  /** What the host needs to ask for it. `onApproved` is called once, when an answer was proven. */
  offer(one: ApprovalCase, onApproved: (approved: Approved) => void): ApprovalOffer {
    let made: ApprovalRequest | undefined;
    return {
      request: async (reason) => {
        made = await this.#make(one, reason);
        return this.#keep(one, made);
      },
      accept: async (text) => {
        const result = await this.#accept(one, parseSigned(text, made));
        if (!result.ok) return result;
        onApproved(result.approved);
        return { ok: true, approvers: result.approved.approvers };
      },
      signersFile: this.#context.signersFile!,
      ...(one.revertWithinMs === undefined ? {} : { revertWithinMs: one.revertWithinMs }),
    };
  }

  /** An answer that came with the command line and covers exactly this. */
  async alreadyGiven(one: ApprovalCase): Promise<Approved | undefined> {
    const signed = this.#context.given.flatMap((text) => parseSigned(text));
    if (signed.length === 0) return undefined;
    const result = await this.#accept(one, signed);
    return result.ok ? result.approved : undefined;
  }

  /** Without a second person: loud, with a name and a reason. Resolves to why not, or undefined where it is done. */
  async breakGlass(
    one: ApprovalCase,
    told: { readonly typed: string; readonly reason: string },
  ): Promise<string | undefined> {
    const { writer, folder, env } = this.#context;
    const calls = shownCalls(one.question);
    const operator = await operatorIdentity(folder, env);
    const done = breakGlass({
      ...told,
      operator: operator.name,
      target: one.question.typed ?? '',
      calls,
      nowMs: systemClock.now(),
    });
    if (!done.ok) return done.why;
    const request = await this.#make(one, told.reason);
    // What somebody signs of it afterwards approves no further run.
    if (!(await takeNonce(this.#usedFolder, request.nonce))) return 'its use can’t be recorded';
    await writer.append({
      type: 'approval',
      request: request.nonce,
      decision: 'break-glass',
      run: one.run,
      by: operator.name,
      covers: calls,
      reason: done.record.reason,
      extra: {
        request: toLine(request),
        // Whoever these are can't countersign it, under whatever name.
        operator: { principals: operator.principals, keys: operator.keys.map(fingerprintOf) },
        ...timeBox(one),
      },
    });
    await writer.checkpoint('break-glass');
    this.#context.notices.say(one.run, [
      `The glass was broken for this. A second person has to countersign it: runbook incident countersign ${writer.incident}`,
    ]);
    return undefined;
  }

  async #make(one: ApprovalCase, reason: string): Promise<ApprovalRequest> {
    const { writer, folder, env } = this.#context;
    const { redactor } = writer;
    const operator = await operatorIdentity(folder, env);
    return makeApprovalRequest(
      {
        incident: writer.incident,
        requester: operator.name,
        calls: shownCalls(one.question).map((call) => redactor.text(call).value),
        realCommitment: this.#commitment(one),
        target: one.target ?? noCluster(),
        runbook: one.runbook,
        reason: redactor.text(reason.trim() || 'no reason given').value,
        ...(one.revertWithinMs === undefined ? {} : { revertWithinMs: one.revertWithinMs }),
      },
      { nowMs: systemClock.now() },
    );
  }

  async #keep(one: ApprovalCase, request: ApprovalRequest): Promise<MadeRequest> {
    const { writer, stateFolder } = this.#context;
    const folder = path.join(stateFolder, 'requests');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = path.join(folder, `${request.nonce.slice(0, 12)}.approval-request`);
    await writeFile(file, requestBytes(request), { mode: 0o600 });
    await writer.append({
      type: 'approval',
      request: request.nonce,
      decision: 'requested',
      run: one.run,
      by: request.requester,
      covers: [...request.calls],
      reason: request.reason,
      extra: { request: toLine(request) },
    });
    await writer.checkpoint('approval requested');
    this.#asked = true;
    return { file, line: toLine(request), expiresAt: request.expiresAt };
  }

  async #accept(
    one: ApprovalCase,
    signed: readonly SignedApproval[],
  ): Promise<{ ok: true; approved: Approved } | { ok: false; why: string }> {
    const { writer, folder, signersFile, env } = this.#context;
    const byRequest = new Map<string, { request: ApprovalRequest; signatures: string[] }>();
    for (const { request, signature } of signed) {
      const key = requestBytes(request).toString('utf8');
      const group = byRequest.get(key) ?? { request, signatures: [] };
      group.signatures.push(signature);
      byRequest.set(key, group);
    }
    const operator = await operatorIdentity(folder, env);
    let why = 'it holds no signed answer to a request';
    for (const { request, signatures } of byRequest.values()) {
      const result = await useApproval(request, signatures, {
        calls: shownCalls(one.question).map((call) => writer.redactor.text(call).value),
        realCommitment: this.#commitment(one),
        target: one.target ?? noCluster(),
        runbookSha256: one.runbook.sha256,
        incident: writer.incident,
        operator: operator.principals,
        operatorKeys: operator.keys,
        allowedSignersFile: signersFile,
        usedFolder: this.#usedFolder,
        nowMs: systemClock.now(),
      });
      await writer.append({
        type: 'approval',
        request: request.nonce,
        decision: result.ok ? 'approved' : result.code === 'expired' ? 'expired' : 'refused',
        run: one.run,
        ...(result.ok ? { by: result.approvers.join(', '), covers: [...request.calls] } : {}),
        reason: result.ok ? request.reason : result.why,
        signature: signatures,
        extra: { request: toLine(request), ...(result.ok ? timeBox(request) : { code: result.code }) },
      });
      if (result.ok) {
        await writer.checkpoint('approval');
        this.#asked = false;
        return {
          ok: true,
          approved: { approvers: result.approvers, revertWithinMs: request.revertWithinMs },
        };
      }
      why = result.why;
    }
    return { ok: false, why };
  }

  #commitment(one: ApprovalCase): string {
    return `hmac-sha256:${this.#context.writer.redactor.commit(Buffer.from(canonicalize(one.real)!, 'utf8'))}`;
  }
}

/** A question's calls as the approver reads them: with their place, which is part of what they do. */
const shownCalls = ({ calls }: Pick<Question, 'calls'>): string[] => calls.map(placedText);

const timeBox = ({ revertWithinMs }: { readonly revertWithinMs?: number | undefined }): object =>
  revertWithinMs === undefined ? {} : { revertWithinMs };

function noCluster(): ApprovalSubject['target'] {
  return { name: 'no cluster', server: `machine ${os.hostname()}` };
}
