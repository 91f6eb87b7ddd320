import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import * as k8s from '@kubernetes/client-node';
import { type PracticeCluster, startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';

describe('client-node against the practice cluster', function () {
  this.timeout(60_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'practice-client-'));
  const config = new k8s.KubeConfig();
  let cluster: PracticeCluster;
  let core: k8s.CoreV1Api;

  before(async () => {
    cluster = await startPracticeCluster({
      runtimeDirectory: directory,
      pace: { podReadyMs: 100, podEndMs: 50 },
    });
    config.loadFromFile(cluster.kubeconfigPath);
    core = config.makeApiClient(k8s.CoreV1Api);
  });
  after(async () => {
    await cluster.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  const podOf = async (namespace: string, labelSelector: string): Promise<string> =>
    (await core.listNamespacedPod({ namespace, labelSelector })).items[0]!.metadata!.name!;

  it('watches', async () => {
    const seen: string[] = [];
    const at = { namespace: 'default', name: 'watched' };
    await core.createNamespacedConfigMap({
      namespace: 'default',
      body: { metadata: { name: 'watched' }, data: { step: '1' } },
    });
    await new Promise<void>((resolve, reject) => {
      const react: Record<string, () => unknown> = {
        ADDED: () =>
          core.patchNamespacedConfigMap(
            { ...at, body: { data: { step: '2' } } },
            k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.StrategicMergePatch),
          ),
        MODIFIED: () => core.deleteNamespacedConfigMap(at),
        DELETED: () => watching.then((controller) => controller.abort()).then(resolve),
      };
      const watching = new k8s.Watch(config).watch(
        '/api/v1/namespaces/default/configmaps',
        { fieldSelector: 'metadata.name=watched' },
        (phase: string, object: k8s.V1ConfigMap) => {
          seen.push(`${phase} ${object.data?.step}`);
          Promise.resolve(react[phase]?.()).catch(reject);
        },
        () => {},
      );
    });
    assert.deepEqual(seen, ['ADDED 1', 'MODIFIED 2', 'DELETED 2']);
  });

  it('patches by JSON, merge and strategic merge, and meets conflicts', async () => {
    const apps = config.makeApiClient(k8s.AppsV1Api);
    const at = { namespace: 'rust-security', name: 'policy-service' };
    const patch = (body: object, type: k8s.PatchStrategy) =>
      apps.patchNamespacedDeployment({ ...at, body }, k8s.setHeaderOptions('Content-Type', type));
    const json = await patch(
      [{ op: 'replace', path: '/spec/replicas', value: 3 }],
      k8s.PatchStrategy.JsonPatch,
    );
    assert.equal(json.spec?.replicas, 3);
    const merged = await patch({ metadata: { labels: { merged: 'yes' } } }, k8s.PatchStrategy.MergePatch);
    assert.equal(merged.metadata?.labels?.merged, 'yes');
    const container = { name: 'policy-service', env: [{ name: 'CACHE_SIZE', value: '1000' }] };
    const strategic = await patch(
      { spec: { template: { spec: { containers: [container] } } } },
      k8s.PatchStrategy.StrategicMergePatch,
    );
    assert.equal(strategic.spec?.template.spec?.containers[0]?.image, 'rust-security/policy-service:v1.1.4');
    const stale = await apps.readNamespacedDeployment(at);
    await patch({ metadata: { labels: { merged: 'again' } } }, k8s.PatchStrategy.MergePatch);
    await assert.rejects(apps.replaceNamespacedDeployment({ ...at, body: stale }), /409/);
  });

  it('reads logs, whole and followed', async () => {
    const name = await podOf('aureus', 'component=frontend');
    const text = await core.readNamespacedPodLog({ namespace: 'aureus', name, tailLines: 5 });
    assert.equal(text.trim().split('\n').length, 5);
    const stream = new PassThrough();
    const controller = await new k8s.Log(config).log('aureus', name, 'frontend', stream, {
      follow: true,
      tailLines: 1,
    });
    const [chunk] = await new Promise<[Buffer]>((resolve) =>
      stream.once('data', (data: Buffer) => resolve([data])),
    );
    assert.match(chunk.toString(), /\w/);
    controller.abort();
  });

  it('runs commands in containers, with streams and exit codes', async () => {
    const name = await podOf('default', 'app=pqc-audit');
    const run = async (command: string[], input?: string) => {
      const out: Buffer[] = [];
      const stdout = new PassThrough();
      stdout.on('data', (data: Buffer) => out.push(data));
      const stdin = input === undefined ? null : new PassThrough();
      const status = await new Promise<k8s.V1Status>((resolve, reject) => {
        new k8s.Exec(config)
          .exec('default', name, 'pqc-audit', command, stdout, new PassThrough(), stdin, false, resolve)
          .then(() => stdin?.end(input), reject);
      });
      return { status, text: Buffer.concat(out).toString() };
    };
    const listed = await run(['ls', '/']);
    assert.equal(listed.status.status, 'Success');
    assert.match(listed.text, /scan-target/);
    const failed = await run(['sh', '-c', 'exit 3']);
    assert.equal(failed.status.details?.causes?.[0]?.message, '3');
  });

  it('reads through the service proxy and the metrics API', async () => {
    const answer = await core.connectGetNamespacedServiceProxyWithPath({
      namespace: 'default',
      name: 'pqc-audit:8080',
      path: 'health',
    });
    assert.match(JSON.stringify(answer), /healthy/);
    const usage = await new k8s.Metrics(config).getPodMetrics('default');
    assert.ok(usage.items.some((one) => one.metadata.name.startsWith('pqc-audit-')));
    const objects = k8s.KubernetesObjectApi.makeApiClient(config);
    const certificate = await objects.read({
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { namespace: 'default', name: 'pqc-audit-tls' },
    });
    assert.equal(certificate.kind, 'Certificate');
  });
});
