// One signal of a call's time limit and its caller's own signal, which can tell afterwards which of them it was.

import { type ClusterError, cancelled, timedOut } from './clusterError.ts';

export interface TimeLimit {
  readonly signal: AbortSignal;
  /** The error to throw, where the limit or the caller ended the call. */
  error(): ClusterError | undefined;
  /** The call is over: the timer goes. */
  dispose(): void;
}

export function timeLimit(server: string, what: string, timeoutMs: number, caller?: AbortSignal): TimeLimit {
  const controller = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    controller.abort();
  }, timeoutMs);
  const onAbort = (): void => controller.abort();
  if (caller?.aborted) controller.abort();
  caller?.addEventListener('abort', onAbort);
  return {
    signal: controller.signal,
    error: () => (late ? timedOut(server, what, timeoutMs) : caller?.aborted ? cancelled(what) : undefined),
    dispose() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', onAbort);
    },
  };
}
