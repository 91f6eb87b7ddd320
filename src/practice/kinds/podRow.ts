// How a pod's state reads in one line: the word that kubectl shows as its status, and its restarts.
// Source: printPod in kubernetes/pkg/printers/internalversion.

import type { Json } from '../store/kubeObject.ts';
import { humanDuration } from './age.ts';

const statusesOf = (pod: Json): Json[] => pod.status?.containerStatuses ?? [];

/** `1/2`: containers ready, of all. */
export function podReady(pod: Json): string {
  const ready = statusesOf(pod).filter((one) => one.ready && one.state?.running).length;
  return `${ready}/${pod.spec.containers.length}`;
}

/** `3 (5m ago)`. */
export function podRestarts(pod: Json, now: number): string {
  const statuses = statusesOf(pod);
  const restarts = statuses.reduce((sum, one) => sum + (one.restartCount ?? 0), 0);
  const lastEnd = Math.max(
    ...statuses.map((one) => Date.parse(one.lastState?.terminated?.finishedAt ?? '') || 0),
    0,
  );
  return restarts > 0 && lastEnd ? `${restarts} (${humanDuration(now - lastEnd)} ago)` : String(restarts);
}

export function podStatus(pod: Json): string {
  let word: string = pod.status?.reason ?? pod.status?.phase ?? 'Unknown';
  const init: Json[] = pod.status?.initContainerStatuses ?? [];
  const stuck = init.findIndex((one) => !(one.state?.terminated?.exitCode === 0));
  if (stuck >= 0) {
    const state = init[stuck]!.state ?? {};
    const why = state.waiting?.reason ?? state.terminated?.reason;
    return why && why !== 'PodInitializing' ? `Init:${why}` : `Init:${stuck}/${init.length}`;
  }
  let running = false;
  for (const { state, ready } of [...statusesOf(pod)].reverse()) {
    if (state?.waiting?.reason) word = state.waiting.reason;
    else if (state?.terminated) word = state.terminated.reason || `ExitCode:${state.terminated.exitCode}`;
    else if (ready && state?.running) running = true;
  }
  if (word === 'Completed' && running) word = 'Running';
  if (pod.metadata.deletionTimestamp) return pod.status?.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
  return word;
}
