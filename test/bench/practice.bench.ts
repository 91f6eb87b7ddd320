// The practice cluster's promises: a table of 1,000 pods hardly later than kubectl itself, and a start within 500 ms.

import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isPodReady } from '../../src/practice/controllers/cluster.ts';
import { type PracticeCluster, startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';
import { exitOf, runKubectl } from '../practice/kubectl.ts';
import { layOutPods } from '../practice/manyPods.ts';
import { type Bench, median } from './bench.ts';

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

/** Its output goes where benchmark programs send it: kubectl writes every cell of a table by itself, and to read some
 * 18,000 writes in this process would take its processor. */
async function kubectlMs(args: string[], kubeconfig: string): Promise<number> {
  const from = performance.now();
  const code = await exitOf(args, kubeconfig);
  const took = performance.now() - from;
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}`);
  return took;
}

/** Every pod made, started and counted: what is measured is the list, not the start of a thousand pods. */
async function settle(cluster: PracticeCluster): Promise<void> {
  const pods = cluster.registry.store;
  while (pods.list('/pods').some((pod) => !isPodReady(pod))) await delay(100);
  await delay(1_000);
}

/** The API's own answer, without kubectl's start before it. */
function answer(cluster: PracticeCluster): Promise<number> {
  return new Promise((resolve, reject) => {
    get(`${cluster.url}/readyz`, { rejectUnauthorized: false, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    }).on('error', reject);
  });
}

const getPods = ['get', 'pods', '-A'];

export const benches: Bench[] = [
  {
    name: 'practice: get 1,000 pods against 1.3 x kubectl version --client + 50 ms',
    limit: 1,
    unit: 'ratio',
    run: () =>
      withCluster(async (cluster) => {
        layOutPods(cluster, 1000);
        await settle(cluster);
        const { stdout } = await runKubectl(getPods, { kubeconfig: cluster.kubeconfigPath });
        const lines = stdout.trim().split('\n').length;
        if (lines !== 1001) throw new Error(`a head and 1,000 pods were expected: ${lines} lines`);
        // In turns, so that what else the machine does falls on both alike.
        const times = { pods: [] as number[], version: [] as number[] };
        for (let round = 0; round < 9; round += 1) {
          times.version.push(await kubectlMs(['version', '--client'], cluster.kubeconfigPath));
          times.pods.push(await kubectlMs(getPods, cluster.kubeconfigPath));
        }
        const version = median(times.version);
        const pods = median(times.pods);
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
        const status = await answer(cluster);
        const took = performance.now() - from;
        if (status !== 200) throw new Error(`the API answered ${status}`);
        const { stdout } = await runKubectl(['get', '--raw', '/readyz'], {
          kubeconfig: cluster.kubeconfigPath,
        });
        const kubectl = performance.now() - from;
        return {
          value: took / 500,
          detail: `${took.toFixed(0)} ms; kubectl's first answer, its own start included, ${kubectl.toFixed(0)} ms: ${stdout}`,
        };
      }),
  },
];
