import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changedFields } from '../../src/cluster/changedFields.ts';
import type { KubernetesObject } from '../../src/cluster/kubernetesObject.ts';
import { patternOf } from '../../src/cluster/matchingNames.ts';
import { diffObjects, readableText } from '../../src/cluster/readableObject.ts';
import { rolloutProgress } from '../../src/cluster/rolloutProgress.ts';
import { parseServiceName } from '../../src/cluster/serviceProxy.ts';
import { shellWord } from '../../src/cluster/shellWord.ts';
import { applyPatch } from '../../src/cluster/threeWayPatch.ts';
import { mergePatch } from '../../src/cluster/undoPlan.ts';

const deployment = (spec: object, status: object = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    namespace: 'shop',
    uid: 'u-1',
    resourceVersion: '12',
    generation: 3,
    creationTimestamp: '2026-01-01T00:00:00Z',
    managedFields: [{ manager: 'kubectl' }],
    annotations: { 'deployment.kubernetes.io/revision': '3', team: 'shop' },
  },
  spec,
  status,
});

describe('objects as people compare them', () => {
  it('are without what the server keeps for itself', () => {
    assert.equal(
      readableText(deployment({ replicas: 2 }, { readyReplicas: 1 })),
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\n  annotations:\n    team: shop\nspec:\n  replicas: 2\n',
    );
    assert.match(readableText(deployment({}, { readyReplicas: 1 }), { status: true }), /readyReplicas: 1/);
  });

  it('differ only in what was asked for', () => {
    const diff = diffObjects(
      deployment({ replicas: 2 }),
      deployment({ replicas: 5 }, { x: 1 }),
      'deployment/web',
    );
    assert.deepEqual([diff.added, diff.removed], [1, 1]);
    assert.match(diff.text, /^--- deployment\/web\tbefore\n\+\+\+ deployment\/web\tafter\n@@/);
    assert.match(diff.text, /^- {2}replicas: 2\n\+ {2}replicas: 5$/m);
    assert.equal(diffObjects(deployment({ a: 1 }), deployment({ a: 1 }, { x: 1 }), 'x').text, '');
  });

  it('never show a secret, and show that it changed', () => {
    const secret = (value: string): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 's',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"p":"${value}"}}` },
      },
      data: { p: Buffer.from(value).toString('base64') },
      stringData: { q: value },
    });
    const diff = diffObjects(secret('hunter2-aaaa'), secret('hunter2-bbbb'), 'secret/s');
    assert.equal(diff.added, 2);
    for (const text of ['hunter2', 'aHVudGVy']) assert.equal(diff.text.includes(text), false);
    assert.match(diff.text, /redacted, 12 bytes/);
  });
});

describe('what changes of an object', () => {
  const config = (data: object): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c' },
    data,
  });
  const pods = (container: object): KubernetesObject =>
    deployment({
      template: {
        spec: {
          containers: [
            { name: 'web', ...container },
            { name: 'side', tty: true },
          ],
        },
      },
    });

  it('is told a field a line, each with whose it is', () => {
    assert.deepEqual(changedFields(deployment({ replicas: 2 }), deployment({ replicas: 5 }, { x: 1 })), [
      'replicas: 2 → 5',
    ]);
    assert.deepEqual(
      changedFields(
        pods({
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: 'x y' },
          ],
          resources: { requests: { cpu: '1' } },
        }),
        pods({
          env: [
            { name: 'B', value: 'x y' },
            { name: 'A', value: '2' },
          ],
          resources: { limits: { cpu: '1' } },
        }),
      ),
      [
        'containers[web].env[A]: 1 → 2',
        '- containers[web].resources.requests.cpu: 1',
        '+ containers[web].resources.limits.cpu: 1',
      ],
    );
    assert.deepEqual(changedFields(config({ 'a.b': 'x\ny\n', c: '1' }), config({ 'a.b': 'x\nz\n', d: '' })), [
      'data[a.b]:',
      '  - y',
      '  + z',
      '- data.c: 1',
      '+ data.d: ""',
    ]);
    assert.deepEqual(changedFields(pods({ args: ['a'] }), pods({ args: ['a', 'b'] })), [
      'containers[web].args: ["a"] → ["a","b"]',
    ]);
  });

  it('is never a secret, and never nothing where the text differs', () => {
    const secret = (p: string): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { p: Buffer.from(p).toString('base64') },
    });
    const [line, ...more] = changedFields(secret('hunter2-a'), secret('hunter2-b'));
    assert.match(line!, /^data\.p: "\(redacted, 9 bytes, \w+\)" → "\(redacted/);
    assert.equal(more.length, 0);
    const named = fc.array(fc.record({ name: fc.constantFrom('a', 'b'), value: fc.string() }), {
      maxLength: 3,
    });
    const json = fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), named), { maxKeys: 4 });
    fc.assert(
      fc.property(json, json, (one, other) => {
        const [before, after] = [deployment(one), deployment(other)];
        const differs = readableText(before) !== readableText(after);
        assert.equal(changedFields(before, after).length > 0, differs);
      }),
      { numRuns: 300 },
    );
  });
});

describe('patches', () => {
  it('of an apply delete what the last manifest said and this one does not', () => {
    const container = (name: string, more: object = {}) => ({ name, image: 'i', ...more });
    const last = {
      metadata: { labels: { a: '1', b: '2' } },
      spec: { paused: true, containers: [container('x', { tty: true }), container('y')] },
    };
    const live = {
      ...deployment({}),
      metadata: {
        name: 'web',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(last) },
      },
    };
    const manifest = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels: { a: '1' } },
      spec: { containers: [container('x')] },
    };
    assert.deepEqual(applyPatch(live, manifest, false).body, {
      ...manifest,
      metadata: { name: 'web', labels: { a: '1', b: null } },
      spec: {
        paused: null,
        containers: [
          { ...container('x'), tty: null },
          { name: 'y', $patch: 'delete' },
        ],
      },
    });
    const custom = applyPatch(live, manifest, true);
    assert.equal(custom.type, 'merge');
    assert.deepEqual((custom.body as typeof manifest).spec.containers, [container('x')]);
  });

  it('back to the object before restore it exactly (RFC 7386)', () => {
    const applyMerge = (target: unknown, patch: unknown): unknown => {
      if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
      const out: Record<string, unknown> =
        typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
      for (const [key, value] of Object.entries(patch)) {
        if (value === null) delete out[key];
        else out[key] = applyMerge(out[key], value);
      }
      return out;
    };
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 }));
    const key = fc.constantFrom('a', 'b', 'c', 'd');
    const fields = fc.letrec((tie) => ({
      object: fc.dictionary(key, fc.oneof({ maxDepth: 3 }, leaf, tie('object')), { maxKeys: 4 }),
    })).object;
    fc.assert(
      fc.property(fields, fields, (before, after) => {
        const patch = mergePatch(after, before);
        const back = patch === undefined ? after : applyMerge(after, patch);
        const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
        assert.deepEqual(plain(back), plain(before));
      }),
      { numRuns: 500 },
    );
  });
});

describe('names', () => {
  it('fit what a runbook writes', () => {
    const fits = (pattern: string, name: string): boolean => patternOf(pattern).test(name);
    assert.ok(fits('auth-service-xxx', 'auth-service-7d9f-abcde'));
    assert.ok(!fits('auth-service-xxx', 'policy-service-7d9f'));
    assert.ok(fits('<pod>', 'anything'));
    assert.ok(fits('web-*', 'web-1') && !fits('web-*', 'xweb-1'));
    assert.ok(
      fits('deployment-[NAME]', 'deployment-a') &&
        fits('$POD', 'a') &&
        fits('a.b', 'a.b') &&
        !fits('a.b', 'axb'),
    );
    assert.ok(!fits('maxxxx', 'max') && fits('maxxxx', 'maxxxx'), 'an x inside of a word is a letter');
  });

  it('of services are told from hosts', () => {
    const name = (host: string): string | undefined => {
      const found = parseServiceName(host, 'shop');
      return found && `${found.namespace}/${found.service}`;
    };
    assert.equal(name('prometheus'), 'shop/prometheus');
    assert.equal(name('Prometheus.monitoring'), 'monitoring/prometheus');
    assert.equal(name('x.ns.svc'), 'ns/x');
    assert.equal(name('x.ns.svc.cluster.local.'), 'ns/x');
    for (const host of ['localhost', '127.0.0.1', '::1', 'api.github.com', 'a_b', '', '-x']) {
      assert.equal(name(host), undefined, host);
    }
  });

  it('are one word for a shell, whatever they hold', async () => {
    const { execFileSync } = await import('node:child_process');
    const words = ['plain', "it's", '$(id)', 'a b', '', '*', '"x"', '\n', '\\', '`id`', '-n', '!x'];
    const text = execFileSync('bash', ['-c', `printf '%s\\0' ${words.map(shellWord).join(' ')}`], {
      encoding: 'utf8',
    });
    assert.deepEqual(text.split('\0').slice(0, -1), words);
  });
});

describe('rollout progress', () => {
  const spec = { replicas: 3 };
  const whole = {
    observedGeneration: 3,
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
  };
  const of = (status: object, kind = 'Deployment', more: object = {}) =>
    rolloutProgress({ ...deployment({ ...spec, ...more }, status), kind });
  it('follows the rules of kubectl rollout status', () => {
    assert.equal(of(whole).done, true);
    assert.match(of({ ...whole, observedGeneration: 2 }).message, /not taken up/);
    assert.match(of({ ...whole, updatedReplicas: 1 }).message, /1 of 3 pods are updated/);
    assert.match(of({ ...whole, replicas: 4 }).message, /1 old pods still run/);
    assert.match(of({ ...whole, availableReplicas: 2 }).message, /2 of 3 updated pods are available/);
    const conditions = [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded', message: 'too slow' }];
    assert.equal(of({ ...whole, conditions }).failed, 'too slow');
    assert.equal(
      of({ ...whole, currentRevision: 'a', updateRevision: 'b', updatedReplicas: 1 }, 'StatefulSet').done,
      false,
    );
    assert.equal(of({ ...whole, currentRevision: 'a', updateRevision: 'a' }, 'StatefulSet').done, true);
    const daemons = {
      observedGeneration: 3,
      desiredNumberScheduled: 2,
      updatedNumberScheduled: 2,
      numberReady: 2,
      numberAvailable: 1,
    };
    assert.equal(of(daemons, 'DaemonSet').done, false);
    assert.equal(of({ ...daemons, numberAvailable: 2 }, 'DaemonSet').done, true);
  });
});
