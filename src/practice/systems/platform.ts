// What every cluster has under its systems: nodes, namespaces, storage, DNS, metrics, roles.

import type { Json } from '../store/kubeObject.ts';
import { configMap, deployment, object, service } from './manifests.ts';
import type { PracticeSystem } from './system.ts';

const rbac = 'rbac.authorization.k8s.io/v1';
const nodeNames = ['practice-control-plane-1', 'practice-worker-2', 'practice-worker-3'];

function node(name: string): Json {
  const controls = name.includes('control-plane');
  const role = controls ? { 'node-role.kubernetes.io/control-plane': '' } : {};
  const size = { cpu: '8', memory: '32Gi', pods: '500', 'ephemeral-storage': '200Gi' };
  const number = Number(/\d+$/.exec(name)![0]);
  return object('v1', 'Node', '', name, {
    metadata: {
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'practice.runbook-notebooks/cluster': 'practice',
        ...role,
      },
      annotations: { 'practice.runbook-notebooks/note': 'a node of the practice cluster: no machine' },
    },
    spec: controls
      ? { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }
      : {},
    status: {
      addresses: [
        { type: 'InternalIP', address: `172.18.0.${number + 2}` },
        { type: 'Hostname', address: name },
      ],
      capacity: size,
      allocatable: size,
      nodeInfo: {
        kubeletVersion: 'v1.32.0+practice',
        kubeProxyVersion: 'v1.32.0+practice',
        osImage: 'Practice Linux',
        kernelVersion: '6.1.0-practice',
        containerRuntimeVersion: 'practice://1.0',
        operatingSystem: 'linux',
        architecture: 'amd64',
        machineID: 'practice',
        systemUUID: 'practice',
        bootID: 'practice',
      },
    },
  });
}

const systemLabels = { 'k8s-app': 'kube-dns' };
const metricsLabels = { 'k8s-app': 'metrics-server' };

const roleRules: Record<string, Json[]> = {
  'cluster-admin': [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ],
  admin: [
    {
      apiGroups: ['', 'apps', 'batch', 'networking.k8s.io', 'autoscaling', 'policy'],
      resources: ['*'],
      verbs: ['*'],
    },
  ],
  edit: [
    {
      apiGroups: ['', 'apps', 'batch', 'networking.k8s.io', 'autoscaling', 'policy'],
      resources: ['*'],
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    },
  ],
  view: [
    {
      apiGroups: ['', 'apps', 'batch', 'networking.k8s.io', 'autoscaling', 'policy'],
      resources: [
        'pods',
        'pods/log',
        'services',
        'endpoints',
        'configmaps',
        'events',
        'deployments',
        'replicasets',
        'statefulsets',
        'daemonsets',
        'jobs',
        'cronjobs',
        'ingresses',
        'networkpolicies',
        'persistentvolumeclaims',
        'namespaces',
        'horizontalpodautoscalers',
        'poddisruptionbudgets',
        'serviceaccounts',
      ],
      verbs: ['get', 'list', 'watch'],
    },
  ],
};

export const platform: PracticeSystem = {
  name: 'platform',
  namespaces: ['default', 'kube-system', 'kube-public', 'ingress-nginx', 'monitoring'],
  programs: [],
  objects: [
    object('storage.k8s.io/v1', 'StorageClass', '', 'standard', {
      metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'practice.runbook-notebooks/memory',
      allowVolumeExpansion: true,
      volumeBindingMode: 'Immediate',
    }),
    ...nodeNames.map(node),
    ...Object.entries(roleRules).map(([name, rules]) => object(rbac, 'ClusterRole', '', name, { rules })),
    object(rbac, 'ClusterRoleBinding', '', 'cluster-admin', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'Group', name: 'system:masters', apiGroup: 'rbac.authorization.k8s.io' }],
    }),
    object('scheduling.k8s.io/v1', 'PriorityClass', '', 'system-cluster-critical', { value: 2_000_000_000 }),
    object('networking.k8s.io/v1', 'IngressClass', '', 'nginx', {
      spec: { controller: 'k8s.io/ingress-nginx' },
    }),
    configMap('kube-public', 'practice-cluster', {
      note: 'This is the practice cluster of Runbook Notebooks. Nothing here is real; nothing here can be harmed.',
    }),
    object('v1', 'Service', 'default', 'kubernetes', {
      metadata: { labels: { component: 'apiserver', provider: 'practice' } },
      spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
    }),
    deployment({ namespace: 'kube-system', name: 'coredns', labels: systemLabels, image: 'registry.k8s.io/coredns/coredns:v1.11.3', port: 9153, replicas: 2, requests: ['100m', '70Mi'], limits: ['500m', '170Mi'] }), // biome-ignore format: a row
    service('kube-system', 'kube-dns', systemLabels, 53, {
      metadata: {
        labels: { ...systemLabels, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
      },
      spec: { clusterIP: '10.96.0.10' },
    }),
    deployment({ namespace: 'kube-system', name: 'metrics-server', labels: metricsLabels, image: 'registry.k8s.io/metrics-server/metrics-server:v0.7.2', port: 10250, requests: ['100m', '200Mi'] }), // biome-ignore format: a row
    configMap('ingress-nginx', 'nginx-configuration', {
      'proxy-body-size': '8m',
      'rate-limit-requests-per-second': '100',
    }),
    deployment({ namespace: 'ingress-nginx', name: 'ingress-nginx-controller', labels: { app: 'ingress-nginx' }, image: 'registry.k8s.io/ingress-nginx/controller:v1.11.3', port: 80, requests: ['100m', '90Mi'] }), // biome-ignore format: a row
    service('ingress-nginx', 'ingress-nginx-controller', { app: 'ingress-nginx' }, 80, {
      spec: { type: 'LoadBalancer' },
    }),
  ],
};
