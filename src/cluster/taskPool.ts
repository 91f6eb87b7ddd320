// Runs many small reads, a few at a time, until a deadline; what did not end in time is told by name.

import { toError } from '../base/runbookError.ts';
import { isClusterError } from './clusterError.ts';

export interface Missed {
  readonly what: string;
  readonly why: string;
}

export interface TaskPool {
  /** Tasks may add further ones while they run. */
  add(what: string, task: (signal: AbortSignal) => Promise<void>): void;
  /** Ends when all tasks have, or at the deadline; never throws. */
  run(): Promise<{ missed: Missed[]; durationMs: number }>;
}

export function createTaskPool(options: {
  readonly budgetMs: number;
  readonly concurrency?: number;
  readonly signal?: AbortSignal | undefined;
}): TaskPool {
  const waiting: { what: string; task: (signal: AbortSignal) => Promise<void> }[] = [];
  const running = new Set<string>();
  const missed: Missed[] = [];
  const controller = new AbortController();
  const late = `not within ${(options.budgetMs / 1000).toFixed(1)} s`;
  let over: string | undefined;
  let done: () => void = () => undefined;

  function next(): void {
    while (!over && running.size < (options.concurrency ?? 8) && waiting.length > 0) {
      const { what, task } = waiting.shift()!;
      running.add(what);
      task(controller.signal)
        .catch((error) => {
          if (over) return;
          const why = isClusterError(error, 'cluster-timeout') ? late : toError(error).message;
          missed.push({ what, why });
        })
        .finally(() => {
          if (over) return;
          running.delete(what);
          next();
        });
    }
    if (!over && running.size === 0 && waiting.length === 0) done();
  }

  return {
    add(what, task) {
      waiting.push({ what, task });
    },
    async run() {
      const start = performance.now();
      let timer: NodeJS.Timeout | undefined;
      const end = new Promise<string>((resolve) => {
        timer = setTimeout(() => resolve(late), options.budgetMs);
        options.signal?.addEventListener('abort', () => resolve('cancelled'), { once: true });
        if (options.signal?.aborted) resolve('cancelled');
        done = () => resolve('');
      });
      next();
      over = await end;
      clearTimeout(timer);
      if (over) {
        controller.abort();
        for (const what of [...running, ...waiting.map((one) => one.what)]) missed.push({ what, why: over });
      }
      over ||= 'done';
      return { missed, durationMs: performance.now() - start };
    },
  };
}
