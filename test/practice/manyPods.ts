// Fills a practice cluster with pods, for benchmarks.

import type { PracticeCluster } from '../../src/practice/startPracticeCluster.ts';

export function layOutPods(cluster: PracticeCluster, count: number): void {
  const kind = cluster.registry.kinds.byKind('v1', 'Pod')!;
  for (let index = 0; index < count; index += 1)
    cluster.registry.create(kind, 'default', {
      metadata: { name: `many-${index}` },
      spec: { containers: [{ name: 'one', image: 'plain:1' }] },
    });
}
