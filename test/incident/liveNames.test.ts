// What the operator is offered for a placeholder: live names that fit its place, from a real API.

import assert from 'node:assert/strict';
import { liveNames } from '../../src/incident/liveNames.ts';
import { type Suggestion, suggestionsFor } from '../../src/incident/valueSources.ts';
import { findPlaceholders } from '../../src/shell/placeholders.ts';
import { openShop, type Shop } from '../cluster/practiceShop.ts';

describe('live names for placeholders', function () {
  this.timeout(60_000);
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.close());

  const offered = async (text: string, values: Record<string, string> = {}): Promise<Suggestion[]> => {
    const placeholder = findPlaceholders(text).find(({ name }) => values[name] === undefined);
    assert.ok(placeholder, text);
    const open = { placeholder, text, values: new Map(Object.entries(values)) };
    // What is offered counts here, not how soon a busy machine answers.
    return suggestionsFor([liveNames(shop)], open, undefined, 30_000);
  };
  const names = async (text: string, values?: Record<string, string>): Promise<string[]> =>
    (await offered(text, values)).map(({ value }) => value).sort();

  it('reads what is wanted from the place in the call', async () => {
    const pods = await names('kubectl logs <pod>');
    assert.deepEqual([pods.length, pods.filter((name) => /^web-/.test(name)).length], [5, 3]);
    assert.deepEqual(await names('kubectl exec -it <anything> -- ls'), pods);
    assert.deepEqual(await names('kubectl cp <pod>:/var/log/app.log app.log'), pods);
    assert.deepEqual(await names('kubectl rollout restart deployment/<name>'), ['web']);
    assert.deepEqual(await names('kubectl scale statefulset <name> --replicas=2'), ['store']);
    assert.deepEqual(await names('kubectl describe shelf <shelf>'), ['upper']);
    assert.ok((await names('kubectl get pods -n <namespace>')).includes('shop'));
    assert.equal((await names('kubectl drain NODE_NAME --ignore-daemonsets')).length > 0, true);
  });

  it('offers only names that fit the text around it, and only the part that is open', async () => {
    const fitting = await names('kubectl delete pod web-xxx');
    assert.equal(fitting.length, 3);
    assert.ok(fitting.every((name) => /^web-\w+-\w+$/.test(name)));
    assert.deepEqual(await names('kubectl logs store-<number>'), ['0', '1']);
    assert.deepEqual(await names('kubectl logs nothing-xxx'), []);
  });

  it('keeps to the namespace, selector and values of the call', async () => {
    assert.deepEqual(await names('kubectl get deployment <name> -n default-that-is-not-there'), []);
    assert.ok(!(await names('kubectl logs -n kube-system <pod>')).some((name) => /^web-/.test(name)));
    const known = { namespace: 'shop' };
    assert.deepEqual(await names('kubectl -n <namespace> scale deployment/<name> --replicas=1', known), [
      'web',
    ]);
    assert.equal((await names('kubectl -n <namespace> logs <pod>')).length > 2, true, 'namespaces first');
  });

  it('brings the kind along where kubectl wants it, and reads the words of a value outside of kubectl', async () => {
    assert.ok(
      (await names('kubectl delete <pod> --wait=false')).every((name) => /^pod\/(web|store)-/.test(name)),
    );
    assert.ok((await names('POD=<pod>')).some((name) => /^web-/.test(name)));
    assert.deepEqual(await names('./deploy.sh <version>'), []);
    assert.deepEqual(await names('kubectl set image deployment/web app=shop/web:<tag>'), []);
  });

  it('tells kind, state and age of each, and nothing where the cluster does not answer', async () => {
    const [one] = await offered('kubectl logs store-xxx');
    assert.match(one!.from, /^pod, Running, [\d.]+ s old$/);
    const placeholder = findPlaceholders('kubectl logs <pod>')[0]!;
    const open = { placeholder, text: 'kubectl logs <pod>', values: new Map() };
    const failing = { suggest: () => Promise.reject(new Error('no')) };
    assert.deepEqual(await suggestionsFor([failing], open), []);
  });
});
