// The scheduler: gives each new pod a node that may take it and has the room.

import { parseQuantity } from '../kinds/quantity.ts';
import type { Json, KubeObject } from '../store/kubeObject.ts';
import { kubeTime } from '../store/kubeObject.ts';
import type { Change } from '../store/objectStore.ts';
import { type Controller, type ControllerContext, keyOf } from './cluster.ts';

export class Scheduler implements Controller {
  readonly name = 'scheduler';
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  concerns({ resource, type, object }: Change): Iterable<string> {
    if (resource === '/pods') {
      if (type === 'DELETED') return this.#waiting();
      return object.spec.nodeName ? [] : [keyOf(object)];
    }
    return resource === '/nodes' ? this.#waiting() : [];
  }

  #waiting(): string[] {
    return [...this.#context.registry.store.each('/pods')].filter((pod) => !pod.spec.nodeName).map(keyOf);
  }

  reconcile(namespace: string, name: string): void {
    const { registry, events } = this.#context;
    const { store } = registry;
    const pod = store.get('/pods', namespace, name);
    if (!pod || pod.spec.nodeName || pod.metadata.deletionTimestamp) return;
    const nodes = store.list('/nodes');
    const refusals = new Map<string, number>();
    const fitting = nodes.filter((node) => {
      const why = this.#refusal(pod, node);
      if (why) refusals.set(why, (refusals.get(why) ?? 0) + 1);
      return !why;
    });
    const load = (node: KubeObject): number =>
      [...store.each('/pods')].filter((one) => one.spec.nodeName === node.metadata.name).length;
    const best = fitting.map((node) => ({ node, load: load(node) })).sort((a, b) => a.load - b.load)[0]?.node;
    const now = kubeTime(this.#context.now());
    if (best) {
      store.modify('/pods', namespace, name, (clone) => {
        clone.spec.nodeName = best.metadata.name;
      });
      const message = `Successfully assigned ${namespace}/${name} to ${best.metadata.name}`;
      events.record(pod, { reason: 'Scheduled', message, component: 'default-scheduler' });
      return;
    }
    const told = [...refusals].map(([why, count]) => `${count} ${why}`).join(', ');
    const message = `0/${nodes.length} nodes are available: ${told}.`;
    store.modify('/pods', namespace, name, (clone) => {
      clone.status.conditions = [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: now },
      ];
    });
    events.record(pod, {
      type: 'Warning',
      reason: 'FailedScheduling',
      message,
      component: 'default-scheduler',
    });
  }

  #refusal(pod: KubeObject, node: KubeObject): string | undefined {
    const { spec } = pod;
    if (node.spec?.unschedulable) return 'node(s) were unschedulable';
    const labels = node.metadata.labels ?? {};
    const selected = Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
    if (!selected) return "node(s) didn't match Pod's node affinity/selector";
    const taint = (node.spec?.taints ?? []).find(
      (one: Json) =>
        one.effect !== 'PreferNoSchedule' && !(spec.tolerations ?? []).some((by: Json) => tolerates(by, one)),
    );
    if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
    for (const resource of ['cpu', 'memory']) {
      const room = parseQuantity(node.status?.allocatable?.[resource]) ?? Number.POSITIVE_INFINITY;
      const taken = [...this.#context.registry.store.each('/pods')]
        .filter((one) => one.spec.nodeName === node.metadata.name)
        .reduce((sum, one) => sum + requestOf(one, resource), 0);
      if (taken + requestOf(pod, resource) > room) return `Insufficient ${resource}`;
    }
    return undefined;
  }
}

function tolerates(toleration: Json, taint: Json): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (!toleration.key) return toleration.operator === 'Exists';
  if (toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '');
}

/** What a pod asks of a resource: the sum over its containers. */
function requestOf(pod: KubeObject, resource: string): number {
  return pod.spec.containers.reduce(
    (sum: number, one: Json) => sum + (parseQuantity(one.resources?.requests?.[resource]) ?? 0),
    0,
  );
}
