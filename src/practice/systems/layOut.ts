// Lays the systems out as if they had run for weeks: objects made long ago, a rollout a day ago, the restarts
// that happened since, files on the volumes, the last hour's events. Takes no time: the clock is turned back.

import type { ClusterNetwork } from '../containers/clusterNetwork.ts';
import type { ControllerQueue } from '../controllers/cluster.ts';
import type { EventRecorder } from '../controllers/eventRecorder.ts';
import type { Kubelet } from '../controllers/kubelet.ts';
import { ApiError } from '../store/apiError.ts';
import { type Json, kubeTime } from '../store/kubeObject.ts';
import type { Registry } from '../store/registry.ts';
import type { PracticeSystem } from './system.ts';

const hourMs = 3_600_000;
const madeHoursAgo = 63 * 24;
const rolledHoursAgo = 26;

export interface LayOutParts {
  readonly registry: Registry;
  readonly kubelet: Kubelet;
  readonly network: ClusterNetwork;
  readonly events: EventRecorder;
  readonly queue: ControllerQueue;
  /** Turns the cluster's clock: milliseconds to add to the real time. */
  setClockOffset(offsetMs: number): void;
}

export function layOut(parts: LayOutParts, systems: readonly PracticeSystem[]): void {
  const { kubelet, queue, events, network } = parts;
  kubelet.instant = true;
  parts.setClockOffset(-madeHoursAgo * hourMs);
  const namespaces = new Set(systems.flatMap((one) => one.namespaces));
  for (const name of namespaces) make(parts, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  queue.drain();
  for (const system of systems) {
    for (const [key, value] of Object.entries(system.facts ?? {}))
      network.facts.set(key, structuredClone(value));
    for (const object of system.objects) make(parts, withPreviousImage(object, system));
  }
  queue.drain();
  for (const node of parts.registry.store.list('/nodes')) markNodeReady(parts, node.metadata.name);
  queue.drain();
  parts.setClockOffset(-rolledHoursAgo * hourMs);
  for (const system of systems) rollOver(parts, system);
  queue.drain();
  for (const system of systems)
    for (const restart of system.restarts ?? []) {
      parts.setClockOffset(-restart.hoursAgo * hourMs);
      for (const pod of parts.registry.store.list('/pods', restart.namespace))
        if (pod.metadata.labels?.app === restart.app) kubelet.restart(pod, restart.exitCode, restart.reason);
    }
  queue.drain();
  parts.setClockOffset(0);
  for (const system of systems) {
    for (const file of system.volumeFiles ?? [])
      kubelet.volumes.ofClaim(file.namespace, file.claim).write(file.path, file.text ?? '', {
        mtimeMs: Date.now() - file.ageDays * 24 * hourMs,
        ...(file.size === undefined ? {} : { size: file.size }),
      });
  }
  events.expire();
  for (const system of systems)
    for (const { minutesAgo, namespace, object, ...note } of system.events ?? []) {
      const found = parts.registry.store
        .list(object[0], namespace)
        .find((one) => one.metadata.name.startsWith(object[1]));
      if (found) events.record(found, note, Date.now() - minutesAgo * 60_000);
    }
  kubelet.instant = false;
}

/** Makes an object with its status too, which a request's create would drop. */
export function make({ registry }: Pick<LayOutParts, 'registry'>, object: Json): void {
  const kind = registry.kinds.byKind(object.apiVersion, object.kind);
  if (!kind)
    throw new Error(`the practice systems name an unknown kind: ${object.apiVersion} ${object.kind}`);
  const { namespace = '', name } = object.metadata;
  try {
    registry.create(kind, namespace, object);
  } catch (error) {
    const known = error instanceof ApiError && error.reason === 'AlreadyExists';
    if (!known) throw error;
  }
  if (object.status)
    registry.store.modify(`${kind.group}/${kind.plural}`, namespace, name, (clone) => {
      clone.status = object.status;
    });
}

function withPreviousImage(object: Json, system: PracticeSystem): Json {
  const before = system.previousImages?.[object.metadata.name];
  if (!before || object.kind !== 'Deployment') return object;
  const clone = structuredClone(object);
  clone.spec.template.spec.containers[0].image = before;
  return clone;
}

function rollOver({ registry }: LayOutParts, system: PracticeSystem): void {
  for (const object of system.objects) {
    if (object.kind !== 'Deployment' || !system.previousImages?.[object.metadata.name]) continue;
    const { namespace, name } = object.metadata;
    const kind = registry.kinds.byKind('apps/v1', 'Deployment')!;
    const present = structuredClone(registry.get(kind, namespace, name));
    present.spec.template.spec.containers[0].image = object.spec.template.spec.containers[0].image;
    registry.update(kind, namespace, name, present);
  }
}

function markNodeReady({ registry }: LayOutParts, name: string): void {
  registry.store.modify('/nodes', '', name, (clone) => {
    const at = kubeTime(registry.store.now());
    const condition = (type: string, status: string, reason: string, message: string): Json => ({
      type, status, reason, message, lastHeartbeatTime: at, lastTransitionTime: at,
    }); // biome-ignore format: one condition
    clone.status.conditions = [
      condition(
        'MemoryPressure',
        'False',
        'KubeletHasSufficientMemory',
        'kubelet has sufficient memory available',
      ),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ];
  });
}
