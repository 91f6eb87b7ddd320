// What a fault hangs on, as the cluster was laid out: put back before the fault is made, so that it goes wrong whatever
// a cure, another fault or somebody's hand has left there.

import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ClusterNetwork } from '../containers/clusterNetwork.ts';
import { isPodReady } from '../controllers/cluster.ts';
import type { Kind } from '../kinds/kind.ts';
import type { Json, KubeObject } from '../store/kubeObject.ts';
import type { Registry } from '../store/registry.ts';
import { selectorMatches } from '../store/selectors.ts';
import type { Fault, Need, ObjectName } from './fault.ts';

/** Of the wall's clock: pods that do not come up by then never do, and the fault is made all the same. */
const settlesWithinMs = 20_000;
const lookEveryMs = 50;

export class LaidOut {
  readonly #registry: Registry;
  readonly #network: ClusterNetwork;
  readonly #objects = new Map<string, KubeObject>();
  readonly #facts = new Map<string, Json>();

  /** Remembers what these faults need, as it is now. */
  constructor(registry: Registry, network: ClusterNetwork, faults: readonly Fault[]) {
    this.#registry = registry;
    this.#network = network;
    for (const need of faults.flatMap(({ needs }) => needs)) {
      if ('fact' in need) {
        if (network.facts.has(need.fact))
          this.#facts.set(need.fact, structuredClone(network.facts.get(need.fact)!));
        continue;
      }
      const name = nameOf(need);
      const found = registry.store.get(...name);
      if (found) this.#objects.set(name.join(' '), structuredClone(found));
    }
  }

  /** Resolves once what had to be put back runs, or does not within 20 seconds. Rejects with an ApiError. */
  async restore(needs: readonly Need[]): Promise<void> {
    const changed = needs.filter((need) => this.#putBack(need));
    if (changed.length === 0) return;
    // What only has to be up may be unready for a reason of its own.
    const workloads = [...needs.filter((need) => 'laid' in need), ...changed].flatMap((need) =>
      'fact' in need ? [] : [nameOf(need)],
    );
    for (const name of workloads) this.#dropUnready(name);
    const end = Date.now() + settlesWithinMs;
    do await delay(lookEveryMs);
    while (Date.now() < end && !workloads.every((name) => this.#isSettled(name)));
  }

  /** Whether anything had to be done. */
  #putBack(need: Need): boolean {
    if ('fact' in need) {
      const { facts } = this.#network;
      const laid = this.#facts.get(need.fact);
      if (isDeepStrictEqual(facts.get(need.fact), laid)) return false;
      if (laid === undefined) facts.delete(need.fact);
      else facts.set(need.fact, structuredClone(laid));
      return true;
    }
    const name = nameOf(need);
    const laid = this.#objects.get(name.join(' '));
    if (!laid) return false;
    const present = this.#registry.store.get(...name);
    if (present && 'up' in need && this.#isUp(present)) return false;
    const kind = this.#kindOf(name);
    if (!present) {
      const { labels, annotations } = laid.metadata;
      const metadata = {
        name: name[2],
        ...(labels ? { labels } : {}),
        ...(annotations ? { annotations } : {}),
      };
      const { status, ...rest } = structuredClone(laid);
      this.#registry.create(kind, name[1], { ...rest, metadata });
      return true;
    }
    const wanted = asLaid(present, laid);
    if (isDeepStrictEqual(wanted, present)) return false;
    this.#registry.update(kind, name[1], name[2], wanted);
    return true;
  }

  #isUp({ spec, status }: KubeObject): boolean {
    return spec?.replicas === undefined || (status?.availableReplicas ?? 0) > 0;
  }

  /** A pod in a long back-off would be waited for in vain. */
  #dropUnready(name: ObjectName): void {
    const selector = this.#registry.store.get(...name)?.spec?.selector?.matchLabels;
    if (!selector) return;
    const kind = this.#kindOf(['/pods', name[1], '']);
    for (const pod of this.#registry.store.list('/pods', name[1]))
      if (selectorMatches(selector, pod.metadata.labels, true) && !isPodReady(pod))
        if (!pod.metadata.deletionTimestamp) this.#registry.delete(kind, name[1], pod.metadata.name);
  }

  #isSettled(name: ObjectName): boolean {
    const found = this.#registry.store.get(...name);
    if (found?.spec?.replicas === undefined) return true;
    const { replicas } = found.spec;
    const { status, metadata } = found;
    return (
      status?.observedGeneration === metadata.generation &&
      [status.replicas, status.updatedReplicas, status.readyReplicas].every((one) => (one ?? 0) === replicas)
    );
  }

  #kindOf([resource]: ObjectName): Kind {
    const kind = this.#registry.kinds.byResource(resource);
    if (!kind) throw new Error(`the faults name an unknown kind: ${resource}`);
    return kind;
  }
}

function nameOf(need: Exclude<Need, { fact: string }>): ObjectName {
  return 'laid' in need ? need.laid : need.up;
}

/** All but its metadata and status; a restart that somebody asked for stays noted, or there would be another. */
function asLaid(present: KubeObject, laid: KubeObject): KubeObject {
  const { metadata, status, ...rest } = structuredClone(laid);
  const wanted: Json = { ...structuredClone(present), ...rest };
  for (const key of ['clusterIP', 'clusterIPs'])
    if (present.spec?.[key] && wanted.spec?.[key]) wanted.spec[key] = present.spec[key];
  const annotations = present.spec?.template?.metadata?.annotations;
  if (annotations) wanted.spec.template.metadata.annotations = annotations;
  return wanted;
}
