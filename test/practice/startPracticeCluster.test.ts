import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { type KubectlResult, runKubectl } from './kubectl.ts';
import { usePracticeCluster } from './usePracticeCluster.ts';

describe('the practice cluster', function () {
  this.timeout(120_000);
  const practice = usePracticeCluster();
  const kubectl = (line: string, input?: string): Promise<KubectlResult> =>
    runKubectl(line.split(' '), { kubeconfig: practice.cluster.kubeconfigPath, ...(input ? { input } : {}) });

  it('keeps its kubeconfig to its owner, and says that it is practice', async () => {
    assert.equal(statSync(practice.cluster.kubeconfigPath).mode & 0o777, 0o600);
    assert.equal((await kubectl('config current-context')).stdout, 'practice\n');
    assert.match((await kubectl('version')).stdout, /Server Version: .*v1\.32\.0\+practice/);
    assert.match((await kubectl('get nodes')).stdout, /^practice-worker-2 +Ready/m);
  });

  it('refuses a request without its token', async () => {
    const answer = await runKubectl(['get', 'pods', '--token=wrong'], {
      kubeconfig: practice.cluster.kubeconfigPath,
    });
    assert.equal(answer.code, 1);
    assert.match(answer.stderr, /Unauthorized|logged in/);
  });

  it('rolls a deployment out, scales it, restarts it and undoes it', async () => {
    assert.equal((await kubectl('create deployment web --image=web:1 --replicas=2')).code, 0);
    const out = await kubectl('rollout status deployment/web --timeout=30s');
    assert.match(out.stdout, /successfully rolled out/);
    assert.equal((await kubectl('set image deployment/web web=web:2')).code, 0);
    assert.match(
      (await kubectl('rollout status deployment/web --timeout=30s')).stdout,
      /successfully rolled out/,
    );
    assert.equal((await kubectl('rollout undo deployment/web')).code, 0);
    assert.match(
      (await kubectl('rollout status deployment/web --timeout=30s')).stdout,
      /successfully rolled out/,
    );
    const image = await kubectl('get deployment web -o jsonpath={.spec.template.spec.containers[0].image}');
    assert.equal(image.stdout, 'web:1');
    assert.equal((await kubectl('scale deployment web --replicas=0')).code, 0);
    assert.equal((await kubectl('wait --for=delete pod -l app=web --timeout=30s')).code, 0);
    assert.match((await kubectl('get events')).stdout, /Scaled down replica set web-\w+ from 2 to 0/);
  });
});
