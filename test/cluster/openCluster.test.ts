import assert from 'node:assert/strict';
import { ClusterError } from '../../src/cluster/clusterError.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfigFile.ts';
import { openCluster } from '../../src/cluster/openCluster.ts';
import { openShop, type Shop } from './practiceShop.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

async function code(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (error instanceof ClusterError ? error.code : String(error)),
  );
}

describe('a cluster through client-node', function () {
  this.timeout(60_000);
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.close());

  it('knows who asks, and the namespaces', async () => {
    const who = await shop.cluster.whoAmI();
    assert.notEqual(who.user, '');
    assert.ok(who.groups.includes('system:authenticated'));
    const namespaces = await shop.cluster.namespaces();
    for (const name of ['default', 'kube-system', 'shop']) assert.ok(namespaces.includes(name), name);
  });

  it('reads objects of every kind that a runbook touches, custom ones too', async () => {
    const names: [string, string, RegExp][] = [
      ['deploy', 'web', /image: shop\/web:v1/],
      ['statefulsets.apps', 'store', /serviceName: store/],
      ['svc', 'web', /targetPort: 8080/],
      ['cm', 'settings', /level: info/],
      ['shf', 'upper', /- tea/],
      ['shelves.shop.example.com', 'upper', /rows: 3/],
      ['ns', 'shop', /name: shop/],
    ];
    for (const [resource, name, expected] of names) {
      const state = await shop.cluster.objectNow({ resource, name });
      assert.match(state?.text ?? '', expected, resource);
      assert.doesNotMatch(state!.text, /managedFields|resourceVersion|^status:/m, resource);
    }
    assert.equal(await shop.cluster.objectNow({ resource: 'deploy', name: 'gone' }), undefined);
    assert.equal(await code(shop.cluster.objectNow({ resource: 'widgets', name: 'x' })), 'cluster-not-found');
  });

  it('never shows what a secret holds', async () => {
    const state = await shop.cluster.objectNow({ resource: 'secret', name: 'login' });
    assert.match(state!.text, /password: \(redacted, 14 bytes/);
    assert.doesNotMatch(state!.text, /hunter2|aHVudGVy/);
  });

  it('follows a rollout and tells the events of its object', async () => {
    const since = Date.now() - 2_000;
    const before = await shop.cluster.objectNow({ resource: 'deploy', name: 'web' });
    await shop.kubectl(['set', 'env', 'deployment/web', 'LEVEL=debug']);
    const told: string[] = [];
    const end = await shop.cluster.followRollout(
      { resource: 'deploy', name: 'web' },
      ({ message }) => told.push(message),
      { everyMs: 100 },
    );
    assert.equal(end.done, true);
    assert.deepEqual([end.wanted, end.ready], [3, 3]);
    assert.ok(told.length > 1, told.join('; '));
    const after = await shop.cluster.objectNow({ resource: 'deploy', name: 'web' });
    const diff = shop.cluster.diff(before, after, 'deployment/web');
    assert.match(diff.text, /- +value: info\n\+ +value: debug/);
    assert.deepEqual([diff.added, diff.removed], [1, 1]);
    const events = await shop.cluster.events({ resource: 'deploy', name: 'web', since });
    assert.ok(
      events.some(({ reason }) => reason === 'ScalingReplicaSet'),
      JSON.stringify(events),
    );
    assert.deepEqual(
      await shop.cluster.events({ resource: 'deploy', name: 'web', since: Date.now() + 60_000 }),
      [],
    );
  });

  it('offers live names with age and state', async () => {
    await oldPodsGone();
    const pods = await shop.cluster.names({ resource: 'pods', pattern: 'web-xxx' });
    assert.equal(pods.length, 3);
    for (const { name, state, ageMs, namespace } of pods) {
      assert.match(name, /^web-/);
      assert.equal(namespace, 'shop');
      assert.equal(state, 'Running');
      assert.ok(ageMs !== undefined && ageMs < 120_000);
    }
    assert.deepEqual(
      (await shop.cluster.names({ resource: 'shelves' })).map(({ name }) => name),
      ['upper'],
    );
    assert.deepEqual(
      (await shop.cluster.names({ resource: 'deploy', selector: 'app=web' })).map(({ name, state }) => [
        name,
        state,
      ]),
      [['web', '3/3']],
    );
    assert.deepEqual(await shop.cluster.names({ resource: 'pods', pattern: 'nothing-*' }), []);
  });

  it('knows what a call needs and whether it may', async () => {
    const needed = async (line: string): Promise<string[]> =>
      (await shop.cluster.mayRun(line.split(' '))).map(
        ({ request: r, allowed }) =>
          `${r.verb} ${r.resource}${r.subresource ? `/${r.subresource}` : ''}${r.name ? ` ${r.name}` : ''}${r.namespace ? ` in ${r.namespace}` : ''}: ${allowed}`,
      );
    assert.deepEqual(await needed('scale deploy web --replicas=2'), [
      'patch deployments/scale web in shop: true',
    ]);
    assert.deepEqual(await needed('logs -l app=web -n other'), ['get pods/log in other: true']);
    assert.deepEqual(await needed('get pods -A'), ['list pods: true']);
    assert.deepEqual(await needed('cordon node-1'), ['get nodes node-1: true', 'patch nodes node-1: true']);
    assert.deepEqual(await needed('version'), []);
    const [no] = await nobody().mayRun(['delete', 'pod', 'x']);
    assert.equal(no!.allowed, false);
  });

  /** Pods of the rollout before end with their grace period. */
  async function oldPodsGone(): Promise<void> {
    const isOld = async () => (await shop.cluster.names({ resource: 'pods', pattern: 'web-*' })).length > 3;
    while (await isOld()) await new Promise((resolve) => setTimeout(resolve, 100));
  }

  /** The same cluster as somebody without any rights. */
  function nobody() {
    const users = new Map([...shop.config.users].map(([name, user]) => [name, { ...user, as: 'nobody' }]));
    return openCluster({ ...shop.config, users }, shop.target);
  }

  it('tells what is forbidden', async () => {
    const cluster = nobody();
    const error = await cluster.objectNow({ resource: 'deploy', name: 'web' }).then(
      () => undefined,
      (thrown: ClusterError) => thrown,
    );
    assert.equal(error?.code, 'cluster-forbidden');
    assert.match(error.message, /nobody/);
    const preview = await cluster.preview(['scale', 'deploy/web', '--replicas=0'], { cwd: shop.folder });
    assert.match(preview.cannot ?? '', /may not/);
    const capture = await cluster.captureFor(['delete', 'pod', 'web'], { cwd: shop.folder });
    assert.match(capture.missed[0]!.why, /may not/);
    cluster.dispose();
  });

  it('tells a token that is not known', async () => {
    const users = new Map([...shop.config.users].map(([name]) => [name, { token: 'wrong' }]));
    const cluster = openCluster({ ...shop.config, users }, shop.target);
    assert.equal(await code(cluster.whoAmI()), 'cluster-unauthorised');
    cluster.dispose();
  });

  it('works by the private kubeconfig as by the one it came from', async () => {
    const cluster = openCluster(await loadKubeconfig({ file: shop.kubeconfig }), shop.target);
    assert.deepEqual(await cluster.whoAmI(), await shop.cluster.whoAmI());
    cluster.dispose();
  });

  it('keeps the evidence of what a call will touch', async () => {
    const capture = await shop.cluster.captureFor(['rollout', 'restart', 'deployment/web'], {
      cwd: shop.folder,
    });
    assert.deepEqual(capture.missed, []);
    const names = capture.files.map(({ name }) => name);
    assert.ok(names.includes('manifests/shop/deployment.web.yaml'));
    assert.equal(names.filter((name) => /^logs\/shop\/web-[^/]+\/app\.log$/.test(name)).length, 3);
    assert.equal(names.filter((name) => /^pods\/shop\/web-/.test(name)).length, 3);
    const find = (name: string): string => text(capture.files.find((one) => one.name === name)!.bytes);
    assert.match(find('pods.txt'), /shop\/web-.* Running .*\n {4}app: running since/);
    assert.match(find('events/shop.txt'), /ScalingReplicaSet/);
    assert.match(find('manifests/shop/deployment.web.yaml'), /readyReplicas: 3/);
    assert.ok(capture.durationMs < 3_000, `${capture.durationMs} ms`);
  });

  it('says what it did not get in time, and never lasts longer', async () => {
    const started = performance.now();
    const capture = await shop.cluster.captureFor(
      ['delete', 'pods', '--all'],
      { cwd: shop.folder },
      { budgetMs: 1 },
    );
    assert.ok(capture.missed.length > 0);
    assert.ok(performance.now() - started < 2_000);
    const named = await shop.cluster.capture([
      { resource: 'pods', name: 'gone' },
      { resource: 'deploy', name: 'web' },
    ]);
    assert.deepEqual(named.missed, [{ what: 'a target', why: 'pod/gone does not exist' }]);
    assert.ok(named.files.some(({ name }) => name === 'manifests/shop/deployment.web.yaml'));
  });

  it('captures nothing for a call that only reads', async () => {
    const capture = await shop.cluster.captureFor(['get', 'pods'], { cwd: shop.folder });
    assert.deepEqual([capture.files, capture.missed], [[], []]);
  });

  it('resolves service names, and leaves other hosts alone', async () => {
    const at = (host: string, port: number) => shop.cluster.resolveService(host, port);
    assert.deepEqual(await at('web', 80), { service: 'web', namespace: 'shop', port: 80, secure: false });
    assert.deepEqual((await at('kubernetes.default.svc', 443))?.secure, true);
    assert.equal(await at('web', 8080), undefined, 'a port that the service has not');
    for (const host of ['gone', 'example.com', 'localhost', 'api.github.com'])
      assert.equal(await at(host, 80), undefined);
  });
});
