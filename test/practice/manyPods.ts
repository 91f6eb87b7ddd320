// Fills a practice cluster up to so many pods, those of its systems counted, for benchmarks.

import type { PracticeCluster } from '../../src/practice/startPracticeCluster.ts';

export function layOutPods(cluster: PracticeCluster, count: number): void {
  const kind = cluster.registry.kinds.byKind('v1', 'Pod')!;
  const present = cluster.registry.store.list('/pods').length;
  for (let index = present; index < count; index += 1)
    cluster.registry.create(kind, 'default', {
      metadata: { name: `many-${index}` },
      spec: { containers: [{ name: 'one', image: 'plain:1' }] },
    });
}
