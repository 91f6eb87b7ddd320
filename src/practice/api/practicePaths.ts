// Paths of our own beside Kubernetes': what this server is, its faults, and its end. For the admin only.

import { RunbookError } from '../../base/runbookError.ts';
import type { FaultBoard } from '../faults/faultBoard.ts';
import { ApiError } from '../store/apiError.ts';
import type { Json } from '../store/kubeObject.ts';

export interface PracticePaths {
  readonly faults: FaultBoard;
  /** Pods that aren't ready yet. */
  unreadyPods(): number;
  /** Asks the cluster's owner to end it. */
  stop(): void;
}

/** The answer to a request below `/practice`. */
export async function servePracticePath(parts: PracticePaths, method: string, path: string): Promise<Json> {
  const steps = path.split('/').filter(Boolean).slice(1);
  if (steps.length === 0)
    return {
      practice: true,
      note: 'the practice cluster of Runbook Notebooks',
      unreadyPods: parts.unreadyPods(),
    };
  if (steps[0] === 'stop' && method === 'POST') {
    setTimeout(() => parts.stop(), 20);
    return { stopping: true };
  }
  if (steps[0] === 'faults') {
    if (method === 'GET') return { faults: parts.faults.statuses() };
    if (method === 'POST' && steps[1])
      return parts.faults.start(steps[1]).catch((error: unknown) => {
        if (error instanceof RunbookError && error.code === 'no-such-fault')
          throw ApiError.badRequest(error.toLine());
        throw error;
      });
  }
  throw ApiError.noSuchPath();
}
