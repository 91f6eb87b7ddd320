// A namespace `shop` of our own on a practice cluster, laid out by the real kubectl: what the tests of this room read
// and change.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { type Kubeconfig, loadKubeconfig } from '../../src/cluster/kubeconfigFile.ts';
import { openCluster } from '../../src/cluster/openCluster.ts';
import { type PinnedTarget, targetOf, writePrivateKubeconfig } from '../../src/cluster/pinnedTarget.ts';
import { startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';

const container = (image: string) => `
        - name: app
          image: ${image}
          ports: [{ containerPort: 8080 }]
          env: [{ name: MODE, value: plain }, { name: LEVEL, value: info }]
          resources: { limits: { cpu: "1", memory: 256Mi }, requests: { cpu: 100m, memory: 128Mi } }`;

export const shopManifests = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, labels: { app: web, team: shop } }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:${container('shop/web:v1')}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: store, namespace: shop, labels: { app: store } }
spec:
  serviceName: store
  replicas: 2
  selector: { matchLabels: { app: store } }
  template:
    metadata: { labels: { app: store } }
    spec:
      containers:${container('shop/store:v1')}
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, labels: { app: web } }
spec:
  selector: { app: web }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: shop, labels: { app: web } }
data: { mode: plain, level: info }
---
apiVersion: v1
kind: Secret
metadata: { name: login, namespace: shop }
stringData: { password: hunter2-secret }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: shelves.shop.example.com }
spec:
  group: shop.example.com
  scope: Namespaced
  names: { plural: shelves, singular: shelf, kind: Shelf, shortNames: [shf] }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, x-kubernetes-preserve-unknown-fields: true } } } }
`;

const shelf = `
apiVersion: shop.example.com/v1
kind: Shelf
metadata: { name: upper, namespace: shop }
spec: { rows: 3, goods: [tea, rice] }
`;

export interface Shop {
  readonly cluster: Cluster;
  readonly config: Kubeconfig;
  readonly target: PinnedTarget;
  readonly folder: string;
  /** The private kubeconfig that pins it. */
  readonly kubeconfig: string;
  /** The real kubectl in the pinned namespace; throws where it fails. */
  kubectl(argv: readonly string[], input?: string): Promise<string>;
  close(): Promise<void>;
}

export async function openShop(): Promise<Shop> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cluster-shop-'));
  const practice = await startPracticeCluster({ runtimeDirectory: folder });
  const admin = { KUBECONFIG: practice.kubeconfigPath };
  await execa('kubectl', ['create', 'namespace', 'shop'], { env: admin });
  const config = await loadKubeconfig({ env: admin });
  const target = await targetOf(config, { namespace: 'shop' });
  const kubeconfig = path.join(folder, 'private');
  await writePrivateKubeconfig(config, target, kubeconfig);
  const env = { KUBECONFIG: kubeconfig };
  const kubectl = async (argv: readonly string[], input?: string): Promise<string> => {
    const run = await execa('kubectl', argv, {
      env,
      cwd: folder,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
    });
    return run.stdout;
  };
  await kubectl(['apply', '-f', '-'], shopManifests);
  await kubectl(['wait', '--for=condition=established', 'crd/shelves.shop.example.com']);
  await kubectl(['apply', '-f', '-'], shelf);
  await kubectl(['rollout', 'status', 'deployment/web', '--timeout=20s']);
  await kubectl(['rollout', 'status', 'statefulset/store', '--timeout=20s']);
  const cluster = openCluster(config, target);
  return {
    cluster,
    config,
    target,
    folder,
    kubeconfig,
    kubectl,
    async close() {
      cluster.dispose();
      await practice.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
