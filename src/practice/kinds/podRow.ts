// How a pod's state reads in one line: the word that kubectl shows as its status, and its restarts.
// Source: printPod in kubernetes/pkg/printers/internalversion.

import type { Json } from '../store/kubeObject.ts';
import { humanDuration } from './age.ts';

export function podRow(pod: Json, now: number): { ready: string; status: string; restarts: string } {
  const statuses: Json[] = pod.status?.containerStatuses ?? [];
  const total = pod.spec.containers.length;
  const readyCount = statuses.filter((one) => one.ready && one.state?.running).length;
  const restarts = statuses.reduce((sum, one) => sum + (one.restartCount ?? 0), 0);
  const lastEnd = Math.max(
    ...statuses.map((one) => Date.parse(one.lastState?.terminated?.finishedAt ?? '') || 0),
    0,
  );
  return {
    ready: `${readyCount}/${total}`,
    status: statusWord(pod, statuses),
    restarts:
      restarts > 0 && lastEnd ? `${restarts} (${humanDuration(now - lastEnd)} ago)` : String(restarts),
  };
}

function statusWord(pod: Json, statuses: Json[]): string {
  let word: string = pod.status?.reason ?? pod.status?.phase ?? 'Unknown';
  const init: Json[] = pod.status?.initContainerStatuses ?? [];
  const stuck = init.findIndex((one) => !(one.state?.terminated?.exitCode === 0));
  if (stuck >= 0) {
    const state = init[stuck]!.state ?? {};
    const why = state.waiting?.reason ?? state.terminated?.reason;
    return why && why !== 'PodInitializing' ? `Init:${why}` : `Init:${stuck}/${init.length}`;
  }
  let running = false;
  for (const { state, ready } of [...statuses].reverse()) {
    if (state?.waiting?.reason) word = state.waiting.reason;
    else if (state?.terminated) word = state.terminated.reason || `ExitCode:${state.terminated.exitCode}`;
    else if (ready && state?.running) running = true;
  }
  if (word === 'Completed' && running) word = 'Running';
  if (pod.metadata.deletionTimestamp) return pod.status?.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
  return word;
}
