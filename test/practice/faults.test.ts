import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { faults } from '../../src/practice/faults/faults.ts';
import { type PracticeCluster, startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';
import { runKubectl } from './kubectl.ts';
import { wordsOf } from './kubectlScript.ts';

const setEnv = (deployment: string, namespace: string, env: string): string =>
  `set env deployment/${deployment} -n ${namespace} ${env}`;

/** Routes out of each fault: any one of them must do. */
const cures: Record<string, readonly (readonly string[])[]> = {
  'out-of-memory': [
    [
      `patch deployment pqc-audit -p '{"spec":{"template":{"spec":{"containers":[{"name":"pqc-audit","resources":{"limits":{"memory":"4Gi"}}}]}}}}'`,
    ],
    ['set resources deployment pqc-audit --limits=memory=6Gi'],
  ],
  'failing-dependency': [['scale deployment postgres --replicas=1'], ['scale deploy postgres --replicas=2']],
  'expired-certificate': [
    ['annotate certificate sidecar-watcher-tls -n production cert-manager.io/force-renew=true'],
    [
      'delete secret sidecar-watcher-tls -n production',
      'annotate certificate sidecar-watcher-tls -n production cert-manager.io/force-renew=again --overwrite',
    ],
  ],
  'crash-loop': [
    ['rollout undo deployment/auth-service -n rust-security'],
    [setEnv('auth-service', 'rust-security', 'JWT_SECRET=practice')],
  ],
  'wrong-configuration': [
    ['rollout undo deployment/auth-service -n rust-security'],
    [setEnv('auth-service', 'rust-security', 'OIDC_ISSUER=https://accounts.google.com')],
  ],
  'full-volume': [
    ['exec -n aureus deployment/aureus-frontend -- find /app/evidence -type f -mtime +90 -delete'],
    [`patch pvc aureus-evidence-pvc -n aureus -p '{"spec":{"resources":{"requests":{"storage":"100Gi"}}}}'`],
  ],
  'policy-engine-down': [[`patch configmap aureus-policies -n aureus -p '{"data":{"rules.json":"{}"}}'`]],
  'rate-limit-false-positives': [
    [setEnv('aureus-frontend', 'aureus', 'RATE_LIMIT_QUERY=20')],
    [setEnv('aureus-frontend', 'aureus', 'RATE_LIMITING_ENABLED=false')],
  ],
  'maintenance-overdue': [
    ['annotate deployment pqc-audit example.com/last-maintenance=4102444800 --overwrite'],
    ['annotate deployment pqc-audit example.com/last-maintenance-'],
  ],
  'strict-policy': [
    [`patch configmap policy-config -n production -p '{"data":{"label_check":"lenient"}}'`],
    [`patch configmap policy-config -n production -p '{"data":{"enforcement_mode":"shadow"}}'`],
  ],
  'policy-not-enforced': [
    [`patch configmap policy-config -n production -p '{"data":{"enforcement_mode":"enforce"}}'`],
    [
      `patch configmap policy-config -n production --type=json -p '[{"op":"replace","path":"/data/enforcement_mode","value":"enforce"}]'`,
    ],
  ],
  'login-load': [
    ['scale deployment auth-service -n rust-security --replicas=8'],
    ['set resources deployment auth-service -n rust-security --limits=cpu=3'],
  ],
  'cold-cache': [
    ['rollout undo deployment/policy-service -n rust-security'],
    [setEnv('policy-service', 'rust-security', 'CACHE_SIZE-')],
  ],
  'redis-full': [
    ['exec -n rust-security redis-master-0 -- redis-cli FLUSHALL'],
    ['set resources statefulset redis-master -n rust-security --limits=memory=1Gi'],
  ],
  'database-connections': [
    ['rollout restart statefulset aureus-postgres -n aureus'],
    ['delete pod aureus-postgres-0 -n aureus'],
  ],
  'frontend-down': [
    ['scale deployment aureus-frontend -n aureus --replicas=1'],
    [`patch deployment aureus-frontend -n aureus -p '{"spec":{"replicas":2}}'`],
  ],
};

describe('faults of the practice cluster', function () {
  this.timeout(240_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'practice-faults-'));
  let clusters: PracticeCluster[];

  const until = async (what: string, holds: () => boolean): Promise<void> => {
    for (const end = Date.now() + 110_000; !holds(); await delay(100))
      assert.ok(
        Date.now() < end,
        `${what}: ${JSON.stringify(clusters.map((one) => one.faults.statuses().filter((s) => s.state !== 'idle')))}`,
      );
  };

  before(async () => {
    const pace = { podReadyMs: 200, podEndMs: 100, healthEveryMs: 250, firstBackOffMs: 500, clockRate: 5 };
    clusters = [];
    for (const at of [0, 1])
      clusters.push(await startPracticeCluster({ runtimeDirectory: path.join(directory, String(at)), pace }));
  });
  after(async () => {
    for (const cluster of clusters) await cluster.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  it('are quiet before', async () => {
    await delay(500);
    for (const cluster of clusters) {
      cluster.metrics.tick();
      assert.deepEqual(
        cluster.metrics.alerts().map((one) => one.rule.alert),
        [],
      );
    }
  });

  // What is left of a set lies under the next one, which shares its namespaces.
  it('each fire an alert, each of two routes cures them, and they fire again whatever was left', async () => {
    assert.deepEqual(Object.keys(cures).sort(), faults.map((one) => one.id).sort());
    // Two sets that don't touch each other's objects; in each cluster another route is taken.
    const later = [
      'failing-dependency',
      'maintenance-overdue',
      'wrong-configuration',
      'policy-engine-down',
      'policy-not-enforced',
      'cold-cache',
      'frontend-down',
    ];
    const sets = [faults.map(({ id }) => id).filter((id) => !later.includes(id)), later];
    for (const set of sets) {
      for (const cluster of clusters) for (const id of set) await cluster.faults.start(id);
      const stateIs = (state: string) => () =>
        clusters.every((cluster) =>
          cluster.faults
            .statuses()
            .filter((one) => set.includes(one.id))
            .every((one) => one.state === state),
        );
      await until('fires', stateIs('firing'));
      for (const [index, cluster] of clusters.entries())
        for (const id of set) {
          const routes = cures[id]!;
          for (const line of routes[index % routes.length]!) {
            const answer = await runKubectl(wordsOf(line), {
              kubeconfig: cluster.kubeconfigPath,
              input: '{}',
            });
            assert.equal(answer.code, 0, `${line}: ${answer.stderr}`);
          }
        }
      await until('is cured', stateIs('cured'));
      for (const cluster of clusters)
        await Promise.all([...set, ...set].map((id) => cluster.faults.start(id)));
      await until('fires again', stateIs('firing'));
    }
  });
});
