// Controllers that only watch and tell: disruption budgets and autoscalers.

import { formatMemory } from '../kinds/quantity.ts';
import { type Json, kubeTime } from '../store/kubeObject.ts';
import type { Change } from '../store/objectStore.ts';
import { selectorMatches } from '../store/selectors.ts';
import { type Controller, type ControllerContext, isPodReady, keyOf } from './cluster.ts';

/** How many pods each disruption budget lets go. */
export class BudgetController implements Controller {
  readonly name = 'budget';
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  concerns({ resource, object }: Change): Iterable<string> {
    if (resource === 'policy/poddisruptionbudgets') return [keyOf(object)];
    if (resource !== '/pods') return [];
    return [...this.#context.registry.store.each('policy/poddisruptionbudgets')]
      .filter((one) => one.metadata.namespace === object.metadata.namespace)
      .map(keyOf);
  }

  reconcile(namespace: string, name: string): void {
    const { store } = this.#context.registry;
    const budget = store.get('policy/poddisruptionbudgets', namespace, name);
    if (!budget) return;
    const pods = store
      .list('/pods', namespace)
      .filter((pod) => selectorMatches(budget.spec.selector, pod.metadata.labels));
    const healthy = pods.filter(isPodReady).length;
    const amount = (value: string | number, round: (n: number) => number): number =>
      typeof value === 'string' ? round((Number.parseFloat(value) / 100) * pods.length) : value;
    const { minAvailable, maxUnavailable } = budget.spec;
    const desired =
      minAvailable !== undefined
        ? amount(minAvailable, Math.ceil)
        : pods.length - amount(maxUnavailable ?? 1, Math.ceil);
    store.modify('policy/poddisruptionbudgets', namespace, name, (clone) => {
      clone.status = {
        observedGeneration: clone.metadata.generation,
        currentHealthy: healthy,
        desiredHealthy: desired,
        expectedPods: pods.length,
        disruptionsAllowed: Math.max(0, healthy - desired),
      };
    });
  }
}

/** Writes what an autoscaler sees; scaling itself is left to the user, so that a drill stays in their hands. */
export class AutoscalerController implements Controller {
  readonly name = 'autoscaler';
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  concerns({ resource, object }: Change): Iterable<string> {
    if (resource === 'autoscaling/horizontalpodautoscalers') return [keyOf(object)];
    if (resource !== 'apps/deployments') return [];
    return [...this.#context.registry.store.each('autoscaling/horizontalpodautoscalers')]
      .filter((one) => one.metadata.namespace === object.metadata.namespace)
      .filter((one) => one.spec.scaleTargetRef.name === object.metadata.name)
      .map(keyOf);
  }

  reconcile(namespace: string, name: string): void {
    const { store } = this.#context.registry;
    const scaler = store.get('autoscaling/horizontalpodautoscalers', namespace, name);
    if (!scaler) return;
    const target = store.get('apps/deployments', namespace, scaler.spec.scaleTargetRef.name);
    const replicas = target?.spec.replicas ?? 0;
    store.modify('autoscaling/horizontalpodautoscalers', namespace, name, (clone) => {
      clone.status = {
        currentReplicas: replicas,
        desiredReplicas: replicas,
        currentMetrics: scaler.spec.metrics.map((metric: Json) => ({
          type: 'Resource',
          resource: {
            name: metric.resource?.name,
            current: { averageUtilization: 34, averageValue: formatMemory(0) },
          },
        })),
        conditions: [
          {
            type: 'AbleToScale',
            status: 'True',
            reason: 'ReadyForNewScale',
            message: 'practice: the autoscaler only watches',
            lastTransitionTime:
              clone.status?.conditions?.[0]?.lastTransitionTime ?? kubeTime(this.#context.now()),
          },
        ],
      };
    });
  }
}
