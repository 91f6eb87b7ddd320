// ReplicaSets: as many pods as wanted, from a template.

import { randomSuffix } from '../kinds/podDefaults.ts';
import type { KubeObject } from '../store/kubeObject.ts';
import type { Change } from '../store/objectStore.ts';
import { type Controller, type ControllerContext, isPodReady, keyOf, ownerKey, ownerOf } from './cluster.ts';

const resource = 'apps/replicasets';

export class ReplicaSetController implements Controller {
  readonly name = 'replicaset';
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  concerns({ resource: changed, object }: Change): Iterable<string> {
    if (changed === resource) return [keyOf(object)];
    return changed === '/pods' ? ownerKey(object, 'ReplicaSet') : [];
  }

  reconcile(namespace: string, name: string): void {
    const { registry, events } = this.#context;
    const set = registry.store.get(resource, namespace, name);
    if (!set || set.metadata.deletionTimestamp) return;
    const pods = podsOf(this.#context, set);
    const missing = set.spec.replicas - pods.length;
    for (let made = 0; made < missing; made += 1) {
      const pod = registry.create(
        this.#context.kind('/pods'),
        namespace,
        podFrom(set, `${name}-${randomSuffix()}`),
      );
      const message = `Created pod: ${pod.metadata.name}`;
      events.record(set, { reason: 'SuccessfulCreate', message, component: 'replicaset-controller' });
    }
    const surplus = [...pods].sort((a, b) => rank(a) - rank(b)).slice(0, Math.max(0, -missing));
    for (const pod of surplus) {
      registry.delete(this.#context.kind('/pods'), namespace, pod.metadata.name);
      const message = `Deleted pod: ${pod.metadata.name}`;
      events.record(set, { reason: 'SuccessfulDelete', message, component: 'replicaset-controller' });
    }
    const living = podsOf(this.#context, set);
    const ready = living.filter(isPodReady).length;
    registry.store.modify(resource, namespace, name, (clone) => {
      clone.status = {
        replicas: living.length,
        ...(living.length ? { fullyLabeledReplicas: living.length } : {}),
        ...(ready ? { readyReplicas: ready, availableReplicas: ready } : {}),
        observedGeneration: clone.metadata.generation,
      };
    });
  }
}

/** First the pods that are worth least: not ready, then the youngest. */
function rank(pod: KubeObject): number {
  return (isPodReady(pod) ? 1e15 : 0) - Date.parse(pod.metadata.creationTimestamp);
}

/** The pods that an owner has and that aren't ending. */
export function podsOf(context: ControllerContext, owner: KubeObject): KubeObject[] {
  return context.registry.store
    .ownedBy(owner.metadata.uid)
    .filter(({ resource: of, object }) => of === '/pods' && !object.metadata.deletionTimestamp)
    .map(({ object }) => object)
    .filter((pod) => pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded');
}

/** A pod of a workload's template. */
export function podFrom(owner: KubeObject, name: string): Record<string, unknown> {
  const { metadata, spec } = structuredClone(owner.spec.template);
  return {
    metadata: { ...metadata, name, ownerReferences: [ownerOf(owner)] },
    spec,
  };
}
