// A practice cluster for the tests of one `describe`, with a runtime directory of its own that goes with it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Pace } from '../../src/practice/controllers/cluster.ts';
import { type PracticeCluster, startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';

/** Pods come and go as soon as a test can see it. */
export const quickPace: Partial<Pace> = { podReadyMs: 200, podEndMs: 100, healthEveryMs: 250 };

/** Call inside `describe`. @returns what holds the cluster while its tests run, and its directory from the start */
export function usePracticeCluster(pace?: Partial<Pace>): {
  readonly directory: string;
  readonly cluster: PracticeCluster;
} {
  const directory = mkdtempSync(path.join(tmpdir(), 'practice-'));
  let cluster: PracticeCluster | undefined;
  before(async () => {
    cluster = await startPracticeCluster({ runtimeDirectory: directory, ...(pace ? { pace } : {}) });
  });
  after(async () => {
    await cluster?.dispose();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    directory,
    get cluster() {
      if (!cluster)
        throw new Error('The practice cluster starts before the tests, not while they are described.');
      return cluster;
    },
  };
}
