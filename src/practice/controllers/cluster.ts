// What every controller works with, and the queue that calls them: a change queues the objects it concerns,
// each is looked at once, in the next turn of the event loop.

import { type Disposable, DisposableStore, toDisposable } from '../../base/disposable.ts';
import type { Kind } from '../kinds/kind.ts';
import { ApiError } from '../store/apiError.ts';
import type { KubeObject } from '../store/kubeObject.ts';
import type { Change } from '../store/objectStore.ts';
import type { Registry } from '../store/registry.ts';
import type { EventRecorder } from './eventRecorder.ts';

/** How fast things happen here, in milliseconds of the wall's clock. */
export interface Pace {
  readonly podReadyMs: number;
  readonly podEndMs: number;
  readonly firstBackOffMs: number;
  readonly healthEveryMs: number;
  /** Seconds of the cluster's clock in one of the wall's: rates and alerts come and go so much sooner. */
  readonly clockRate: number;
}

export const normalPace: Pace = {
  podReadyMs: 2000,
  podEndMs: 1000,
  firstBackOffMs: 2000,
  healthEveryMs: 1000,
  clockRate: 1,
};

export interface ControllerContext {
  readonly registry: Registry;
  readonly events: EventRecorder;
  readonly pace: Pace;
  now(): number;
  /** A kind by `group/plural`. */
  kind(resource: string): Kind;
  /** Calls back later, unless the cluster has ended by then. */
  later(delayMs: number, act: () => void): Disposable;
}

export interface Controller {
  readonly name: string;
  /** The objects (`namespace/name`) that a change makes this controller look at. */
  concerns(change: Change): Iterable<string>;
  reconcile(namespace: string, name: string): void;
}

export class ControllerQueue implements Disposable {
  readonly #controllers: readonly Controller[];
  readonly #pending = new Map<string, { controller: Controller; key: string }>();
  readonly #held = new DisposableStore();
  #scheduled = false;

  constructor(context: ControllerContext, controllers: readonly Controller[]) {
    this.#controllers = controllers;
    this.#held.add(context.registry.store.onChange((change) => this.#enqueue(change)));
    this.#held.add(toDisposable(() => this.#pending.clear()));
  }

  #enqueue(change: Change): void {
    for (const controller of this.#controllers)
      for (const key of controller.concerns(change))
        this.#pending.set(`${controller.name} ${key}`, { controller, key });
    if (this.#pending.size === 0 || this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.drain();
    });
  }

  /** Works the queue until nothing is left, which needs no time: used at the start, before the API answers. */
  drain(): void {
    for (let round = 0; this.#pending.size > 0 && round < 100_000; round += 1) {
      const [id, { controller, key }] = this.#pending.entries().next().value!;
      this.#pending.delete(id);
      const slash = key.indexOf('/');
      try {
        controller.reconcile(key.slice(0, slash), key.slice(slash + 1));
      } catch (error) {
        // An object that went or was refused meanwhile: the change that did it has queued what follows.
        if (!(error instanceof ApiError)) throw error;
      }
    }
  }

  dispose(): void {
    this.#held.dispose();
  }
}

export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** The controlling owner's key, when it is of `kind`. */
export function ownerKey(object: KubeObject, kind: string): string[] {
  const owner = object.metadata.ownerReferences?.find((one) => one.controller && one.kind === kind);
  return owner ? [`${object.metadata.namespace}/${owner.name}`] : [];
}

export function ownerOf(object: KubeObject): NonNullable<KubeObject['metadata']['ownerReferences']>[number] {
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name: object.metadata.name,
    uid: object.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function isPodReady(pod: KubeObject): boolean {
  if (pod.metadata.deletionTimestamp) return false;
  const conditions: { type: string; status: string }[] = pod.status?.conditions ?? [];
  return conditions.some((one) => one.type === 'Ready' && one.status === 'True');
}
