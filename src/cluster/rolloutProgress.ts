// How far a rollout is, by the rules of `kubectl rollout status`: pods updated, ready and available of those wanted.

import type { CallOptions } from './apiTransport.ts';
import { cancelled } from './clusterError.ts';
import { type KubernetesObject, listAt, numberAt, textAt } from './kubernetesObject.ts';

export interface RolloutProgress {
  readonly wanted: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly done: boolean;
  /** It won't go on by itself, and why. */
  readonly failed: string | undefined;
  /** One line for people. */
  readonly message: string;
}

/** Of a Deployment, StatefulSet or DaemonSet as it was read. */
export function rolloutProgress(object: KubernetesObject): RolloutProgress {
  const daemon = object.kind === 'DaemonSet';
  const count = (name: string): number => numberAt(object, 'status', name) ?? 0;
  const wanted = daemon ? count('desiredNumberScheduled') : (numberAt(object, 'spec', 'replicas') ?? 1);
  const updated = daemon ? count('updatedNumberScheduled') : count('updatedReplicas');
  const ready = daemon ? count('numberReady') : count('readyReplicas');
  // A StatefulSet's status tells ready pods; `availableReplicas` came late and may be missing.
  const available = daemon
    ? count('numberAvailable')
    : object.kind === 'StatefulSet'
      ? ready
      : count('availableReplicas');
  const total = daemon ? wanted : count('replicas');
  const seen = (numberAt(object, 'status', 'observedGeneration') ?? 0) >= (object.metadata.generation ?? 0);

  const stuck = listAt(object, 'status', 'conditions').find(
    (condition) =>
      textAt(condition, 'type') === 'Progressing' &&
      textAt(condition, 'reason') === 'ProgressDeadlineExceeded',
  );
  const failed = stuck ? (textAt(stuck, 'message') ?? 'it exceeded its deadline') : undefined;
  const name = `${object.kind.toLowerCase()}/${object.metadata.name}`;
  const rest = { wanted, updated, ready, available };
  const is = (done: boolean, what: string): RolloutProgress => ({
    ...rest,
    done,
    failed,
    message: `${name}: ${what}`,
  });

  if (failed) return is(false, failed);
  if (!seen) return is(false, 'the change is not taken up yet');
  if (object.kind === 'StatefulSet') return statefulSet(object, is, rest);
  if (updated < wanted) return is(false, `${updated} of ${wanted} pods are updated`);
  if (total > updated) return is(false, `${total - updated} old pods still run`);
  if (available < updated) return is(false, `${available} of ${updated} updated pods are available`);
  return is(true, wanted === 0 ? 'scaled to nothing' : `all ${wanted} pods are ready`);
}

function statefulSet(
  object: KubernetesObject,
  is: (done: boolean, what: string) => RolloutProgress,
  { wanted, updated, ready }: { wanted: number; updated: number; ready: number },
): RolloutProgress {
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') {
    return is(true, 'its pods change only when they are deleted');
  }
  const current = textAt(object, 'status', 'currentRevision');
  const update = textAt(object, 'status', 'updateRevision');
  const partition = numberAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
  if (ready < wanted) return is(false, `${ready} of ${wanted} pods are ready`);
  if (partition > 0) {
    const due = Math.max(wanted - partition, 0);
    if (updated < due) return is(false, `${updated} of ${due} pods above the partition are updated`);
  } else if (update !== current && updated < wanted) {
    return is(false, `${updated} of ${wanted} pods are updated`);
  }
  return is(true, wanted === 0 ? 'scaled to nothing' : `all ${wanted} pods are ready`);
}

/** Reads again every `everyMs` until it is done, has failed, or the signal ends it; tells each change. */
export async function followRollout(
  read: (options: CallOptions) => Promise<KubernetesObject>,
  onProgress: (progress: RolloutProgress) => void,
  { signal, everyMs = 1_000 }: { signal?: AbortSignal; everyMs?: number } = {},
): Promise<RolloutProgress> {
  let told = '';
  for (;;) {
    const progress = rolloutProgress(await read(signal ? { signal } : {}));
    const line = JSON.stringify(progress);
    if (line !== told) onProgress(progress);
    told = line;
    if (progress.done || progress.failed) return progress;
    await pause(everyMs, signal);
  }
}

function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(cancelled('Following the rollout'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, durationMs);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}
