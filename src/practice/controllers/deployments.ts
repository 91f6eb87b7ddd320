// Deployments: one ReplicaSet a template, rolled over within maxSurge and maxUnavailable.

import { createHash } from 'node:crypto';
import { type Json, type KubeObject, kubeTime } from '../store/kubeObject.ts';
import type { Change } from '../store/objectStore.ts';
import { type Controller, type ControllerContext, keyOf, ownerKey, ownerOf } from './cluster.ts';
import { stable } from './stable.ts';

const resource = 'apps/deployments';
const sets = 'apps/replicasets';
const revisionKey = 'deployment.kubernetes.io/revision';
const hashLabel = 'pod-template-hash';
const notInherited = new Set([revisionKey, 'kubectl.kubernetes.io/last-applied-configuration']);

export class DeploymentController implements Controller {
  readonly name = 'deployment';
  readonly #context: ControllerContext;
  readonly #deadlines = new Map<string, { generation: number; dispose: () => void }>();

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  concerns({ resource: changed, object }: Change): Iterable<string> {
    if (changed === resource) return [keyOf(object)];
    return changed === sets ? ownerKey(object, 'Deployment') : [];
  }

  reconcile(namespace: string, name: string): void {
    const { store } = this.#context.registry;
    const deployment = store.get(resource, namespace, name);
    if (!deployment || deployment.metadata.deletionTimestamp) return;
    const hash = templateHash(deployment.spec.template);
    let owned = this.#setsOf(deployment);
    if (!owned.some((set) => set.metadata.labels?.[hashLabel] === hash) && !deployment.spec.paused) {
      this.#createSet(deployment, hash, nextRevision(owned));
      owned = this.#setsOf(deployment);
    }
    const current = owned.find((set) => set.metadata.labels?.[hashLabel] === hash);
    if (current && !deployment.spec.paused) this.#takeRevision(deployment, current, owned);
    this.#scaleSets(deployment, current, owned);
    this.#prune(deployment, current, owned);
    this.#writeStatus(namespace, name, current);
  }

  #setsOf(deployment: KubeObject): KubeObject[] {
    const { store } = this.#context.registry;
    return store
      .ownedBy(deployment.metadata.uid)
      .filter((one) => one.resource === sets)
      .map((one) => one.object);
  }

  #createSet(deployment: KubeObject, hash: string, revision: number): void {
    const { registry } = this.#context;
    const { namespace = '', name } = deployment.metadata;
    const template = structuredClone(deployment.spec.template);
    template.metadata.labels = { ...template.metadata.labels, [hashLabel]: hash };
    registry.create(this.#context.kind(sets), namespace, {
      metadata: {
        name: `${name}-${hash}`,
        labels: template.metadata.labels,
        annotations: { ...inherited(deployment), [revisionKey]: String(revision) },
        ownerReferences: [ownerOf(deployment)],
      },
      spec: {
        replicas: 0,
        selector: { matchLabels: { ...deployment.spec.selector.matchLabels, [hashLabel]: hash } },
        template,
      },
    });
  }

  /** The newest template has the highest revision: also an old one that came back by an undo. */
  #takeRevision(deployment: KubeObject, current: KubeObject, owned: KubeObject[]): void {
    const { store } = this.#context.registry;
    const { namespace = '', name } = deployment.metadata;
    const others = owned.filter((set) => set !== current);
    const highest = Math.max(0, ...others.map(revisionOf));
    const revision = revisionOf(current) > highest ? revisionOf(current) : highest + 1;
    const annotate = (clone: KubeObject): void => {
      clone.metadata.annotations = { ...clone.metadata.annotations, [revisionKey]: String(revision) };
    };
    if (deployment.metadata.annotations?.[revisionKey] !== String(revision))
      store.modify(resource, namespace, name, annotate);
    store.modify(sets, namespace, current.metadata.name, (clone) => {
      const before = revisionOf(clone);
      clone.metadata.annotations = { ...clone.metadata.annotations, ...inherited(deployment) };
      if (before !== revision) annotate(clone);
    });
  }

  #scaleSets(deployment: KubeObject, current: KubeObject | undefined, owned: KubeObject[]): void {
    const wanted: number = deployment.spec.replicas;
    const old = owned.filter((set) => set !== current);
    const oldTotal = sum(old, (set) => set.spec.replicas);
    if (!current || deployment.spec.paused) {
      const active = [...owned].sort((a, b) => b.spec.replicas - a.spec.replicas)[0];
      if (active && sum(owned, (set) => set.spec.replicas) !== wanted)
        this.#scale(
          deployment,
          active,
          Math.max(0, wanted - (sum(owned, (s) => s.spec.replicas) - active.spec.replicas)),
        );
      return;
    }
    if (deployment.spec.strategy.type === 'Recreate') {
      for (const set of old) this.#scale(deployment, set, 0);
      if (sum(old, (set) => set.status?.replicas ?? 0) === 0) this.#scale(deployment, current, wanted);
      return;
    }
    const { maxSurge, maxUnavailable } = deployment.spec.strategy.rollingUpdate;
    const surge = share(maxSurge, wanted, Math.ceil);
    const unavailable = share(maxUnavailable, wanted, Math.floor) || (surge === 0 ? 1 : 0);
    const room = wanted + surge - oldTotal - current.spec.replicas;
    if (current.spec.replicas > wanted) this.#scale(deployment, current, wanted);
    else if (current.spec.replicas < wanted && room > 0)
      this.#scale(deployment, current, Math.min(wanted, current.spec.replicas + room));
    if (oldTotal === 0) return;
    const available = sum(owned, (set) => set.status?.availableReplicas ?? 0);
    const newMissing = current.spec.replicas - (current.status?.availableReplicas ?? 0);
    const total = oldTotal + current.spec.replicas;
    let mayGo = total - (wanted - unavailable) - Math.max(0, newMissing);
    for (const set of old) {
      const broken = set.spec.replicas - (set.status?.availableReplicas ?? 0);
      if (broken <= 0) continue;
      const gone = Math.min(broken, Math.max(0, mayGo));
      if (gone > 0) this.#scale(deployment, set, set.spec.replicas - gone);
      mayGo -= gone;
    }
    mayGo = Math.min(mayGo, available - (wanted - unavailable));
    for (const set of old) {
      const now = this.#context.registry.store.get(sets, set.metadata.namespace!, set.metadata.name)!;
      const gone = Math.min(now.spec.replicas, Math.max(0, mayGo));
      if (gone > 0) this.#scale(deployment, now, now.spec.replicas - gone);
      mayGo -= gone;
    }
  }

  #scale(deployment: KubeObject, set: KubeObject, replicas: number): void {
    if (set.spec.replicas === replicas) return;
    const { store } = this.#context.registry;
    const from = set.spec.replicas;
    store.modify(sets, set.metadata.namespace!, set.metadata.name, (clone) => {
      clone.spec.replicas = replicas;
      clone.metadata.generation = (clone.metadata.generation ?? 1) + 1;
    });
    set.spec = { ...set.spec, replicas };
    this.#context.events.record(deployment, {
      reason: 'ScalingReplicaSet',
      message: `Scaled ${replicas > from ? 'up' : 'down'} replica set ${set.metadata.name} from ${from} to ${replicas}`,
      component: 'deployment-controller',
    });
  }

  #prune(deployment: KubeObject, current: KubeObject | undefined, owned: KubeObject[]): void {
    const idle = owned
      .filter((set) => set !== current && set.spec.replicas === 0 && !(set.status?.replicas > 0))
      .sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const set of idle.slice(0, Math.max(0, idle.length - deployment.spec.revisionHistoryLimit)))
      this.#context.registry.delete(this.#context.kind(sets), set.metadata.namespace!, set.metadata.name);
  }

  #writeStatus(namespace: string, name: string, current: KubeObject | undefined): void {
    const { store } = this.#context.registry;
    const deployment = store.get(resource, namespace, name);
    if (!deployment) return;
    const owned = this.#setsOf(deployment);
    const now = kubeTime(this.#context.now());
    const wanted: number = deployment.spec.replicas;
    const total = (field: string): number => sum(owned, (set) => set.status?.[field] ?? 0);
    const fresh = current && owned.find((set) => set.metadata.uid === current.metadata.uid);
    const updated: number = fresh?.status?.replicas ?? 0;
    const available = total('availableReplicas');
    const rolling = deployment.spec.strategy.rollingUpdate;
    const least = wanted - (rolling ? share(rolling.maxUnavailable, wanted, Math.floor) : 0);
    const complete = updated === wanted && total('replicas') === wanted && available === wanted;
    const overdue = !complete && this.#watchDeadline(deployment);
    const set = fresh?.metadata.name ?? '';
    const progressing = overdue
      ? ['False', 'ProgressDeadlineExceeded', `ReplicaSet "${set}" has timed out progressing.`]
      : complete
        ? ['True', 'NewReplicaSetAvailable', `ReplicaSet "${set}" has successfully progressed.`]
        : ['True', 'ReplicaSetUpdated', `ReplicaSet "${set}" is progressing.`];
    const enough = available >= least;
    const conditions = [
      condition(
        deployment,
        'Available',
        enough ? 'True' : 'False',
        enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
        `Deployment ${enough ? 'has' : 'does not have'} minimum availability.`,
        now,
      ),
      condition(deployment, 'Progressing', progressing[0]!, progressing[1]!, progressing[2]!, now),
    ];
    const status = {
      observedGeneration: deployment.metadata.generation,
      replicas: total('replicas'),
      updatedReplicas: updated,
      readyReplicas: total('readyReplicas'),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, wanted - available),
    };
    const told = Object.fromEntries(Object.entries(status).filter(([, value]) => value !== 0));
    store.modify(resource, namespace, name, (clone) => {
      clone.status = { ...told, conditions };
    });
  }

  /** Whether this generation has had its time; looks again when it will have. */
  #watchDeadline(deployment: KubeObject): boolean {
    const { uid, generation = 1, namespace = '', name } = deployment.metadata;
    const present = deployment.status?.conditions?.find((one: Json) => one.type === 'Progressing');
    if (present?.reason === 'ProgressDeadlineExceeded' && deployment.status.observedGeneration === generation)
      return true;
    const known = this.#deadlines.get(uid);
    if (known?.generation === generation) return false;
    known?.dispose();
    const timer = this.#context.later(deployment.spec.progressDeadlineSeconds * 1000, () => {
      const { store } = this.#context.registry;
      store.modify(resource, namespace, name, (clone) => {
        const progressing = clone.status?.conditions?.find((one: Json) => one.type === 'Progressing');
        if (clone.metadata.generation !== generation || progressing?.reason !== 'ReplicaSetUpdated') return;
        Object.assign(progressing, { status: 'False', reason: 'ProgressDeadlineExceeded' });
        progressing.message = progressing.message.replace('is progressing', 'has timed out progressing');
      });
    });
    this.#deadlines.set(uid, { generation, dispose: () => timer.dispose() });
    return false;
  }
}

export function condition(
  object: KubeObject,
  type: string,
  status: string,
  reason: string,
  message: string,
  now: string,
): Json {
  const before = object.status?.conditions?.find((one: Json) => one.type === type);
  const same = before?.status === status && before.reason === reason && before.message === message;
  return {
    type,
    status,
    reason,
    message,
    lastUpdateTime: same ? before.lastUpdateTime : now,
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : now,
  };
}

function revisionOf(set: KubeObject): number {
  return Number(set.metadata.annotations?.[revisionKey] ?? 0);
}

function nextRevision(owned: KubeObject[]): number {
  return Math.max(0, ...owned.map(revisionOf)) + 1;
}

function inherited(deployment: KubeObject): Record<string, string> {
  const entries = Object.entries(deployment.metadata.annotations ?? {});
  return Object.fromEntries(entries.filter(([key]) => !notInherited.has(key)));
}

function sum(all: KubeObject[], of: (one: KubeObject) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function share(value: string | number, whole: number, round: (value: number) => number): number {
  return typeof value === 'string' ? round((Number.parseFloat(value) / 100) * whole) : value;
}

const hashes = new WeakMap<object, string>();

/** Ten letters of a template's digest, as ReplicaSets are named. */
export function templateHash(template: Json): string {
  const known = hashes.get(template);
  if (known) return known;
  const digest = createHash('sha256').update(stable(template)).digest();
  const letters = 'bcdf56789htjkl7g';
  const hash = [...digest.subarray(0, 5)].map((byte) => letters[byte >> 4]! + letters[byte & 15]!).join('');
  hashes.set(template, hash);
  return hash;
}
