// The columns of server-side tables, by `group/plural`. Names and order are those of kubectl's documentation.

import type { Json } from '../store/kubeObject.ts';
import { ageOf, humanDuration } from './age.ts';
import { jsonPath } from './jsonPath.ts';
import type { Column, Kind } from './kind.ts';
import { resourceOf } from './kind.ts';
import { podReady, podRestarts, podStatus } from './podRow.ts';

type Value = Column['value'];

/** `Name` alone, `Name*` only wide, `Name#` an integer. */
function column(name: string, value: Value): Column {
  const wide = name.endsWith('*');
  const integer = name.endsWith('#');
  return {
    name: name.replace(/[*#]$/, ''),
    type: integer ? 'integer' : 'string',
    priority: wide ? 1 : 0,
    ...(name === 'Name' ? { format: 'name' } : {}),
    value,
  };
}

const name = column('Name', '.metadata.name');
const age = column('Age', (object, now) => ageOf(object.metadata.creationTimestamp, now));

function columns(...pairs: (string | Value)[]): Column[] {
  const made: Column[] = [];
  for (let index = 0; index < pairs.length; index += 2)
    made.push(column(pairs[index] as string, pairs[index + 1]!));
  return made;
}

const labelsText = (labels: Record<string, string> | undefined): string =>
  Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '<none>';
const selectorText = (object: Json): string => {
  const { matchLabels, matchExpressions = [] } = object.spec.selector ?? {};
  const sets = matchExpressions.map((one: Json) =>
    one.values ? `${one.key} ${one.operator.toLowerCase()} (${one.values.join(',')})` : one.key,
  );
  return [...(matchLabels ? [labelsText(matchLabels)] : []), ...sets].join(',') || '<none>';
};
const containers = (object: Json): Json[] => object.spec.template?.spec?.containers ?? [];
const workloadWide = columns(
  'Containers*',
  (o) =>
    containers(o)
      .map((one) => one.name)
      .join(','),
  'Images*',
  (o) =>
    containers(o)
      .map((one) => one.image)
      .join(','),
  'Selector*',
  selectorText,
);
const roleNames = (object: Json): string =>
  Object.keys(object.metadata.labels ?? {})
    .filter((key) => key.startsWith('node-role.kubernetes.io/'))
    .map((key) => key.slice('node-role.kubernetes.io/'.length))
    .join(',') || '<none>';
const nodeStatus = (object: Json): string => {
  const ready = object.status?.conditions?.find((one: Json) => one.type === 'Ready');
  const word = ready?.status === 'True' ? 'Ready' : ready ? 'NotReady' : 'Unknown';
  return object.spec?.unschedulable ? `${word},SchedulingDisabled` : word;
};
const nodeAddress = (object: Json, type: string): string =>
  object.status?.addresses?.find((one: Json) => one.type === type)?.address ?? '<none>';
const count = (map: Json): number => Object.keys(map ?? {}).length;
const modes: Record<string, string> = { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX' };
const accessModes = (object: Json): string =>
  (object.spec.accessModes ?? []).map((mode: string) => modes[mode] ?? mode).join(',');
const servicePorts = (object: Json): string =>
  (object.spec.ports ?? [])
    .map((port: Json) => `${port.port}${port.nodePort ? `:${port.nodePort}` : ''}/${port.protocol ?? 'TCP'}`)
    .join(',') || '<none>';
const endpointsText = (object: Json): string => {
  const all = (object.subsets ?? []).flatMap((subset: Json) =>
    (subset.addresses ?? []).flatMap((address: Json) =>
      (subset.ports ?? []).map((port: Json) => `${address.ip}:${port.port}`),
    ),
  );
  return all.length > 3
    ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...`
    : all.join(',') || '<none>';
};
const hpaTargets = (object: Json): string =>
  (object.spec.metrics ?? [])
    .map((metric: Json, index: number) => {
      const now = object.status?.currentMetrics?.[index]?.resource?.current?.averageUtilization;
      const wanted = metric.resource?.target?.averageUtilization;
      return `${metric.resource?.name ?? metric.type}: ${now === undefined ? '<unknown>' : `${now}%`}/${wanted}%`;
    })
    .join(', ') || '<none>';
const jobStatus = (object: Json): string => {
  const done = object.status?.conditions?.find((one: Json) => one.status === 'True');
  return done ? done.type : object.metadata.deletionTimestamp ? 'Terminating' : 'Running';
};
const lastSeen = (object: Json): string | undefined =>
  object.lastTimestamp ?? object.eventTime ?? object.firstTimestamp ?? object.metadata.creationTimestamp;

/** Without an entry a kind shows its name and when it was made. */
const table: Record<string, Column[]> = {
  '/pods': [
    name,
    ...columns('Ready', podReady, 'Status', podStatus, 'Restarts', podRestarts),
    age,
    ...columns(
      'IP*', '.status.podIP', 'Node*', '.spec.nodeName',
      'Nominated Node*', '.status.nominatedNodeName', 'Readiness Gates*', '.status.readinessGates',
    ), // biome-ignore format: pairs
  ],
  'apps/deployments': [
    name,
    ...columns(
      'Ready', (o) => `${o.status?.readyReplicas ?? 0}/${o.spec.replicas ?? 1}`,
      'Up-to-date#', (o) => o.status?.updatedReplicas ?? 0,
      'Available#', (o) => o.status?.availableReplicas ?? 0,
    ), // biome-ignore format: pairs
    age,
    ...workloadWide,
  ],
  'apps/replicasets': [
    name,
    ...columns(
      'Desired#', (o) => o.spec.replicas ?? 1,
      'Current#', (o) => o.status?.replicas ?? 0,
      'Ready#', (o) => o.status?.readyReplicas ?? 0,
    ), // biome-ignore format: pairs
    age,
    ...workloadWide,
  ],
  'apps/statefulsets': [
    name,
    ...columns('Ready', (o) => `${o.status?.readyReplicas ?? 0}/${o.spec.replicas ?? 1}`),
    age,
    ...workloadWide.slice(0, 2),
  ],
  'apps/daemonsets': [
    name,
    ...columns(
      'Desired#', (o) => o.status?.desiredNumberScheduled ?? 0,
      'Current#', (o) => o.status?.currentNumberScheduled ?? 0,
      'Ready#', (o) => o.status?.numberReady ?? 0,
      'Up-to-date#', (o) => o.status?.updatedNumberScheduled ?? 0,
      'Available#', (o) => o.status?.numberAvailable ?? 0,
      'Node Selector', (o) => labelsText(o.spec.template.spec.nodeSelector),
    ), // biome-ignore format: pairs
    age,
    ...workloadWide,
  ],
  'apps/controllerrevisions': [
    name,
    ...columns(
      'Controller', (o) => {
        const owner = o.metadata.ownerReferences?.[0];
        return owner ? `${owner.kind.toLowerCase()}.apps/${owner.name}` : undefined;
      },
      'Revision#', '.revision',
    ), // biome-ignore format: pairs
    age,
  ],
  'batch/jobs': [
    name,
    ...columns(
      'Status', jobStatus,
      'Completions', (o) => `${o.status?.succeeded ?? 0}/${o.spec.completions ?? 1}`,
      'Duration', (o, now) =>
        o.status?.startTime
          ? humanDuration(
              (o.status.completionTime ? Date.parse(o.status.completionTime) : now) -
                Date.parse(o.status.startTime),
            )
          : '',
    ), // biome-ignore format: pairs
    age,
    ...workloadWide,
  ],
  'batch/cronjobs': [
    name,
    ...columns(
      'Schedule', '.spec.schedule', 'Timezone', '.spec.timeZone',
      'Suspend', (o) => (o.spec.suspend ? 'True' : 'False'),
      'Active#', (o) => o.status?.active?.length ?? 0,
      'Last Schedule', (o, now) => (o.status?.lastScheduleTime ? ageOf(o.status.lastScheduleTime, now) : undefined),
    ), // biome-ignore format: pairs
    age,
  ],
  '/services': [
    name,
    ...columns(
      'Type', '.spec.type', 'Cluster-IP', '.spec.clusterIP',
      'External-IP', (o) =>
        o.spec.externalIPs?.join(',') ??
        o.status?.loadBalancer?.ingress?.map((one: Json) => one.ip ?? one.hostname).join(',') ??
        o.spec.externalName ??
        (o.spec.type === 'LoadBalancer' ? '<pending>' : '<none>'),
      'Port(s)', servicePorts,
    ), // biome-ignore format: pairs
    age,
    ...columns('Selector*', (o) => labelsText(o.spec.selector)),
  ],
  '/endpoints': [name, ...columns('Endpoints', endpointsText), age],
  '/configmaps': [name, ...columns('Data#', (o) => count(o.data) + count(o.binaryData)), age],
  '/secrets': [name, ...columns('Type', '.type', 'Data#', (o) => count(o.data)), age],
  '/serviceaccounts': [name, ...columns('Secrets#', (o) => o.secrets?.length ?? 0), age],
  '/namespaces': [name, ...columns('Status', '.status.phase'), age],
  '/nodes': [
    name,
    ...columns('Status', nodeStatus, 'Roles', roleNames),
    age,
    ...columns(
      'Version', '.status.nodeInfo.kubeletVersion',
      'Internal-IP*', (o) => nodeAddress(o, 'InternalIP'), 'External-IP*', (o) => nodeAddress(o, 'ExternalIP'),
      'OS-Image*', '.status.nodeInfo.osImage', 'Kernel-Version*', '.status.nodeInfo.kernelVersion',
      'Container-Runtime*', '.status.nodeInfo.containerRuntimeVersion',
    ), // biome-ignore format: pairs
  ],
  '/persistentvolumeclaims': [
    name,
    ...columns(
      'Status', (o) => (o.metadata.deletionTimestamp ? 'Terminating' : o.status?.phase),
      'Volume', '.spec.volumeName', 'Capacity', '.status.capacity.storage', 'Access Modes', accessModes,
      'StorageClass', '.spec.storageClassName', 'VolumeAttributesClass', '.spec.volumeAttributesClassName',
    ), // biome-ignore format: pairs
    age,
    ...columns('VolumeMode*', '.spec.volumeMode'),
  ],
  '/persistentvolumes': [
    name,
    ...columns(
      'Capacity', '.spec.capacity.storage', 'Access Modes', accessModes,
      'Reclaim Policy', '.spec.persistentVolumeReclaimPolicy', 'Status', '.status.phase',
      'Claim', (o) => (o.spec.claimRef ? `${o.spec.claimRef.namespace}/${o.spec.claimRef.name}` : ''),
      'StorageClass', '.spec.storageClassName', 'Reason', (o) => o.status?.reason ?? '',
    ), // biome-ignore format: pairs
    age,
  ],
  '/events': [
    ...columns(
      'Last Seen', (o, now) => ageOf(lastSeen(o), now), 'Type', '.type', 'Reason', '.reason',
      'Object', (o) => `${o.involvedObject.kind.toLowerCase()}/${o.involvedObject.name}`,
      'Subobject*', '.involvedObject.fieldPath',
      'Source*', (o) => [o.source?.component, o.source?.host].filter(Boolean).join(', '),
      'Message', (o) => o.message?.trim(),
      'First Seen*', (o, now) => ageOf(o.firstTimestamp ?? o.metadata.creationTimestamp, now),
      'Count*', (o) => o.count ?? 1, 'Name*', '.metadata.name',
    ), // biome-ignore format: pairs
  ],
  'networking.k8s.io/ingresses': [
    name,
    ...columns(
      'Class', '.spec.ingressClassName',
      'Hosts', (o) => (o.spec.rules ?? []).map((rule: Json) => rule.host ?? '*').join(',') || '*',
      'Address', (o) => (o.status?.loadBalancer?.ingress ?? []).map((one: Json) => one.ip ?? one.hostname).join(','),
      'Ports', (o) => (o.spec.tls?.length ? '80, 443' : '80'),
    ), // biome-ignore format: pairs
    age,
  ],
  'networking.k8s.io/networkpolicies': [
    name,
    ...columns('Pod-Selector', (o) => selectorText({ spec: { selector: o.spec.podSelector } })),
    age,
  ],
  'networking.k8s.io/ingressclasses': [
    name,
    ...columns('Controller', '.spec.controller', 'Parameters', '.spec.parameters.name'),
    age,
  ],
  'autoscaling/horizontalpodautoscalers': [
    name,
    ...columns(
      'Reference', (o) => `${o.spec.scaleTargetRef.kind}/${o.spec.scaleTargetRef.name}`, 'Targets', hpaTargets,
      'MinPods', (o) => String(o.spec.minReplicas ?? 1), 'MaxPods#', '.spec.maxReplicas',
      'Replicas#', (o) => o.status?.currentReplicas ?? 0,
    ), // biome-ignore format: pairs
    age,
  ],
  'policy/poddisruptionbudgets': [
    name,
    ...columns(
      'Min Available', (o) => String(o.spec.minAvailable ?? 'N/A'),
      'Max Unavailable', (o) => String(o.spec.maxUnavailable ?? 'N/A'),
      'Allowed Disruptions#', (o) => o.status?.disruptionsAllowed ?? 0,
    ), // biome-ignore format: pairs
    age,
  ],
  'storage.k8s.io/storageclasses': [
    column('Name', (o) =>
      o.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'
        ? `${o.metadata.name} (default)`
        : o.metadata.name,
    ),
    ...columns(
      'Provisioner', '.provisioner', 'ReclaimPolicy', '.reclaimPolicy', 'VolumeBindingMode', '.volumeBindingMode',
      'AllowVolumeExpansion', (o) => o.allowVolumeExpansion ?? false,
    ), // biome-ignore format: pairs
    age,
  ],
  'rbac.authorization.k8s.io/rolebindings': [
    name,
    ...columns('Role', (o) => `${o.roleRef.kind}/${o.roleRef.name}`),
    age,
  ],
  'scheduling.k8s.io/priorityclasses': [
    name,
    ...columns('Value#', '.value', 'Global-Default', (o) => o.globalDefault ?? false),
    age,
  ],
  'coordination.k8s.io/leases': [name, ...columns('Holder', '.spec.holderIdentity'), age],
};
table['rbac.authorization.k8s.io/clusterrolebindings'] = table['rbac.authorization.k8s.io/rolebindings']!;

const plain = [name, column('Created At', '.metadata.creationTimestamp')];

export function columnsOf(kind: Kind): readonly Column[] {
  if (kind.custom) return [name, ...(kind.custom.columns ?? [age])];
  return table[resourceOf(kind)] ?? plain;
}

/** Whether the cell is another a moment later, though the object is the same: a function says so by asking for `now`. */
export function tellsTime({ type, value }: Column): boolean {
  return typeof value === 'function' ? value.length > 1 : type === 'date';
}

/** One cell: what a JSONPath or a function gives, dates of custom columns as ages. */
export function cellOf(one: Column, object: Json, now: number): Json {
  if (typeof one.value === 'function') return one.value(object, now) ?? '<none>';
  const found = jsonPath(object, one.value);
  if (one.type === 'date') return ageOf(found[0], now);
  if (found.length === 0) return one.type === 'string' ? '<none>' : null;
  if (found.length > 1) return found.join(',');
  return typeof found[0] === 'object' ? JSON.stringify(found[0]) : found[0];
}
