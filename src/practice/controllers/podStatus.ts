// A pod's status, made of its containers' states.

import type { ContainerRun } from '../containers/containerRun.ts';
import { type Json, type KubeObject, kubeTime } from '../store/kubeObject.ts';

interface RunOfPod {
  readonly containers: ContainerRun[];
  readonly init: ContainerRun[];
  readonly ip: string;
}

export function podStatus(pod: KubeObject, run: RunOfPod, nowMs: number): Json {
  const now = kubeTime(nowMs);
  const before: Json = pod.status ?? {};
  const own = run.containers.filter((one) => !one.spec.ephemeral);
  const phase = phaseOf(own, pod.spec.restartPolicy, before.phase);
  const done = phase === 'Succeeded' || phase === 'Failed';
  const ready = own.every((one) => one.ready) && !pod.metadata.deletionTimestamp;
  const unready = own.filter((one) => !one.ready).map((one) => one.spec.name);
  const why = done ? 'PodCompleted' : 'ContainersNotReady';
  const told = { reason: why, message: `containers with unready status: [${unready.join(' ')}]` };
  const condition = (type: string, holds: boolean, more: Json = {}): Json => {
    const status = holds ? 'True' : 'False';
    const old = before.conditions?.find((one: Json) => one.type === type);
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : now;
    return { type, status, lastProbeTime: null, lastTransitionTime, ...(holds ? {} : more) };
  };
  const node = hostAddress(pod.spec.nodeName);
  const ephemeral = run.containers.filter((one) => one.spec.ephemeral);
  return {
    phase,
    conditions: [
      condition('PodReadyToStartContainers', true),
      condition('Initialized', true),
      condition('Ready', ready, told),
      condition('ContainersReady', ready, told),
      condition('PodScheduled', true),
    ],
    hostIP: node,
    hostIPs: [{ ip: node }],
    podIP: run.ip,
    podIPs: [{ ip: run.ip }],
    startTime: before.startTime ?? now,
    qosClass: before.qosClass,
    containerStatuses: own.map((one) => one.toStatus()),
    ...(run.init.length ? { initContainerStatuses: run.init.map((one) => one.toStatus()) } : {}),
    ...(ephemeral.length ? { ephemeralContainerStatuses: ephemeral.map((one) => one.toStatus()) } : {}),
    ...(before.reason ? { reason: before.reason, message: before.message } : {}),
  };
}

function phaseOf(own: ContainerRun[], policy: string, before: string | undefined): string {
  const ended = own.every((one) => one.phase.is === 'terminated');
  const clean = own.every((one) => one.ended?.exitCode === 0);
  if (ended && (policy === 'Never' || (policy === 'OnFailure' && clean)))
    return clean ? 'Succeeded' : 'Failed';
  const everStarted = own.every((one) => one.startedAt > 0);
  return everStarted || before === 'Running' ? 'Running' : 'Pending';
}

/** The address of a node: kept in its name's digits, so that it needs no look-up. */
function hostAddress(node: string): string {
  return `172.18.0.${(Number(/\d+$/.exec(node)?.[0] ?? 0) % 250) + 2}`;
}
