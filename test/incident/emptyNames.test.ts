// A list of names that is empty is told before anything uses it.

import assert from 'node:assert/strict';
import { emptyNames } from '../../src/incident/emptyNames.ts';
import type { SessionTarget } from '../../src/incident/sessionTarget.ts';
import { openShop, type Shop } from '../cluster/practiceShop.ts';

describe('names that come from a list', function () {
  this.timeout(60_000);
  let shop: Shop;
  before(async () => {
    shop = await openShop();
    // The first question loads the client, which takes longer than a look-up may.
    await shop.cluster.namespaces();
  });
  after(() => shop.close());

  const told = (text: string): Promise<string[]> =>
    emptyNames(text, { cluster: shop.cluster, pin: shop.target } as unknown as SessionTarget);

  it('are told where the list is empty, with its place', async () => {
    assert.deepEqual(await told('kubectl exec $(kubectl get pods -l app=gone -o name | head -1) -- ls'), [
      'Nothing in shop is found by `kubectl get pods -l app=gone -o name`: what uses it runs without a name.',
    ]);
    const [line] = await told(
      'POD=$(kubectl get pods -n kube-system -l app=web -o jsonpath={.items[0].metadata.name})',
    );
    assert.match(line ?? '', /Nothing in kube-system is found/);
  });

  it('are not told where something is found, or nothing is known', async () => {
    assert.deepEqual(await told('kubectl logs $(kubectl get pods -l app=web -o name | head -1)'), []);
    assert.deepEqual(await told('kubectl logs $(kubectl get pods -l app=$APP -o name)'), []);
    assert.deepEqual(await told('kubectl get pods -l app=gone -o name'), []);
    assert.deepEqual(await told('kubectl logs $(kubectl get frobs -o name)'), []);
    assert.deepEqual(await emptyNames('kubectl logs $(kubectl get pods -o name)', undefined), []);
  });
});
