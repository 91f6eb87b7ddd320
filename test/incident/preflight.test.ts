// A preflight against a real API and real programs: what is there, what is not, and which options can't work.

import assert from 'node:assert/strict';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { preflight } from '../../src/incident/preflight/preflight.ts';
import type { Check, PreflightReport } from '../../src/incident/preflight/preflightReport.ts';
import { loadRunbook } from '../../src/incident/runbook.ts';
import { openShop, type Shop } from '../cluster/practiceShop.ts';

const runbookText = `---
alert: ShopDown
---

# ShopDown

## Look

\`\`\`bash
kubectl get pods -l app=web
kubectl get events --since=1h
date -d yesterday +%F
frobnicate --all
./scripts/there.sh && ./scripts/locked.sh
./scripts/gone.sh
kubectl get widgets
\`\`\`

## Cure

\`\`\`bash
# Option A: a new web
kubectl rollout restart deployment/web
kubectl logs web-xxx

# Option B: from files
kubectl apply -f gone.yaml

# Option C: in another place
kubectl --context elsewhere -n nowhere delete pod <pod>

# Option D: what nobody may
kubectl delete node <node>
kubectl scale statefulset/lost --replicas=1
kubectl apply -f role.yaml
\`\`\`
`;

describe('preflight', function () {
  this.timeout(60_000);
  let shop: Shop;
  let env: NodeJS.ProcessEnv;
  before(async () => {
    shop = await openShop();
    const { folder } = shop;
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    await mkdir(path.join(folder, 'scripts'));
    // A date of another make: it has no --version and no -d.
    await writeFile(path.join(bin, 'date'), '#!/bin/sh\necho "date: illegal option" >&2\nexit 1\n');
    await chmod(path.join(bin, 'date'), 0o755);
    const { stdout: kubectl } = await execa('bash', ['-c', 'command -v kubectl']);
    await symlink(kubectl, path.join(bin, 'kubectl'));
    for (const script of ['there.sh', 'locked.sh'])
      await writeFile(path.join(folder, 'scripts', script), '#!/bin/sh\n');
    await chmod(path.join(folder, 'scripts/there.sh'), 0o755);
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'all' },
    };
    await writeFile(path.join(folder, 'role.yaml'), JSON.stringify({ ...role, rules: [] }));
    env = { HOME: folder, PATH: bin, KUBECONFIG: await asOperator(shop) };
  });
  after(() => shop.close());

  const check = async (text: string, more: NodeJS.ProcessEnv = {}): Promise<PreflightReport> =>
    preflight(loadRunbook(Buffer.from(text), path.join(shop.folder, 'shop.runbook.md')), {
      env: { ...env, ...more },
      ruleNames: ['ShopSlow'],
    });
  const find = (report: PreflightReport, what: string): Check => {
    const found = report.checks.find((one) => one.what === what);
    assert.ok(found, `${what} among ${report.checks.map((one) => one.what).join(', ')}`);
    return found;
  };
  const problems = (report: PreflightReport, area: string): string[] =>
    report.checks.flatMap((one) => (one.area === area && one.state === 'problem' ? [one.what] : [])).sort();

  it('finds what is missing, each with its place', async () => {
    const report = await check(runbookText);
    assert.deepEqual(problems(report, 'tools'), ['date -d', 'frobnicate', 'kubectl get --since']);
    assert.match(find(report, 'date -d').mend ?? '', /gdate/);
    assert.equal(runbookText.split('\n')[find(report, 'frobnicate').where[0]!.line], 'frobnicate --all');
    assert.match(find(report, 'kubectl').says, /v?\d+\.\d+/);
    assert.deepEqual(problems(report, 'files'), ['./scripts/gone.sh', './scripts/locked.sh', 'gone.yaml']);
    assert.equal(find(report, './scripts/locked.sh').mend, 'chmod +x ./scripts/locked.sh');
    assert.equal(find(report, './scripts/there.sh').state, 'ok');
    assert.deepEqual(problems(report, 'cluster'), ['context elsewhere', 'namespace nowhere']);
    assert.equal(find(report, 'statefulset/lost').state, 'note');
    assert.deepEqual(problems(report, 'alerts'), ['ShopDown']);
    assert.match(find(report, 'web-xxx').says, /live names that fit: web-\w+-\w+/);
  });

  it('asks the cluster whether each call is allowed, those of files too', async () => {
    const report = await check(runbookText);
    assert.deepEqual(problems(report, 'permissions'), [
      'create clusterroles',
      'delete nodes',
      'delete pods in nowhere',
      'get clusterroles',
      'kind widgets',
      'patch clusterroles',
    ]);
    assert.equal(find(report, 'patch deployments in shop').state, 'ok');
    assert.equal(find(report, 'get pods/log in shop').state, 'ok');
  });

  it("marks the options that can't work here, and only those", async () => {
    const { blocked } = await check(runbookText);
    const options = blocked.flatMap(({ option }) => option ?? []);
    assert.deepEqual(options, [
      'Option B: from files',
      'Option C: in another place',
      'Option D: what nobody may',
    ]);
    assert.match(blocked.find(({ option }) => option === 'Option B: from files')!.why.join(), /gone\.yaml/);
    assert.ok(blocked.some(({ option, why }) => option === null && why.join().includes('frobnicate')));
  });

  it('says once that there is no cluster, or that it does not answer', async () => {
    const without = await check(runbookText, { KUBECONFIG: path.join(shop.folder, 'none') });
    assert.deepEqual(problems(without, 'cluster'), ['cluster']);
    assert.equal(without.target, undefined);
    assert.deepEqual(problems(without, 'permissions'), []);
    const dead = path.join(shop.folder, 'dead');
    await execa('kubectl', ['config', 'set-cluster', 'dead', '--server=https://127.0.0.1:9'], {
      env: { KUBECONFIG: dead },
    });
    await execa('kubectl', ['config', 'set-context', 'dead', '--cluster=dead'], {
      env: { KUBECONFIG: dead },
    });
    await execa('kubectl', ['config', 'use-context', 'dead'], { env: { KUBECONFIG: dead } });
    assert.deepEqual(problems(await check(runbookText, { KUBECONFIG: dead }), 'cluster'), ['dead/default']);
  });

  it('can be cancelled', async () => {
    const runbook = loadRunbook(Buffer.from(runbookText), path.join(shop.folder, 'shop.runbook.md'));
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(preflight(runbook, { env, signal }), /enough|abort|cancel/i);
  });
});

/** A kubeconfig of an account that may edit the namespace `shop`, and nothing of the cluster itself. */
async function asOperator(shop: Shop): Promise<string> {
  await shop.kubectl(['create', 'serviceaccount', 'operator']);
  const role = `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: operator, namespace: shop }
rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: operator, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: operator }
subjects: [{ kind: ServiceAccount, name: operator, namespace: shop }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: operator-reads }
rules: [{ apiGroups: [''], resources: [namespaces], verbs: [get, list] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: operator-reads }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: operator-reads }
subjects: [{ kind: ServiceAccount, name: operator, namespace: shop }]
`;
  await shop.kubectl(['apply', '-f', '-'], role);
  const token = (await shop.kubectl(['create', 'token', 'operator'])).trim();
  const file = path.join(shop.folder, 'operator.kubeconfig');
  await writeFile(file, await shop.kubectl(['config', 'view', '--raw', '--minify', '--flatten']), {
    mode: 0o600,
  });
  const config = { env: { KUBECONFIG: file } };
  await execa('kubectl', ['config', 'set-credentials', 'operator', `--token=${token}`], config);
  await execa('kubectl', ['config', 'set-context', '--current', '--user=operator'], config);
  return file;
}
