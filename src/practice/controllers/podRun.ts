// A pod as its kubelet runs it.

import type { Disposable } from '../../base/disposable.ts';
import type { ContainerRun } from '../containers/containerRun.ts';
import type { Json, KubeObject } from '../store/kubeObject.ts';

export interface PodRun {
  pod: KubeObject;
  readonly containers: ContainerRun[];
  readonly init: ContainerRun[];
  readonly ip: string;
  readonly timers: Set<Disposable>;
  ending: boolean;
  backOffMs: number;
}

/** `number` gives the pod its address. */
export function newPodRun(
  pod: KubeObject,
  make: (spec: Json) => ContainerRun,
  number: number,
  firstBackOffMs: number,
): PodRun {
  return {
    pod,
    containers: pod.spec.containers.map(make),
    init: (pod.spec.initContainers ?? []).map(make),
    ip: `10.244.${(number >> 8) & 255}.${number & 255}`,
    timers: new Set(),
    ending: false,
    backOffMs: firstBackOffMs,
  };
}

export function backOffText({ pod }: PodRun, one: ContainerRun): string {
  const { name, namespace, uid } = pod.metadata;
  return `restarting failed container ${one.spec.name} in pod ${name}_${namespace}(${uid})`;
}
