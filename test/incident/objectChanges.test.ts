// What a session writes of the objects that a cell changes, and of the Secrets that it reads: with the real kubectl
// on a practice cluster.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { EvidenceEvent } from '../../src/evidence/events.ts';
import { openShop, type Shop } from '../cluster/practiceShop.ts';
import { bash, type SessionBench, withNotebook } from './sessionBench.ts';

describe('objects that a cell changes', function () {
  this.timeout(60_000);
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.close());

  const onShop = (body: (bench: SessionBench) => Promise<void>): Promise<void> =>
    withNotebook(body, { env: { KUBECONFIG: shop.kubeconfig }, target: { namespace: 'shop' } });
  const text = (bench: SessionBench, event: EvidenceEvent | undefined): string => {
    assert.ok(event && 'blob' in event && event.blob, JSON.stringify(event));
    return readFileSync(path.join(bench.incident.folder, 'blobs', event.blob.sha256), 'utf8');
  };

  it('are written before and after, also from a loop, and only where they changed', async () => {
    await onShop(async (bench) => {
      const { status, stderr } = await bench.run(
        bash('for n in 4 4; do kubectl scale deployment/web --replicas=$n; done'),
      );
      assert.equal(status, 'done', stderr);
      const events = (await bench.events()).filter(({ type }) => type.startsWith('object.'));
      assert.deepEqual(
        events.map(({ type }) => type),
        ['object.before', 'object.after', 'object.before'],
      );
      assert.match(text(bench, events[0]), /replicas: 3/);
      assert.match(text(bench, events[1]), /replicas: 4/);
      const [first] = events;
      assert.ok(first?.type === 'object.before' && first.run && first.call);
      assert.deepEqual(
        [first.object.kind, first.object.namespace, first.object.name],
        ['Deployment', 'shop', 'web'],
      );
    });
  });

  it('are told as absent where they were not there, or are gone', async () => {
    await onShop(async (bench) => {
      await bench.run(bash('kubectl create configmap made --from-literal=a=b'));
      await bench.run(bash('kubectl delete configmap made'));
      const told = (await bench.events()).flatMap((event) =>
        event.type === 'object.before' || event.type === 'object.after'
          ? [[event.type, event.object.name, event.absent ?? false]]
          : [],
      );
      assert.deepEqual(told, [
        ['object.before', 'made', true],
        ['object.after', 'made', false],
        ['object.before', 'made', false],
        ['object.after', 'made', true],
      ]);
    });
  });

  it('never show what a Secret holds, however it is read', async () => {
    const secret = 'plum-harvest-4711';
    await onShop(async (bench) => {
      await bench.run(bash(`kubectl create secret generic deep --from-literal=k=${secret}`));
      const reads = [
        "kubectl get secret deep -o jsonpath='{.data.k}'",
        "kubectl get secret deep -o jsonpath='{.data.k}' | base64 -d | rev | rev",
        "kubectl get secret deep -o jsonpath='{.data.k}' | base64 -d > out.txt; cat out.txt",
      ];
      for (const read of reads) {
        const { stdout, stderr } = await bench.run(bash(read));
        assert.match(stdout, /cut/, stderr);
        assert.ok(!stdout.includes(secret));
      }
      const encoded = Buffer.from(secret).toString('base64').replace(/=+$/, '');
      for (const entry of readdirSync(bench.incident.folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const bytes = readFileSync(path.join(entry.parentPath, entry.name), 'latin1');
        assert.ok(!bytes.includes(secret) && !bytes.includes(encoded), entry.name);
      }
    });
  });
});
