// Every way to get past the second person, tried with the real ssh-keygen.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type ApprovalSubject,
  makeApprovalRequest,
  parseApprovalRequest,
  requestBytes,
  toLine,
} from '../../src/guard/approvalRequest.ts';
import { breakGlass, revertDue } from '../../src/guard/breakGlass.ts';
import { parseSigned, signedLine } from '../../src/guard/signedApproval.ts';
import { signWithSsh } from '../../src/guard/sshSignature.ts';
import { type ApprovalUse, useApproval } from '../../src/guard/verifyApproval.ts';

const nowMs = Date.parse('2026-01-02T03:04:05Z');
const subject: ApprovalSubject = {
  incident: 'i-1',
  requester: 'alice',
  calls: ['kubectl delete pod web-0'],
  realCommitment: 'hmac:1',
  target: { name: 'prod', server: 'https://prod:6443', ca: 'sha256:1', namespace: 'shop' },
  runbook: { path: 'a.runbook.md', sha256: 'f'.repeat(64) },
  reason: 'the pod hangs',
};

describe('approval by a second person', () => {
  let folder: string;
  let signers: string;
  const key = (name: string) => path.join(folder, name);
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'approval-'));
    for (const name of ['alice', 'alice2', 'bob', 'bob2', 'carol', 'mallory']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key(name)]);
    }
    const line = (principals: string, name: string) =>
      `${principals} ${readFileSync(`${key(name)}.pub`, 'utf8').trim()}\n`;
    signers = path.join(folder, 'allowed_signers');
    writeFileSync(
      signers,
      line('alice@x', 'alice') +
        line('alice@x', 'alice2') +
        line('bob@x,bob-admin@x', 'bob') +
        line('bob@x', 'bob2') +
        line('carol@x', 'carol') +
        line('release-manager@x', 'bob'),
    );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  let count = 0;
  const use = (more: Partial<ApprovalUse> = {}): ApprovalUse => ({
    calls: subject.calls,
    realCommitment: subject.realCommitment,
    target: subject.target,
    runbookSha256: subject.runbook.sha256,
    incident: subject.incident,
    operator: ['alice@x'],
    allowedSignersFile: signers,
    usedFolder: path.join(folder, `used-${count++}`),
    nowMs,
    ...more,
  });
  const request = (more: Partial<ApprovalSubject> = {}) =>
    makeApprovalRequest({ ...subject, ...more }, { nowMs });
  const outcome = async (...args: Parameters<typeof useApproval>) => {
    const result = await useApproval(...args);
    return result.ok ? result.approvers : result.code;
  };

  it('goes through a file or a line, signed by another', async () => {
    const asked = request();
    assert.deepEqual(parseApprovalRequest(toLine(asked)), asked);
    const read = parseApprovalRequest(requestBytes(asked).toString());
    const signature = await signWithSsh(requestBytes(read), key('carol'));
    assert.deepEqual(await outcome(read, [signature], use()), ['carol@x']);
  });

  it('is used up by its use', async () => {
    const asked = request();
    const signature = await signWithSsh(requestBytes(asked), key('bob2'));
    const once = use();
    const both = await Promise.all([outcome(asked, [signature], once), outcome(asked, [signature], once)]);
    assert.deepEqual(both.map(String).sort(), ['bob@x', 'used']);
  });

  it('is not given by the operator, with whichever key', async () => {
    const asked = request();
    for (const name of ['alice', 'alice2']) {
      const signature = await signWithSsh(requestBytes(asked), key(name));
      assert.equal(await outcome(asked, [signature], use()), 'self-approval');
      assert.equal(await outcome(asked, [signature], use({ operator: ['ALICE@x'] })), 'self-approval');
    }
    const role = await signWithSsh(requestBytes(asked), key('bob'));
    assert.equal(await outcome(asked, [role], use({ operator: ['release-manager@x'] })), 'self-approval');
  });

  it('is not given by a key that the operator holds, under whichever name it is listed', async () => {
    const asked = request();
    const own = readFileSync(`${key('carol')}.pub`, 'utf8').split(' ')[1]!;
    const signature = await signWithSsh(requestBytes(asked), key('carol'));
    const more = { operator: ['nobody@x'], operatorKeys: [own] };
    assert.equal(await outcome(asked, [signature], use(more)), 'self-approval');
    // Another key of the same person, too.
    const bob = await signWithSsh(requestBytes(asked), key('bob2'));
    const other = readFileSync(`${key('bob')}.pub`, 'utf8').split(' ')[1]!;
    assert.equal(await outcome(asked, [bob], use({ operatorKeys: [other] })), 'self-approval');
  });

  it('goes as one line through a chat, and as a bare signature', async () => {
    const asked = request();
    const signature = await signWithSsh(requestBytes(asked), key('carol'));
    const line = signedLine({ request: asked, signature });
    assert.deepEqual(parseSigned(`bob: here you are ${line} ok?`), [{ request: asked, signature }]);
    assert.deepEqual(parseSigned(`\n${signature}`, asked), [{ request: asked, signature }]);
    assert.deepEqual(parseSigned(signature), []);
    for (const text of ['', 'runbook-approved:1:e30', `${line.slice(0, 60)}`, 'runbook-approved:1:!!!']) {
      assert.deepEqual(parseSigned(text, asked), []);
    }
  });

  it('counts one person once, whatever their keys and roles', async () => {
    const asked = request();
    const bob = await Promise.all(['bob', 'bob2'].map((name) => signWithSsh(requestBytes(asked), key(name))));
    assert.equal(await outcome(asked, [...bob, bob[0]!], use({ required: 2 })), 'not-enough-people');
    const carol = await signWithSsh(requestBytes(asked), key('carol'));
    assert.equal((await outcome(asked, [...bob, carol], use({ required: 2 }))).length, 2);
  });

  it('fails for strangers, other purposes, nonsense, and without signers', async () => {
    const asked = request();
    const stranger = await signWithSsh(requestBytes(asked), key('mallory'));
    assert.equal(await outcome(asked, [stranger], use()), 'not-enough-people');
    const forGit = execFileSync('ssh-keygen', ['-Y', 'sign', '-q', '-n', 'git', '-f', key('carol')], {
      input: requestBytes(asked),
      stdio: ['pipe', 'pipe', 'ignore'],
    }).toString();
    assert.equal(await outcome(asked, [forGit], use()), 'not-enough-people');
    for (const signature of ['', 'nonsense', stranger.slice(0, 80)]) {
      assert.equal(await outcome(asked, [signature], use()), 'not-enough-people');
    }
    assert.equal(await outcome(asked, [], use()), 'not-enough-people');
    const carol = await signWithSsh(requestBytes(asked), key('carol'));
    assert.equal(await outcome(asked, [carol], use({ allowedSignersFile: undefined })), 'no-signers');
    assert.equal(await outcome(asked, [carol], use({ allowedSignersFile: '/nowhere' })), 'no-signers');
  });

  it('fails when anything of it was altered, or anything else is about to run', async () => {
    const asked = request();
    const carol = await signWithSsh(requestBytes(asked), key('carol'));
    for (const altered of [
      { ...asked, reason: 'another' },
      { ...asked, expiresAt: '2027-01-01T00:00:00.000Z' },
      { ...asked, nonce: '0'.repeat(32) },
      { ...asked, revertWithinMs: 1 },
    ]) {
      assert.equal(await outcome(altered, [carol], use()), 'not-enough-people');
    }
    assert.equal(await outcome(asked, [carol], use({ calls: ['kubectl delete ns shop'] })), 'other-calls');
    assert.equal(await outcome(asked, [carol], use({ realCommitment: 'hmac:2' })), 'other-calls');
    assert.equal(
      await outcome(asked, [carol], use({ target: { ...subject.target, server: 'https://x' } })),
      'other-target',
    );
    assert.equal(
      await outcome(asked, [carol], use({ target: { ...subject.target, namespace: 'other' } })),
      'other-target',
    );
    assert.equal(await outcome(asked, [carol], use({ runbookSha256: '0'.repeat(64) })), 'other-runbook');
    assert.equal(await outcome(asked, [carol], use({ incident: 'i-2' })), 'other-incident');
    assert.throws(
      () => parseApprovalRequest(requestBytes(asked).toString().replace('web-0', 'web-1')),
      /digest/,
    );
    assert.throws(() => parseApprovalRequest(JSON.stringify(asked, null, 1)), /one written form/);
    assert.throws(() => parseApprovalRequest('{}'), /fields/);
  });

  it('fails before its time, after it, and where its use can not be recorded', async () => {
    const asked = request();
    const carol = await signWithSsh(requestBytes(asked), key('carol'));
    assert.equal(await outcome(asked, [carol], use({ nowMs: nowMs + 30 * 60_000 })), 'expired');
    assert.equal(await outcome(asked, [carol], use({ nowMs: nowMs - 3_600_000 })), 'not-yet-valid');
    assert.equal(await outcome(asked, [carol], use({ usedFolder: '/dev/null/x' })), 'used');
  });

  it('breaks the glass only with name and reason, and knows when a change is overdue', () => {
    const asked = {
      operator: 'alice',
      target: 'prod',
      typed: 'prod',
      reason: 'all pagers are down',
      calls: ['x'],
      nowMs,
    };
    const done = breakGlass(asked);
    assert.ok(done.ok && done.record.operator === asked.operator);
    assert.equal(breakGlass({ ...asked, typed: 'Prod' }).ok, false);
    assert.equal(breakGlass({ ...asked, reason: ' x ' }).ok, false);
    assert.deepEqual(revertDue(nowMs, 3_600_000, nowMs + 3_600_000), {
      dueAt: '2026-01-02T04:04:05.000Z',
      overdue: true,
      remainingMs: 0,
    });
    assert.equal(revertDue(nowMs, 3_600_000, nowMs).overdue, false);
  });
});
