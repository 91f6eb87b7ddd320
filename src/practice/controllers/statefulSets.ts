// StatefulSets and DaemonSets: pods with names or places of their own, their history as ControllerRevisions.

import { randomSuffix } from '../kinds/podDefaults.ts';
import type { Json, KubeObject } from '../store/kubeObject.ts';
import type { Change } from '../store/objectStore.ts';
import { type Controller, type ControllerContext, isPodReady, keyOf, ownerKey, ownerOf } from './cluster.ts';
import { templateHash } from './deployments.ts';
import { podFrom, podsOf } from './replicaSets.ts';

const hashLabel = 'controller-revision-hash';
const revisions = 'apps/controllerrevisions';

/** Files the present template as a revision, the highest where it came back; gives its name. */
function takeRevision(context: ControllerContext, owner: KubeObject): string {
  const { registry } = context;
  const { namespace = '', name, uid } = owner.metadata;
  const revision = `${name}-${templateHash(owner.spec.template)}`;
  const all = registry.store.ownedBy(uid).filter((one) => one.resource === revisions);
  const highest = Math.max(0, ...all.map(({ object }) => object.revision));
  const present = all.find(({ object }) => object.metadata.name === revision);
  if (!present)
    registry.create(context.kind(revisions), namespace, {
      metadata: {
        name: revision,
        labels: owner.spec.selector.matchLabels,
        ownerReferences: [ownerOf(owner)],
      },
      data: { spec: { template: { ...owner.spec.template, $patch: 'replace' } } },
      revision: highest + 1,
    });
  else if (present.object.revision < highest)
    registry.store.modify(revisions, namespace, revision, (clone) => {
      clone.revision = highest + 1;
    });
  return revision;
}

export class StatefulSetController implements Controller {
  readonly name = 'statefulset';
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  concerns({ resource, object }: Change): Iterable<string> {
    if (resource === 'apps/statefulsets') return [keyOf(object)];
    return resource === '/pods' ? ownerKey(object, 'StatefulSet') : [];
  }

  reconcile(namespace: string, name: string): void {
    const { registry, events } = this.#context;
    const set = registry.store.get('apps/statefulsets', namespace, name);
    if (!set || set.metadata.deletionTimestamp) return;
    const revision = takeRevision(this.#context, set);
    const wanted: number = set.spec.replicas;
    const parallel = set.spec.podManagementPolicy === 'Parallel';
    const podAt = (index: number): KubeObject | undefined =>
      registry.store.get('/pods', namespace, `${name}-${index}`);
    let whole = true;
    for (let index = 0; index < wanted && (whole || parallel); index += 1) {
      const pod = podAt(index);
      if (!pod) this.#createPod(set, index, revision);
      else if (pod.status?.phase === 'Failed')
        registry.delete(this.#context.kind('/pods'), namespace, pod.metadata.name);
      whole = pod !== undefined && isPodReady(pod);
    }
    const pods = podsOf(this.#context, set);
    const surplus = pods
      .filter((pod) => ordinal(pod) >= wanted)
      .sort((a, b) => ordinal(b) - ordinal(a))
      .slice(0, parallel ? undefined : 1);
    const partition: number = set.spec.updateStrategy.rollingUpdate?.partition ?? 0;
    const stale = pods
      .filter(
        (pod) =>
          pod.metadata.labels?.[hashLabel] !== revision && ordinal(pod) < wanted && ordinal(pod) >= partition,
      )
      .sort((a, b) => ordinal(b) - ordinal(a));
    const others = pods.filter((pod) => pod !== stale[0]);
    const rolls =
      set.spec.updateStrategy.type === 'RollingUpdate' && pods.length === wanted && others.every(isPodReady);
    for (const pod of [...surplus, ...(rolls ? stale.slice(0, 1) : [])]) {
      registry.delete(this.#context.kind('/pods'), namespace, pod.metadata.name);
      events.record(set, {
        reason: 'SuccessfulDelete',
        message: `delete Pod ${pod.metadata.name} in StatefulSet ${name} successful`,
        component: 'statefulset-controller',
      });
    }
    this.#writeStatus(set, revision);
  }

  #createPod(set: KubeObject, index: number, revision: string): void {
    const { registry, events } = this.#context;
    const { namespace = '', name } = set.metadata;
    const podName = `${name}-${index}`;
    const pod = podFrom(set, podName) as Json;
    pod.metadata.labels = {
      ...pod.metadata.labels,
      [hashLabel]: revision,
      'apps.kubernetes.io/pod-index': String(index),
      'statefulset.kubernetes.io/pod-name': podName,
    };
    pod.spec.hostname = podName;
    pod.spec.subdomain = set.spec.serviceName;
    for (const claim of set.spec.volumeClaimTemplates ?? []) {
      const claimName = `${claim.metadata.name}-${podName}`;
      if (!registry.store.get('/persistentvolumeclaims', namespace, claimName))
        registry.create(this.#context.kind('/persistentvolumeclaims'), namespace, {
          metadata: { name: claimName, labels: set.spec.selector.matchLabels },
          spec: claim.spec,
        });
      const volume = { name: claim.metadata.name, persistentVolumeClaim: { claimName } };
      pod.spec.volumes = [...(pod.spec.volumes ?? []), volume];
    }
    registry.create(this.#context.kind('/pods'), namespace, pod);
    events.record(set, {
      reason: 'SuccessfulCreate',
      message: `create Pod ${podName} in StatefulSet ${name} successful`,
      component: 'statefulset-controller',
    });
  }

  #writeStatus(set: KubeObject, revision: string): void {
    const { store } = this.#context.registry;
    const pods = podsOf(this.#context, set);
    const ready = pods.filter(isPodReady).length;
    const updated = pods.filter((pod) => pod.metadata.labels?.[hashLabel] === revision).length;
    const done = updated === set.spec.replicas && ready === set.spec.replicas;
    store.modify('apps/statefulsets', set.metadata.namespace!, set.metadata.name, (clone) => {
      clone.status = {
        observedGeneration: clone.metadata.generation,
        replicas: pods.length,
        readyReplicas: ready,
        availableReplicas: ready,
        currentReplicas: done ? updated : pods.length - updated,
        updatedReplicas: updated,
        currentRevision: done ? revision : (clone.status?.currentRevision ?? revision),
        updateRevision: revision,
        collisionCount: 0,
      };
    });
  }
}

function ordinal(pod: KubeObject): number {
  return Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));
}

export class DaemonSetController implements Controller {
  readonly name = 'daemonset';
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  concerns({ resource, object }: Change): Iterable<string> {
    if (resource === 'apps/daemonsets') return [keyOf(object)];
    if (resource === '/nodes') return [...this.#context.registry.store.each('apps/daemonsets')].map(keyOf);
    return resource === '/pods' ? ownerKey(object, 'DaemonSet') : [];
  }

  reconcile(namespace: string, name: string): void {
    const { registry } = this.#context;
    const set = registry.store.get('apps/daemonsets', namespace, name);
    if (!set || set.metadata.deletionTimestamp) return;
    const revision = takeRevision(this.#context, set);
    const nodes = registry.store.list('/nodes').map((node) => node.metadata.name);
    const pods = podsOf(this.#context, set);
    for (const node of nodes.filter((one) => !pods.some((pod) => pod.spec.nodeName === one))) {
      const pod = podFrom(set, `${name}-${randomSuffix()}`) as Json;
      pod.metadata.labels = { ...pod.metadata.labels, [hashLabel]: revision };
      pod.spec.nodeName = node;
      registry.create(this.#context.kind('/pods'), namespace, pod);
    }
    const stale = pods.filter((pod) => pod.metadata.labels?.[hashLabel] !== revision);
    const next = stale.find((pod) => !isPodReady(pod)) ?? stale[0];
    if (next && pods.filter((pod) => pod !== next).every(isPodReady) && pods.length === nodes.length)
      registry.delete(this.#context.kind('/pods'), namespace, next.metadata.name);
    const living = podsOf(this.#context, set);
    const ready = living.filter(isPodReady).length;
    registry.store.modify('apps/daemonsets', namespace, name, (clone) => {
      clone.status = {
        observedGeneration: clone.metadata.generation,
        currentNumberScheduled: living.length,
        desiredNumberScheduled: nodes.length,
        numberMisscheduled: 0,
        numberReady: ready,
        numberAvailable: ready,
        updatedNumberScheduled: living.filter((pod) => pod.metadata.labels?.[hashLabel] === revision).length,
      };
    });
  }
}
