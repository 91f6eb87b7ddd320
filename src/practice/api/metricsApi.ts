// metrics.k8s.io: what `kubectl top` reads, computed from the running containers.

import type { ContainerRun } from '../containers/containerRun.ts';
import type { Usage } from '../containers/program.ts';
import type { Kubelet } from '../controllers/kubelet.ts';
import { formatCpu, formatMemory, parseQuantity } from '../kinds/quantity.ts';
import { ApiError } from '../store/apiError.ts';
import { type Json, type KubeObject, kubeTime } from '../store/kubeObject.ts';
import type { ObjectStore } from '../store/objectStore.ts';
import type { Matcher } from '../store/selectors.ts';

/** A container's usage: its program's word, or a little that wavers with time. */
export function usageOf(one: ContainerRun): Usage {
  const told = one.program.usage?.(one);
  if (told) return told;
  const seed = [...one.pod.metadata.uid].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const wave = 1 + 0.15 * Math.sin(one.cluster.now() / 60_000 + seed);
  const asked = parseQuantity(one.spec.resources?.requests?.memory);
  return { cpuCores: 0.004 * wave, memoryBytes: (asked ? asked * 0.5 : 24 * 2 ** 20) * wave };
}

export class MetricsApi {
  readonly #store: ObjectStore;
  readonly #kubelet: Kubelet;

  constructor(store: ObjectStore, kubelet: Kubelet) {
    this.#store = store;
    this.#kubelet = kubelet;
  }

  answer(plural: string, namespace: string, name: string, matches: Matcher): Json {
    const nodes = plural === 'nodes';
    const make = (object: KubeObject): Json => (nodes ? this.#node(object) : this.#pod(object));
    const resource = nodes ? '/nodes' : '/pods';
    if (name) {
      const object = this.#store.get(resource, namespace, name);
      if (!object) throw ApiError.notFound(plural, 'metrics.k8s.io', name);
      return make(object);
    }
    const running = (object: KubeObject): boolean => nodes || object.status?.phase === 'Running';
    const items = this.#store.list(resource, namespace).filter(matches).filter(running).map(make);
    return {
      kind: nodes ? 'NodeMetricsList' : 'PodMetricsList',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: { resourceVersion: String(this.#store.version) },
      items,
    };
  }

  #frame(kind: string, { metadata }: KubeObject): Json {
    const { name, namespace, labels, creationTimestamp } = metadata;
    return {
      kind,
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: { name, ...(namespace ? { namespace } : {}), labels, creationTimestamp },
      timestamp: kubeTime(this.#store.now()),
      window: '15s',
    };
  }

  #pod(pod: KubeObject): Json {
    const containers = [...this.#containersOf(pod)].map((one) => ({
      name: one.spec.name,
      usage: toUsage(usageOf(one)),
    }));
    return { ...this.#frame('PodMetrics', pod), containers };
  }

  *#containersOf(pod: KubeObject): Generator<ContainerRun> {
    for (const { name } of pod.spec.containers) {
      const run = this.#kubelet.containerOf(pod.metadata.uid, name);
      if (run?.phase.is === 'running') yield run;
    }
  }

  #node(node: KubeObject): Json {
    let cpuCores = 0.12;
    let memoryBytes = 900 * 2 ** 20;
    for (const one of this.#kubelet.running()) {
      if (one.pod.spec.nodeName !== node.metadata.name) continue;
      const usage = usageOf(one);
      cpuCores += usage.cpuCores;
      memoryBytes += usage.memoryBytes;
    }
    return { ...this.#frame('NodeMetrics', node), usage: toUsage({ cpuCores, memoryBytes }) };
  }
}

function toUsage({ cpuCores, memoryBytes }: Usage): Json {
  return { cpu: formatCpu(cpuCores), memory: formatMemory(memoryBytes) };
}
