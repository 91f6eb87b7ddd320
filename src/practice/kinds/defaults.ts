// What the API server fills into an object before it is stored, by `group/plural`.

import type { Json } from '../store/kubeObject.ts';
import { defaultPodSpec, defaults } from './podDefaults.ts';

const template = (object: Json): void => {
  const spec = object.spec?.template?.spec;
  if (spec) defaultPodSpec(spec);
};

const rules: Record<string, (object: Json) => void> = {
  '/pods': (pod) => defaultPodSpec(pod.spec),
  'apps/deployments': (object) => {
    template(object);
    defaults(object.spec, {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: {},
    });
    const { strategy } = object.spec;
    defaults(strategy, { type: 'RollingUpdate' });
    if (strategy.type === 'RollingUpdate') {
      defaults(strategy, { rollingUpdate: {} });
      defaults(strategy.rollingUpdate, { maxUnavailable: '25%', maxSurge: '25%' });
    }
    object.spec.template.metadata ??= {};
  },
  'apps/replicasets': (object) => {
    template(object);
    defaults(object.spec, { replicas: 1 });
  },
  'apps/statefulsets': (object) => {
    template(object);
    defaults(object.spec, {
      replicas: 1,
      revisionHistoryLimit: 10,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
  },
  'apps/daemonsets': (object) => {
    template(object);
    defaults(object.spec, {
      revisionHistoryLimit: 10,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    });
  },
  'batch/jobs': (object) => {
    template(object);
    defaults(object.spec, {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
    });
    const uid = { 'batch.kubernetes.io/controller-uid': object.metadata.uid };
    defaults(object.spec, { selector: { matchLabels: uid } });
    object.spec.template.metadata ??= {};
    const { metadata } = object.spec.template;
    metadata.labels = { ...metadata.labels, ...uid, 'batch.kubernetes.io/job-name': object.metadata.name };
    metadata.labels['job-name'] = object.metadata.name;
  },
  'batch/cronjobs': (object) => {
    template(object.spec.jobTemplate ?? {});
    defaults(object.spec, {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
  },
  '/services': (object) => {
    object.spec ??= {};
    defaults(object.spec, { type: 'ClusterIP', sessionAffinity: 'None' });
    for (const port of object.spec.ports ?? []) defaults(port, { protocol: 'TCP', targetPort: port.port });
    if (object.spec.type === 'ExternalName') return;
    defaults(object.spec, {
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    });
  },
  '/secrets': (object) => {
    object.type ??= 'Opaque';
    for (const [key, value] of Object.entries<string>(object.stringData ?? {})) {
      object.data ??= {};
      object.data[key] = Buffer.from(value).toString('base64');
    }
    delete object.stringData;
  },
  '/namespaces': (object) => {
    object.spec = { finalizers: ['kubernetes'], ...object.spec };
    object.status ??= { phase: 'Active' };
    object.metadata.labels = {
      ...object.metadata.labels,
      'kubernetes.io/metadata.name': object.metadata.name,
    };
  },
  '/persistentvolumeclaims': (object) => {
    defaults(object.spec, { volumeMode: 'Filesystem', storageClassName: 'standard' });
    object.status ??= { phase: 'Pending' };
  },
  '/persistentvolumes': (object) => {
    defaults(object.spec, { volumeMode: 'Filesystem', persistentVolumeReclaimPolicy: 'Retain' });
    object.status ??= { phase: 'Available' };
  },
  'networking.k8s.io/networkpolicies': (object) => {
    object.spec ??= {};
    defaults(object.spec, {
      podSelector: {},
      policyTypes: object.spec.egress ? ['Ingress', 'Egress'] : ['Ingress'],
    });
  },
  'storage.k8s.io/storageclasses': (object) =>
    defaults(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  'autoscaling/horizontalpodautoscalers': (object) => {
    const cpu = object.spec.targetCPUUtilizationPercentage;
    delete object.spec.targetCPUUtilizationPercentage;
    const target = { type: 'Utilization', averageUtilization: cpu ?? 80 };
    defaults(object.spec, {
      minReplicas: 1,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
    });
    object.apiVersion = 'autoscaling/v2';
  },
  'rbac.authorization.k8s.io/rolebindings': defaultSubjects,
  'rbac.authorization.k8s.io/clusterrolebindings': defaultSubjects,
  'apiextensions.k8s.io/customresourcedefinitions': (object) => {
    const { names } = object.spec;
    defaults(names, { listKind: `${names.kind}List`, singular: names.kind.toLowerCase() });
    defaults(object.spec, { conversion: { strategy: 'None' } });
    object.status ??= {
      acceptedNames: names,
      storedVersions: object.spec.versions.filter((one: Json) => one.storage).map((one: Json) => one.name),
      conditions: ['NamesAccepted', 'Established'].map((type) => ({
        type,
        status: 'True',
        reason: type === 'Established' ? 'InitialNamesAccepted' : 'NoConflicts',
        message: '',
        lastTransitionTime: object.metadata.creationTimestamp,
      })),
    };
  },
};

function defaultSubjects(object: Json): void {
  for (const subject of object.subjects ?? [])
    if (subject.kind !== 'ServiceAccount') defaults(subject, { apiGroup: 'rbac.authorization.k8s.io' });
}

/** Fills in `object`, which is of `resource` (`group/plural`) and already has its metadata. */
export function applyDefaults(resource: string, object: Json): void {
  rules[resource]?.(object);
}
