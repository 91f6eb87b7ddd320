// The second person through the whole way, with the real ssh-keygen: every way to get past them ends in a no, and
// what ran is never more than what was signed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeApprovalRequest, parseApprovalRequest, requestBytes } from '../../src/guard/approvalRequest.ts';
import { signedLine } from '../../src/guard/signedApproval.ts';
import { signWithSsh } from '../../src/guard/sshSignature.ts';
import type { MadeRequest, Question } from '../../src/incident/question.ts';
import { bash, type SessionBench, withNotebook } from './sessionBench.ts';

const text = bash(
  '# Empty the cache, REQUIRES APPROVAL, must be reverted within 1 hour\nrm -f cache/a\necho emptied',
);
const demand =
  'consent: { approval: { notProduction: two-person }, destroy: { notProduction: two-person } }\n';

describe('the second person, wired', function () {
  this.timeout(60_000);
  let folder: string;
  const home = process.env.HOME;
  const state = process.env.XDG_STATE_HOME;
  const key = (name: string) => path.join(folder, name);
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'second-person-'));
    for (const name of ['operator', 'bob', 'mallory']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key(name)]);
    }
    const line = (principal: string, name: string) =>
      `${principal} ${readFileSync(`${key(name)}.pub`, 'utf8').trim()}\n`;
    writeFileSync(key('allowed'), line('somebody@else', 'operator') + line('bob@x', 'bob'));
    // The operator's own key lies where keys do, and is listed under another name.
    mkdirSync(path.join(folder, '.ssh'));
    writeFileSync(path.join(folder, '.ssh/id_ed25519.pub'), readFileSync(`${key('operator')}.pub`));
    process.env.HOME = folder;
    process.env.XDG_STATE_HOME = path.join(folder, 'state');
  });
  after(() => {
    process.env.HOME = home;
    if (state === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = state;
    rmSync(folder, { recursive: true, force: true });
  });

  const withSigners = (body: (bench: SessionBench) => Promise<void>, more: object = {}) =>
    withNotebook(body, { policy: `${demand}allowedSigners: ${key('allowed')}\n`, ...more });
  const sign = async ({ line }: Pick<MadeRequest, 'line'>, name: string) => {
    const request = parseApprovalRequest(line);
    return signedLine({ request, signature: await signWithSsh(requestBytes(request), key(name)) });
  };
  const approvals = async (bench: SessionBench) =>
    (await bench.events()).flatMap((event) => (event.type === 'approval' ? [event] : []));
  /** Answers a two-person question by what `how` makes of its request. */
  const answerWith = (
    bench: SessionBench,
    how: (made: MadeRequest, question: Question) => Promise<string> | string,
  ): string[] => {
    const told: string[] = [];
    bench.person.answer = async (question) => {
      const made = await question.approval!.request('the cache holds bad answers');
      const result = await question.approval!.accept(await how(made, question));
      told.push(result.ok ? 'ok' : result.why);
      return result.ok ? { yes: true } : { yes: false, reason: 'not approved' };
    };
    return told;
  };

  /** One question that is answered by each of them in turn: none is taken, and nothing runs. */
  const refusesEach = async (
    bench: SessionBench,
    cases: readonly [what: string, how: (made: MadeRequest) => Promise<string> | string, why: RegExp][],
  ): Promise<void> => {
    let tried = 0;
    bench.person.answer = async ({ approval }) => {
      const made = await approval!.request('the cache holds bad answers');
      for (const [what, how, why] of cases) {
        const result = await approval!.accept(await how(made));
        assert.ok(!result.ok && why.test(result.why), `${what}: ${JSON.stringify(result)}`);
        tried++;
      }
      return { yes: false, reason: 'none of them' };
    };
    const outcome = await bench.run(text);
    assert.equal(tried, cases.length);
    assert.equal(outcome.status, 'refused');
    assert.equal(outcome.stdout, '');
  };

  it('approves what they signed, once; and it is sealed, with the time box that the document asks for', async () => {
    await withSigners(async (bench) => {
      let line = '';
      answerWith(bench, async (made) => {
        assert.equal(
          requestBytes(parseApprovalRequest(made.line)).toString(),
          readFileSync(made.file, 'utf8'),
        );
        line = await sign(made, 'bob');
        return `bob: ok ${line}`;
      });
      assert.equal((await bench.run(text)).stdout, 'emptied\n');
      assert.deepEqual((await approvals(bench)).map(({ decision, by }) => [decision, by]).slice(1), [
        ['approved', 'bob@x'],
      ]);
      const [, approved] = await approvals(bench);
      assert.equal((approved!.extra as { revertWithinMs: number }).revertWithinMs, 3_600_000);
      const events = await bench.events();
      const at = events.findIndex((event) => event.type === 'approval' && event.decision === 'approved');
      assert.equal(events[at + 1]?.type, 'checkpoint');
      const told = answerWith(bench, () => line);
      assert.equal((await bench.run(text)).status, 'refused');
      assert.match(told[0]!, /used before/);
    });
  });

  it('is nobody else: not the operator under another name, not a stranger, not nothing', async () => {
    await withSigners(async (bench) => {
      const cases: [string, (made: MadeRequest) => Promise<string> | string, RegExp][] = [
        ['own key', (made) => sign(made, 'operator'), /can’t approve it/],
        ['stranger', (made) => sign(made, 'mallory'), /0 of 1/],
        ['nothing', () => '', /no signed answer/],
        ['the request itself', (made) => made.line, /no signed answer/],
        [
          'own key twice',
          async (made) => `${await sign(made, 'operator')} ${await sign(made, 'operator')}`,
          /approve/,
        ],
      ];
      await refusesEach(bench, cases);
      assert.ok(!(await approvals(bench)).some(({ decision }) => decision === 'approved'));
    });
  });

  it('is for this request: altered, expired, of another incident, runbook or call it is none', async () => {
    await withSigners(async (bench) => {
      const altered =
        (change: (request: ReturnType<typeof parseApprovalRequest>) => object) =>
        async (made: MadeRequest) => {
          const request = { ...parseApprovalRequest(made.line) };
          const other = { ...request, ...change(request) };
          return signedLine({
            request: other,
            signature: await signWithSsh(requestBytes(other), key('bob')),
          });
        };
      const resigned = async (made: MadeRequest) => {
        const {
          nonce: _,
          createdAt: _c,
          expiresAt: _e,
          shownDigest: _d,
          type: _t,
          version: _v,
          ...subject
        } = parseApprovalRequest(made.line);
        const old = makeApprovalRequest(subject, { nowMs: Date.now() - 7_200_000 });
        return signedLine({ request: old, signature: await signWithSsh(requestBytes(old), key('bob')) });
      };
      const cases: [string, (made: MadeRequest) => Promise<string>, RegExp][] = [
        ['expired', resigned, /good until/],
        ['other incident', altered(() => ({ incident: 'another' })), /for the incident another/],
        [
          'other runbook',
          altered((r) => ({ runbook: { ...r.runbook, sha256: 'f'.repeat(64) } })),
          /runbook has changed/,
        ],
        ['other target', altered((r) => ({ target: { ...r.target, server: 'https://x' } })), /approved for/],
        ['other arguments', altered(() => ({ realCommitment: 'hmac-sha256:0' })), /other commands/],
        [
          'signed, then altered',
          async (made) => {
            const request = parseApprovalRequest(made.line);
            const signature = await signWithSsh(requestBytes(request), key('bob'));
            return signedLine({ request: { ...request, reason: 'another' }, signature });
          },
          /0 of 1/,
        ],
      ];
      await refusesEach(bench, cases);
      // What was signed for one cell says nothing for another.
      let line = '';
      answerWith(bench, async (made) => {
        line = await sign(made, 'bob');
        return '';
      });
      await bench.run(text);
      const told = answerWith(bench, () => line);
      assert.equal((await bench.run(bash('rm -rf everything'))).status, 'refused');
      assert.match(told[0]!, /other commands/);
    });
  });

  it('counts for the proof and for nothing that a host says', async () => {
    await withSigners(async (bench) => {
      bench.person.answer = () => ({ yes: true, typed: 'rm', reason: 'trust me' });
      const outcome = await bench.run(text);
      assert.equal(outcome.status, 'refused');
      assert.match(outcome.message, /no second person/);
    });
  });

  it('can be gone around by breaking the glass: with name and reason, loud, and to be countersigned', async () => {
    await withSigners(async (bench) => {
      const answers = [
        { yes: true, breakGlass: true, typed: 'wrong', reason: 'all pagers are down' },
        { yes: true, breakGlass: true, typed: 'rm', reason: 'x' },
        { yes: true, breakGlass: true, typed: 'rm', reason: 'all pagers are down' },
      ] as const;
      const problems: (string | undefined)[] = [];
      bench.person.answer = (question) => {
        problems.push(question.problem);
        return answers[problems.length - 1]!;
      };
      assert.equal((await bench.run(text)).status, 'done');
      assert.match(String(problems[1]), /exactly/);
      assert.match(String(problems[2]), /few words/);
      const [broken] = await approvals(bench);
      assert.equal(broken!.decision, 'break-glass');
      assert.equal(broken!.reason, 'all pagers are down');
    });
  });

  it('is asked through files where nobody sits at the terminal', async () => {
    const runbook = path.join(folder, 'cache.runbook.md');
    writeFileSync(runbook, text);
    const policy = key('policy.yaml');
    writeFileSync(policy, `${demand}allowedSigners: allowed\n`);
    const cli = (...args: string[]) => {
      const env = { ...process.env, KUBECONFIG: '/nowhere', RUNBOOK_EVIDENCE: path.join(folder, 'evidence') };
      const entry = path.resolve(import.meta.dirname, '../../src/cli/runbook.ts');
      try {
        const stdout = execFileSync(process.execPath, ['--import', 'tsx', entry, ...args], {
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
          encoding: 'utf8',
        });
        return { code: 0, stdout, stderr: '' };
      } catch (error) {
        const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
        return { code: status, stdout, stderr };
      }
    };
    const first = cli('run', runbook, '--policy', policy);
    assert.equal(first.code, 3, first.stderr);
    const file = /have (\S+) signed/.exec(first.stderr)?.[1];
    const incident = /incident (\S+)/.exec(first.stderr)?.[1];
    assert.ok(file && incident, first.stderr);
    const answer = path.join(folder, 'answer');
    const approved = cli('approve', file, '--key', key('bob'), '--out', answer);
    assert.equal(approved.code, 0, approved.stderr);
    assert.match(approved.stdout, /^runbook-approved:1:\S+\n$/);
    const again = cli('run', runbook, '--policy', policy, '--incident', incident, '--approval', answer);
    assert.equal(again.code, 0, again.stderr);
    assert.equal(again.stdout, 'emptied\n');
  });
});
