// Random objects' patches of the three types, the same for the same seed.

import type { Json } from '../../src/practice/store/kubeObject.ts';

export type PatchType = 'json' | 'merge' | 'strategic';

export interface PatchCase {
  readonly object: Json;
  /** client-node's model of the object. */
  readonly model: string;
  readonly type: PatchType;
  readonly patch: Json;
}

class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }
  /** 0 up to, but without, `below`: xorshift. */
  roll(below: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % below;
  }
  pick<T>(list: readonly T[]): T {
    return list[this.roll(list.length)]!;
  }
  some<T>(list: readonly T[]): T[] {
    return list.filter(() => this.roll(2) === 0);
  }
}

const names = ['app', 'side', 'log', 'init'];
const keys = ['A', 'B', 'C', 'D'];
const ports = [80, 443, 8080, 9090];
const paths = ['/data', '/tmp/x', '/etc/app'];

const env = (dice: Dice): Json[] => dice.some(keys).map((name) => ({ name, value: String(dice.roll(9)) }));
const mounts = (dice: Dice): Json[] =>
  dice.some(paths).map((mountPath) => ({ mountPath, name: dice.pick(['v1', 'v2']) }));
const portList = (dice: Dice): Json[] =>
  dice.some(ports).map((containerPort) => ({ containerPort, protocol: 'TCP' }));

function container(dice: Dice, name: string): Json {
  const whole: Json = {
    name,
    image: `${name}:${dice.roll(4)}`,
    env: env(dice),
    ports: portList(dice),
    volumeMounts: mounts(dice),
    args: dice.some(['-a', '-b', '-c']),
    resources: { limits: { cpu: `${1 + dice.roll(4)}` } },
  };
  return Object.fromEntries(
    Object.entries(whole).filter(([key]) => key === 'name' || key === 'image' || dice.roll(3) > 0),
  );
}

const volumes = (dice: Dice): Json[] => [
  { name: 'v1', emptyDir: {} },
  ...(dice.roll(2) ? [{ name: 'v2', configMap: { name: 'c' } }] : []),
];

function podSpec(dice: Dice): Json {
  return {
    containers: [container(dice, 'app'), ...dice.some(names.slice(1)).map((name) => container(dice, name))],
    volumes: volumes(dice),
    nodeSelector: { disk: 'ssd', zone: String(dice.roll(3)) },
    tolerations: [{ key: 'k', operator: 'Exists' }],
    ...(dice.roll(2) ? { terminationGracePeriodSeconds: dice.roll(60) } : {}),
  };
}

const metadata = (dice: Dice): Json => ({
  name: 'thing',
  namespace: 'default',
  labels: Object.fromEntries(dice.some(keys).map((key) => [key, String(dice.roll(5))])),
  finalizers: dice.some(['a.example/x', 'b.example/y']),
});

const objects: Record<string, (dice: Dice) => Json> = {
  V1Deployment: (dice) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(dice),
    spec: {
      replicas: dice.roll(5),
      selector: { matchLabels: { app: 'x' } },
      strategy: dice.pick([{ type: 'Recreate' }, { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } }]),
      template: { metadata: { labels: { app: 'x' } }, spec: podSpec(dice) },
    },
  }),
  V1Pod: (dice) => ({ apiVersion: 'v1', kind: 'Pod', metadata: metadata(dice), spec: podSpec(dice) }),
  V1Service: (dice) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(dice),
    spec: { selector: { app: 'x' }, ports: dice.some(ports).map((port) => ({ port, name: `p${port}` })) },
  }),
  V1ConfigMap: (dice) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(dice),
    data: Object.fromEntries(keys.map((key) => [key, String(dice.roll(9))])),
  }),
};

/** A part of a container's change, by its name, with directives now and then. */
function containerPatch(dice: Dice): Json {
  const name = dice.pick([...names, 'new']);
  if (dice.roll(6) === 0) return { $patch: 'delete', name };
  const patch: Json = { name };
  if (dice.roll(2)) patch.image = `${name}:p${dice.roll(3)}`;
  if (dice.roll(2))
    patch.env = dice
      .some(keys)
      .map((key) => (dice.roll(5) === 0 ? { name: key, $patch: 'delete' } : { name: key, value: 'p' }));
  if (dice.roll(3) === 0) patch.ports = portList(dice);
  if (dice.roll(3) === 0) patch.volumeMounts = mounts(dice);
  if (dice.roll(4) === 0) patch.args = ['-z'];
  if (dice.roll(4) === 0)
    patch.resources = dice.pick([
      null,
      { limits: { memory: '1Gi', cpu: null } },
      { $patch: 'replace', requests: { cpu: '1' } },
    ]);
  if (patch.env && dice.roll(3) === 0)
    patch['$setElementOrder/env'] = (patch.env as Json[]).map(({ name: key }) => ({ name: key }));
  return patch;
}

function podPatch(dice: Dice): Json {
  const patch: Json = {};
  if (dice.roll(4))
    patch.containers = [containerPatch(dice), ...(dice.roll(3) ? [] : [containerPatch(dice)])].filter(
      (one, index, all) => all.findIndex((other) => other.name === one.name) === index,
    );
  if (dice.roll(3) === 0)
    patch.nodeSelector = dice.pick([null, { zone: null, extra: 'y' }, { $patch: 'replace', only: '1' }]);
  if (dice.roll(3) === 0) patch.tolerations = [{ key: 'other' }];
  if (dice.roll(3) === 0)
    patch.volumes = [
      dice.pick<Json>([
        { name: 'v1', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } },
        { name: 'v3', emptyDir: {} },
        { name: 'v2', $patch: 'delete' },
      ]),
    ];
  if (dice.roll(4) === 0 && patch.containers)
    patch['$setElementOrder/containers'] = (patch.containers as Json[])
      .filter((one) => !one.$patch)
      .map(({ name }) => ({ name }));
  return patch;
}

function metadataPatch(dice: Dice): Json {
  return dice.pick<Json>([
    { labels: { A: null, Z: '1' } },
    { labels: null },
    { annotations: { note: 'x' } },
    { finalizers: ['c.example/z'] },
    { '$deleteFromPrimitiveList/finalizers': ['a.example/x'] },
    { labels: { $patch: 'replace', only: 'this' } },
  ]);
}

function strategicPatch(dice: Dice, model: string): Json {
  const patch: Json = {};
  if (dice.roll(3) === 0) patch.metadata = metadataPatch(dice);
  if (model === 'V1ConfigMap') patch.data = { A: 'p', B: null };
  else if (model === 'V1Service')
    patch.spec = {
      ports: [{ port: dice.pick(ports), ...(dice.roll(3) ? { targetPort: 8 } : { $patch: 'delete' }) }],
    };
  else if (model === 'V1Pod') patch.spec = podPatch(dice);
  else {
    patch.spec = { template: { spec: podPatch(dice) } };
    if (dice.roll(3) === 0)
      patch.spec.strategy = dice.pick<Json>([
        { $retainKeys: ['type'], type: 'Recreate' },
        { rollingUpdate: { maxUnavailable: 1 } },
      ]);
  }
  return patch;
}

function mergePatchOf(dice: Dice, model: string): Json {
  const spec =
    model === 'V1ConfigMap'
      ? { data: { A: null, new: 'x' } }
      : {
          spec: dice.pick<Json>([
            { replicas: 3 },
            { selector: null },
            { template: { spec: { containers: [container(dice, 'app')], nodeSelector: { zone: null } } } },
            { extra: { deep: { er: [1, 2] } } },
          ]),
        };
  return { ...spec, ...(dice.roll(2) ? { metadata: { labels: { A: null, Q: 'q' } } } : {}) };
}

function jsonPatchOf(dice: Dice, object: Json): Json[] {
  const operations: Json[] = [
    { op: 'add', path: '/metadata/annotations', value: { 'a/b': '1', 't~x': '2' } },
    { op: 'replace', path: '/metadata/name', value: 'other' },
    { op: 'copy', from: '/metadata/labels', path: '/metadata/copied' },
    { op: 'move', from: '/metadata/finalizers', path: '/metadata/moved' },
    { op: 'test', path: '/kind', value: object.kind },
    { op: 'remove', path: '/metadata/namespace' },
  ];
  const chosen = dice.some(operations);
  const list = object.spec?.containers ?? object.spec?.template?.spec?.containers;
  const at = object.spec?.containers ? '/spec/containers' : '/spec/template/spec/containers';
  if (list) {
    chosen.push({
      op: 'add',
      path: `${at}/${dice.pick(['-', '0'])}`,
      value: { name: 'added', image: 'a:1' },
    });
    if (dice.roll(2)) chosen.push({ op: 'replace', path: `${at}/0/image`, value: 'changed' });
    if (dice.roll(3) === 0) chosen.push({ op: 'remove', path: `${at}/0` });
  }
  return chosen.length ? chosen : [operations[0]];
}

export function patchCase(seed: number): PatchCase {
  const dice = new Dice(seed * 2_654_435_761);
  for (let warm = 0; warm < 5; warm += 1) dice.roll(2);
  const model = dice.pick(Object.keys(objects));
  const object = objects[model]!(dice);
  const type = dice.pick<PatchType>(['json', 'merge', 'strategic', 'strategic']);
  const patch =
    type === 'json'
      ? jsonPatchOf(dice, object)
      : type === 'merge'
        ? mergePatchOf(dice, model)
        : strategicPatch(dice, model);
  return { object, model, type, patch };
}
