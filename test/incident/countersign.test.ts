// What went ahead with a broken glass is countersigned afterwards by a second person: every way around that fails
// closed, and status, report and pack tell whether it was done.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rcaMd } from '../../src/evidence/pack/markdown.ts';
import { packContent } from '../../src/evidence/pack/packContent.ts';
import { brokenGlasses } from '../../src/evidence/read/brokenGlass.ts';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import { type ApprovalRequest, parseApprovalRequest, requestBytes } from '../../src/guard/approvalRequest.ts';
import { parseSigned, signedLine } from '../../src/guard/signedApproval.ts';
import { type Purpose, signWithSsh } from '../../src/guard/sshSignature.ts';
import { handoverState, openLines } from '../../src/incident/handoverState.ts';
import { bash, type SessionBench, withNotebook } from './sessionBench.ts';

const cell = bash('# Empty the cache, REQUIRES APPROVAL\nrm -f cache/a\necho emptied');
const demand =
  'consent: { approval: { notProduction: two-person }, destroy: { notProduction: two-person } }\n';
const entry = path.resolve(import.meta.dirname, '../../src/cli/runbook.ts');

describe('a broken glass, countersigned', function () {
  this.timeout(120_000);
  let folder: string;
  const home = process.env.HOME;
  const state = process.env.XDG_STATE_HOME;
  const file = (name: string): string => path.join(folder, name);
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'countersign-'));
    const line = (principal: string, name: string): string => {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file(name)]);
      return `${principal} ${readFileSync(`${file(name)}.pub`, 'utf8').trim()}\n`;
    };
    // The operator is listed under a name that nothing else of theirs tells.
    writeFileSync(
      file('allowed'),
      line('somebody@else', 'operator') + line('bob@x', 'bob') + line('eve@x', 'eve'),
    );
    line('', 'mallory');
    writeFileSync(file('policy.yaml'), `${demand}allowedSigners: allowed\n`);
    mkdirSync(file('.ssh'));
    writeFileSync(file('.ssh/id_ed25519.pub'), readFileSync(`${file('operator')}.pub`));
    process.env.HOME = folder;
    process.env.XDG_STATE_HOME = file('state');
  });
  after(() => {
    process.env.HOME = home;
    if (state === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = state;
    rmSync(folder, { recursive: true, force: true });
  });

  const cli = (...args: string[]): { code: number; stdout: string; stderr: string } => {
    try {
      const env = { ...process.env, KUBECONFIG: '/nowhere' };
      const stdio = ['ignore', 'pipe', 'pipe'] as const;
      const options = { env, stdio: [...stdio], encoding: 'utf8' as const };
      return {
        code: 0,
        stdout: execFileSync(process.execPath, ['--import', 'tsx', entry, ...args], options),
        stderr: '',
      };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { code: status, stdout, stderr };
    }
  };
  const answerOf = async (request: ApprovalRequest, name: string, purpose: Purpose = 'countersign') =>
    signedLine(
      { request, signature: await signWithSsh(requestBytes(request), file(name), purpose) },
      'countersign',
    );
  const breakGlass = async (bench: SessionBench): Promise<ApprovalRequest> => {
    bench.person.answer = () => ({ yes: true, breakGlass: true, typed: 'rm', reason: 'all pagers are down' });
    const outcome = await bench.run(cell);
    assert.equal(outcome.status, 'done', outcome.message);
    assert.match(outcome.notices.join('\n'), /runbook incident countersign \S+/);
    const [glass] = brokenGlasses(await readIncident(bench.incident.folder));
    return parseApprovalRequest(glass!.line!);
  };
  const seen = async (bench: SessionBench) => {
    const incident = await readIncident(bench.incident.folder);
    return { glasses: brokenGlasses(incident), open: openLines(handoverState(incident)) };
  };
  const withGlass = (body: (bench: SessionBench) => Promise<void>) =>
    withNotebook(body, { policy: `${demand}allowedSigners: ${file('allowed')}\n` });

  it('takes what a second person signed, by command, and says so from then on', async () => {
    await withGlass(async (bench) => {
      const request = await breakGlass(bench);
      const { id } = bench.incident;
      const root = path.dirname(bench.incident.folder);
      const at = ['--evidence', root, '--policy', file('policy.yaml')];
      const before = cli('incident', 'countersign', id, ...at);
      assert.match(before.stdout, /all pagers are down {2}\(NOT COUNTERSIGNED\)/);
      const line = /approve --countersign (runbook-approval:1:\S+)/.exec(before.stdout)?.[1];
      assert.ok(line, before.stdout);
      assert.ok((await seen(bench)).open.some((one) => /to be countersigned/.test(one)));

      const signed = cli('approve', line, '--countersign', '--key', file('bob'), '--out', file('answer'));
      assert.match(signed.stdout, /^runbook-countersigned:1:\S+\n$/);
      const recorded = cli('incident', 'countersign', id, file('answer'), ...at);
      assert.equal(recorded.code, 0, recorded.stderr);
      assert.match(recorded.stdout, /Countersigned by bob@x/);

      const { glasses, open } = await seen(bench);
      assert.deepEqual(
        glasses.map(({ countersigned }) => countersigned.map(({ by }) => by)),
        [['bob@x']],
      );
      assert.equal(open.filter((one) => /countersigned/.test(one)).length, 0);
      const report = rcaMd(
        await packContent(await readIncident(bench.incident.folder), async () => undefined),
      );
      assert.match(report, /break-glass, all pagers are down, countersigned by bob@x/);
      assert.match(cli('verify', bench.incident.folder, '--json').stdout, /"ok": ?true/);
      // What was signed for it afterwards lets nothing run.
      const approved = signedLine({
        request,
        signature: await signWithSsh(requestBytes(request), file('bob')),
      });
      bench.person.answer = async ({ approval }) => {
        const result = await approval!.accept(approved);
        assert.ok(!result.ok && /used/.test(result.why), JSON.stringify(result));
        return { yes: false, reason: 'not approved' };
      };
      assert.equal((await bench.run(cell)).status, 'refused');
    });
  });

  it('takes it after the close too, as a sealed addendum that verifies, is packed and is told of', async () => {
    await withGlass(async (bench) => {
      const request = await breakGlass(bench);
      const { id, folder: at } = bench.incident;
      const root = ['--evidence', path.dirname(at)];
      const policy = [...root, '--policy', file('policy.yaml')];
      const closed = cli('incident', 'close', id, '--summary', 'over', ...root);
      assert.equal(closed.code, 0, closed.stderr);
      const open = cli('incident', 'countersign', id, ...policy);
      assert.match(open.stdout, /NOT COUNTERSIGNED[\s\S]*approve --countersign runbook-approval:1:/);

      const own = cli('incident', 'countersign', id, await answerOf(request, 'operator'), ...policy);
      assert.equal(own.code, 3);
      assert.match(own.stderr, /who broke the glass can’t countersign it/);
      const recorded = cli('incident', 'countersign', id, await answerOf(request, 'bob'), ...policy);
      assert.equal(recorded.code, 0, recorded.stderr);
      const again = cli('incident', 'countersign', id, await answerOf(request, 'bob'), ...policy);
      assert.match(again.stderr, /bob@x has countersigned it before/);

      const incident = await readIncident(at);
      const { writer } = incident.events.find(
        ({ event }) => event.type === 'approval' && event.decision === 'countersigned',
      )!;
      const first = incident.events.find((one) => one.writer === writer)!.event;
      assert.equal(first.type === 'incident.joined' && first.reason, 'addendum');
      assert.match(cli('verify', at).stdout, /verified: incident/);
      const packed = cli('pack', id, '--out', file('after.zip'), ...root);
      assert.equal(packed.code, 0, packed.stderr);
      assert.match(cli('verify', file('after.zip'), '--json').stdout, /"ok": ?true/);
      assert.match(cli('report', file('after.zip')).stdout, /class="good">countersigned by bob@x/);
    });
  });

  it('takes nothing else: not the operator under another name, a stranger, another request, another purpose', async () => {
    await withGlass(async (bench) => {
      const request = await breakGlass(bench);
      const { countersign } = await import('../../src/incident/countersign.ts');
      const { evidenceOptions } = await import('../../src/incident/incident.ts');
      const place = { env: process.env, tool: { name: 'test', version: '0' } };
      const options = await evidenceOptions(place, folder);
      const take = (answer: string, signers: string | undefined = file('allowed')) =>
        countersign(bench.incident.folder, answer, signers, options);
      const other = { ...request, incident: 'another' };
      const altered = { ...request, reason: 'nothing to see' };
      const unknown = { ...request, nonce: '0'.repeat(32) };
      const [bob] = parseSigned(await answerOf(request, 'bob'), undefined, 'countersign');
      const attacks: Record<string, [answer: string, why: RegExp, signers?: string]> = {
        'their own key, listed under another name': [
          await answerOf(request, 'operator'),
          /can’t countersign/,
        ],
        'a stranger’s key': [await answerOf(request, 'mallory'), /not that of an allowed signer/],
        'an approval of the same request': [
          await answerOf(request, 'bob', 'approval'),
          /not that of an allowed/,
        ],
        'an approval’s line': [
          signedLine({ request, signature: await signWithSsh(requestBytes(request), file('bob')) }),
          /no countersignature/,
        ],
        'a request that was altered': [await answerOf(altered, 'bob'), /not what the log says/],
        'signed, and altered after that': [
          signedLine({ request, signature: await parse(answerOf(altered, 'bob')) }, 'countersign'),
          /not that of an allowed/,
        ],
        'another incident': [await answerOf(other, 'bob'), /of the incident another/],
        'a request that nobody made': [await answerOf(unknown, 'bob'), /nothing in .* went ahead/],
        'no answer': ['', /no countersignature/],
        'without signers': [await answerOf(request, 'bob'), /no allowed signers/, '/nowhere'],
      };
      for (const [what, [answer, why, signers]] of Object.entries(attacks)) {
        const result = await take(answer, signers);
        assert.ok(!result.ok && why.test(result.why), `${what}: ${JSON.stringify(result)}`);
      }
      assert.deepEqual((await seen(bench)).glasses[0]!.countersigned, []);
      // A log that says so without naming the very request, or by the operator, counts for nothing either.
      const glass = (await seen(bench)).glasses[0]!;
      for (const [by, line] of [
        [glass.by, glass.line!],
        ['bob@x', 'another'],
        ['bob@x', undefined],
      ] as const) {
        await bench.incident.writer.append({
          type: 'approval',
          request: request.nonce,
          decision: 'countersigned',
          by,
          signature: [bob!.signature],
          ...(line ? { extra: { request: line } } : {}),
        });
      }
      assert.deepEqual((await seen(bench)).glasses[0]!.countersigned, []);
      const eve = await answerOf(request, 'eve');
      assert.deepEqual(await take(eve), { ok: true, by: 'eve@x' });
      const again = await take(eve);
      assert.ok(!again.ok && /before/.test(again.why));
    });
  });
});

const parse = async (answer: Promise<string>): Promise<string> =>
  parseSigned(await answer, undefined, 'countersign')[0]!.signature;
