// What the operator sees of the cluster around a cell that changes it: what was kept before, how far the rollout is,
// and as whom it acts.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Question, type Questioner, sayNo } from '../../src/incident/question.ts';
import { type PracticeCluster, startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';
import { runKubectl } from '../practice/kubectl.ts';
import { type OpenSession, openSession } from './openSession.ts';

const text = `# Cells

\`\`\`bash
kubectl delete pod -l app=auth-service -n rust-security
\`\`\`

\`\`\`bash
kubectl set image deployment/auth-service -n rust-security auth-service=rust-security/auth-service:nope
sleep 2
\`\`\`

\`\`\`bash
kubectl rollout undo deployment/auth-service -n rust-security
kubectl rollout status deployment/auth-service -n rust-security --timeout=60s
\`\`\`

\`\`\`bash
echo nothing of the cluster
\`\`\`
`;

describe('a cell and its cluster', function () {
  this.timeout(120_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'cluster-cell-'));
  const questions: Question[] = [];
  const answers: (question: Question) => Promise<void> = async () => {};
  const questioner: Questioner = {
    ...sayNo,
    async ask(question) {
      questions.push(question);
      await answers(question);
      return { yes: true };
    },
  };
  let cluster: PracticeCluster;
  let open: OpenSession;

  before(async () => {
    cluster = await startPracticeCluster({
      runtimeDirectory: directory,
      pace: { podReadyMs: 400, podEndMs: 100, firstBackOffMs: 300 },
    });
    open = await openSession(text, { questioner, env: { KUBECONFIG: cluster.kubeconfigPath } });
  });
  after(async () => {
    await open.close();
    await cluster.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  const events = (): Record<string, unknown>[] => {
    const writers = path.join(open.incident.folder, 'writers');
    return readdirSync(writers).flatMap((writer) =>
      readFileSync(path.join(writers, writer, 'log.jsonl'), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    );
  };

  it('does not ask the cluster who we are for a cell that stays here', async () => {
    await open.run('echo nothing');
    assert.equal(open.session.target?.user, undefined);
  });

  it('says beside the question what is kept before it', async () => {
    const { outcome, notices } = await open.run('delete pod');
    assert.equal(outcome.status, 'done');
    const why = questions.at(-1)!.why.join('\n');
    assert.match(why, /are being kept while you read|Kept as evidence before the change: \d+ files/);
    assert.deepEqual(
      notices.filter((one) => one.startsWith('Not captured')),
      [],
    );
    assert.ok(events().some(({ type, about }) => type === 'capture' && /^logs\//.test(String(about))));
  });

  it('records as whom it acts', () => {
    const intent = events().findLast(({ type }) => type === 'cell.intent');
    assert.equal((intent!.target as { user: string }).user, open.session.target!.user);
    assert.match(open.session.target!.user!, /\w/);
  });

  it('follows the rollout that it began, and says what is not there yet and why', async () => {
    const { outcome, notices, progress } = await open.run('set image');
    assert.equal(outcome.status, 'done');
    assert.ok(
      progress.some((one) => /auth-service: \d of 3 updated, \d ready …/.test(one ?? '')),
      progress.join(),
    );
    assert.equal(progress.at(-1), undefined);
    const said = notices.join('\n');
    assert.match(said, /Still rolling out: deployment\/auth-service: .*of 3 ready/);
    assert.match(said, /pod\/auth-service-.*: Failed: .*nope/);
  });

  it('says nothing more once all pods are ready', async () => {
    const { outcome, notices, progress } = await open.run('rollout undo');
    assert.equal(outcome.status, 'done');
    assert.ok(
      progress.some((one) => /auth-service: (3 of 3 ready|\d of 3 updated, 3 ready)/.test(one ?? '')),
      progress.join(),
    );
    assert.deepEqual(notices, []);
  });

  it('says what could not be kept: beside the question, or before the change', async () => {
    // Somebody who may end pods, and not read what they wrote.
    const kubectl = async (line: string): Promise<string> => {
      const { code, stdout, stderr } = await runKubectl(line.split(' '), {
        kubeconfig: cluster.kubeconfigPath,
      });
      assert.equal(code, 0, stderr);
      return stdout.trim();
    };
    const at = '-n rust-security';
    await kubectl(`create serviceaccount helper ${at}`);
    await kubectl(`create role helper --verb=get,list,delete --resource=pods ${at}`);
    await kubectl(`create rolebinding helper --role=helper --serviceaccount=rust-security:helper ${at}`);
    const token = await kubectl(`create token helper ${at}`);
    const limited = path.join(directory, 'limited.kubeconfig');
    const whole = readFileSync(cluster.kubeconfigPath, 'utf8');
    writeFileSync(limited, whole.replace(/token: \S+/, `token: ${token}`), { mode: 0o600 });
    const asHelper = await openSession(text, { questioner, env: { KUBECONFIG: limited } });
    try {
      const { outcome, notices } = await asHelper.run('delete pod');
      assert.equal(outcome.status, 'done');
      const said = [...questions.at(-1)!.why, ...notices].join('\n');
      assert.match(said, /Not captured before the change: log of pod\/auth-service-\S+ .*: .*may not/);
      assert.match(said, /Not captured before the change: events in rust-security: .*may not/);
      assert.equal(asHelper.session.target!.user, 'system:serviceaccount:rust-security:helper');
    } finally {
      await asHelper.close();
    }
  });
});
