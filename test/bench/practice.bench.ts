// The practice cluster's promises: a table of 1,000 pods hardly later than kubectl itself, and a start within 500 ms.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type PracticeCluster, startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';
import { runKubectl } from '../practice/kubectl.ts';
import { layOutPods } from '../practice/manyPods.ts';
import type { Bench } from './bench.ts';

async function withCluster<T>(use: (cluster: PracticeCluster, startMs: number) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(path.join(tmpdir(), 'practice-bench-'));
  const from = performance.now();
  const cluster = await startPracticeCluster({ runtimeDirectory: directory });
  try {
    return await use(cluster, from);
  } finally {
    await cluster.dispose();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function medianMs(args: string[], kubeconfig: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const from = performance.now();
    const { code, stderr } = await runKubectl(args, { kubeconfig });
    if (code !== 0) throw new Error(stderr);
    times.push(performance.now() - from);
  }
  return times.sort((a, b) => a - b)[2]!;
}

export const benches: Bench[] = [
  {
    name: 'practice: get 1,000 pods against 1.3 x kubectl version --client + 50 ms',
    limit: 1,
    unit: 'ratio',
    run: () =>
      withCluster(async (cluster) => {
        layOutPods(cluster, 1000);
        await medianMs(['get', 'pods', '-A'], cluster.kubeconfigPath);
        const version = await medianMs(['version', '--client'], cluster.kubeconfigPath);
        const pods = await medianMs(['get', 'pods', '-A'], cluster.kubeconfigPath);
        const detail = `get pods ${pods.toFixed(0)} ms, version --client ${version.toFixed(0)} ms`;
        return { value: pods / (1.3 * version + 50), detail };
      }),
  },
  {
    name: 'practice: start to first answer against 500 ms',
    limit: 1,
    unit: 'ratio',
    run: () =>
      withCluster(async (cluster, from) => {
        const answer = await runKubectl(['get', '--raw', '/healthz'], { kubeconfig: cluster.kubeconfigPath });
        const took = performance.now() - from;
        return {
          value: took / 500,
          detail: `${took.toFixed(0)} ms, kubectl's own start included: ${answer.stdout}`,
        };
      }),
  },
];
