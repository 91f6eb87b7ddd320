// The built-in kinds, one a row: kind, plural, short names, scope, subresources, client-node's model.
// Source: `kubectl api-resources` of Kubernetes 1.32.

import type { Kind } from './kind.ts';

type Row = [
  kind: string,
  plural: string,
  shortNames: string,
  traits?: string,
  subresources?: string,
  model?: string,
];

/** Traits: `c` cluster-scoped, `a` in the category `all`, `r` create only (a review). */
const table: Record<string, Row[]> = {
  v1: [
    ['Binding', 'bindings', '', 'r', '', 'V1Binding'],
    ['ComponentStatus', 'componentstatuses', 'cs', 'c', '', 'V1ComponentStatus'],
    ['ConfigMap', 'configmaps', 'cm', '', '', 'V1ConfigMap'],
    ['Endpoints', 'endpoints', 'ep', '', '', 'V1Endpoints'],
    ['Event', 'events', 'ev', '', '', 'CoreV1Event'],
    ['LimitRange', 'limitranges', 'limits', '', '', 'V1LimitRange'],
    ['Namespace', 'namespaces', 'ns', 'c', 'status finalize', 'V1Namespace'],
    ['Node', 'nodes', 'no', 'c', 'status proxy', 'V1Node'],
    ['PersistentVolumeClaim', 'persistentvolumeclaims', 'pvc', '', 'status', 'V1PersistentVolumeClaim'],
    ['PersistentVolume', 'persistentvolumes', 'pv', 'c', 'status', 'V1PersistentVolume'],
    [
      'Pod',
      'pods',
      'po',
      'a',
      'status log exec attach portforward proxy eviction ephemeralcontainers',
      'V1Pod',
    ],
    ['PodTemplate', 'podtemplates', '', '', '', 'V1PodTemplate'],
    ['ReplicationController', 'replicationcontrollers', 'rc', 'a', 'status', 'V1ReplicationController'],
    ['ResourceQuota', 'resourcequotas', 'quota', '', 'status', 'V1ResourceQuota'],
    ['Secret', 'secrets', '', '', '', 'V1Secret'],
    ['ServiceAccount', 'serviceaccounts', 'sa', '', 'token', 'V1ServiceAccount'],
    ['Service', 'services', 'svc', 'a', 'status proxy', 'V1Service'],
  ],
  'admissionregistration.k8s.io/v1': [
    ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', '', 'c'],
    ['ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', '', 'c'],
  ],
  'apiextensions.k8s.io/v1': [
    ['CustomResourceDefinition', 'customresourcedefinitions', 'crd crds', 'c', 'status'],
  ],
  'apiregistration.k8s.io/v1': [['APIService', 'apiservices', '', 'c', 'status']],
  'apps/v1': [
    ['ControllerRevision', 'controllerrevisions', ''],
    ['DaemonSet', 'daemonsets', 'ds', 'a', 'status'],
    ['Deployment', 'deployments', 'deploy', 'a', 'status scale'],
    ['ReplicaSet', 'replicasets', 'rs', 'a', 'status scale'],
    ['StatefulSet', 'statefulsets', 'sts', 'a', 'status scale'],
  ],
  'authentication.k8s.io/v1': [
    ['SelfSubjectReview', 'selfsubjectreviews', '', 'cr'],
    ['TokenReview', 'tokenreviews', '', 'cr'],
  ],
  'authorization.k8s.io/v1': [
    ['LocalSubjectAccessReview', 'localsubjectaccessreviews', '', 'r'],
    ['SelfSubjectAccessReview', 'selfsubjectaccessreviews', '', 'cr'],
    ['SelfSubjectRulesReview', 'selfsubjectrulesreviews', '', 'cr'],
    ['SubjectAccessReview', 'subjectaccessreviews', '', 'cr'],
  ],
  'autoscaling/v2': [
    [
      'HorizontalPodAutoscaler',
      'horizontalpodautoscalers',
      'hpa',
      'a',
      'status',
      'V2HorizontalPodAutoscaler',
    ],
  ],
  'autoscaling/v1': [['HorizontalPodAutoscaler', 'horizontalpodautoscalers', 'hpa', 'a', 'status']],
  'batch/v1': [
    ['CronJob', 'cronjobs', 'cj', 'a', 'status'],
    ['Job', 'jobs', '', 'a', 'status'],
  ],
  'certificates.k8s.io/v1': [
    ['CertificateSigningRequest', 'certificatesigningrequests', 'csr', 'c', 'status approval'],
  ],
  'coordination.k8s.io/v1': [['Lease', 'leases', '']],
  'discovery.k8s.io/v1': [['EndpointSlice', 'endpointslices', '']],
  'metrics.k8s.io/v1beta1': [
    ['NodeMetrics', 'nodes', '', 'c', '', '-'],
    ['PodMetrics', 'pods', '', '', '', '-'],
  ],
  'networking.k8s.io/v1': [
    ['IngressClass', 'ingressclasses', '', 'c'],
    ['Ingress', 'ingresses', 'ing', '', 'status'],
    ['NetworkPolicy', 'networkpolicies', 'netpol'],
  ],
  'policy/v1': [['PodDisruptionBudget', 'poddisruptionbudgets', 'pdb', '', 'status']],
  'rbac.authorization.k8s.io/v1': [
    ['ClusterRoleBinding', 'clusterrolebindings', '', 'c'],
    ['ClusterRole', 'clusterroles', '', 'c'],
    ['RoleBinding', 'rolebindings', ''],
    ['Role', 'roles', ''],
  ],
  'scheduling.k8s.io/v1': [['PriorityClass', 'priorityclasses', 'pc', 'c']],
  'storage.k8s.io/v1': [
    ['CSIDriver', 'csidrivers', '', 'c'],
    ['StorageClass', 'storageclasses', 'sc', 'c'],
    ['VolumeAttachment', 'volumeattachments', '', 'c', 'status'],
  ],
};

function toKind(apiVersion: string, row: Row): Kind {
  const [kind, plural, shortNames, traits = '', subresources = '', model] = row;
  const [version, group = ''] = apiVersion.split('/').reverse() as [string, string?];
  const words = (text: string): string[] => text.split(' ').filter(Boolean);
  return {
    group,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: words(shortNames),
    categories: traits.includes('a') ? ['all'] : [],
    namespaced: !traits.includes('c'),
    subresources: words(subresources),
    model: model === '-' ? '' : (model ?? `${version[0]!.toUpperCase()}${version.slice(1)}${kind}`),
    ...(traits.includes('r') ? { createOnly: true } : {}),
  };
}

export const builtInKinds: readonly Kind[] = Object.entries(table).flatMap(([apiVersion, rows]) =>
  rows.map((row) => toKind(apiVersion, row)),
);
