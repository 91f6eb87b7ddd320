// A practice cluster for the tests of one `describe`, with a runtime directory of its own that goes with it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type PracticeCluster, startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';

/** Call inside `describe`. @returns what holds the cluster while its tests run, and its directory from the start */
export function usePracticeCluster(): { readonly directory: string; readonly cluster: PracticeCluster } {
  const directory = mkdtempSync(path.join(tmpdir(), 'practice-'));
  let cluster: PracticeCluster | undefined;
  before(async () => {
    cluster = await startPracticeCluster({ runtimeDirectory: directory });
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
