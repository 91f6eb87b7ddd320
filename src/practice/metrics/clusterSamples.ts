// What the cluster itself shows of its state, under the names that kube-state-metrics and the kubelet give it.

import { usageOf } from '../api/metricsApi.ts';
import type { Sample } from '../containers/program.ts';
import type { Kubelet } from '../controllers/kubelet.ts';
import { parseQuantity } from '../kinds/quantity.ts';
import type { Json } from '../store/kubeObject.ts';
import type { ObjectStore } from '../store/objectStore.ts';

export function clusterSamples(store: ObjectStore, kubelet: Kubelet): Sample[] {
  return [...ofContainers(kubelet), ...ofPods(store), ...ofWorkloads(store), ...ofVolumes(store, kubelet)];
}

function* ofContainers(kubelet: Kubelet): Generator<Sample> {
  for (const one of kubelet.running()) {
    const { namespace = '', name: pod } = one.pod.metadata;
    const labels = { namespace, pod, container: one.spec.name as string };
    const usage = usageOf(one);
    yield { name: 'container_memory_working_set_bytes', labels, value: usage.memoryBytes };
    yield { name: 'container_cpu_usage_seconds_total', labels, perSecond: usage.cpuCores };
    yield {
      name: 'container_network_transmit_bytes_total',
      labels: { namespace, pod },
      perSecond: 4000 + usage.cpuCores * 90_000,
    };
    const own = one.program.metrics?.(one);
    if (!own) continue;
    yield {
      name: 'up',
      labels: { job: own[0]?.labels?.job ?? one.spec.name, namespace, pod },
      value: one.ready ? 1 : 0,
    };
    for (const sample of own) yield { ...sample, labels: { ...sample.labels, namespace, pod } };
  }
}

function* ofPods(store: ObjectStore): Generator<Sample> {
  for (const pod of store.each('/pods')) {
    const { namespace = '', name } = pod.metadata;
    for (const one of pod.status?.containerStatuses ?? []) {
      const labels = { namespace, pod: name, container: one.name as string };
      yield { name: 'kube_pod_container_status_restarts_total', labels, value: one.restartCount };
      yield { name: 'kube_pod_container_status_ready', labels, value: one.ready ? 1 : 0 };
      const waiting = one.state?.waiting?.reason;
      if (waiting)
        yield {
          name: 'kube_pod_container_status_waiting_reason',
          labels: { ...labels, reason: waiting },
          value: 1,
        };
      const ended: Json = one.lastState?.terminated ?? one.state?.terminated;
      if (ended)
        yield {
          name: 'kube_pod_container_status_last_terminated_reason',
          labels: { ...labels, reason: ended.reason },
          value: 1,
        };
    }
  }
}

function* ofWorkloads(store: ObjectStore): Generator<Sample> {
  for (const [resource, kind] of [
    ['apps/deployments', 'deployment'],
    ['apps/statefulsets', 'statefulset'],
  ] as const)
    for (const one of store.each(resource)) {
      const labels = { namespace: one.metadata.namespace ?? '', [kind]: one.metadata.name };
      const ready = one.status?.[kind === 'deployment' ? 'availableReplicas' : 'readyReplicas'] ?? 0;
      yield {
        name: kind === 'deployment' ? 'kube_deployment_spec_replicas' : 'kube_statefulset_replicas',
        labels,
        value: one.spec.replicas,
      };
      yield {
        name:
          kind === 'deployment'
            ? 'kube_deployment_status_replicas_available'
            : 'kube_statefulset_status_replicas_ready',
        labels,
        value: ready,
      };
    }
}

function* ofVolumes(store: ObjectStore, kubelet: Kubelet): Generator<Sample> {
  for (const claim of store.each('/persistentvolumeclaims')) {
    const { namespace = '', name } = claim.metadata;
    const labels = { namespace, persistentvolumeclaim: name };
    const capacity = parseQuantity(claim.status?.capacity?.storage);
    if (capacity === undefined) continue;
    yield { name: 'kubelet_volume_stats_capacity_bytes', labels, value: capacity };
    yield {
      name: 'kubelet_volume_stats_used_bytes',
      labels,
      value: kubelet.volumes.ofClaim(namespace, name).used(),
    };
  }
}
