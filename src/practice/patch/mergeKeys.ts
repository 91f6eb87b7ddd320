// Which lists of the built-in kinds merge, and by which key: what the API's `patchStrategy` and
// `patchMergeKey` tags say. Every other list is replaced as a whole.

export interface ListStrategy {
  /** The field that tells elements apart; undefined for a list of scalars. */
  readonly key?: string;
}

const lists: Record<string, string> = {
  'V1ObjectMeta.ownerReferences': 'uid',
  'V1PodSpec.volumes': 'name',
  'V1PodSpec.containers': 'name',
  'V1PodSpec.initContainers': 'name',
  'V1PodSpec.ephemeralContainers': 'name',
  'V1PodSpec.imagePullSecrets': 'name',
  'V1PodSpec.hostAliases': 'ip',
  'V1PodSpec.topologySpreadConstraints': 'topologyKey',
  'V1PodSpec.schedulingGates': 'name',
  'V1PodSpec.resourceClaims': 'name',
  'V1Container.ports': 'containerPort',
  'V1Container.env': 'name',
  'V1Container.volumeMounts': 'mountPath',
  'V1Container.volumeDevices': 'devicePath',
  'V1EphemeralContainer.ports': 'containerPort',
  'V1EphemeralContainer.env': 'name',
  'V1EphemeralContainer.volumeMounts': 'mountPath',
  'V1EphemeralContainer.volumeDevices': 'devicePath',
  'V1ServiceSpec.ports': 'port',
  'V1ServiceAccount.secrets': 'name',
  'V1PodStatus.podIPs': 'ip',
  'V1PodStatus.hostIPs': 'ip',
  'V1NodeStatus.addresses': 'type',
  'V1MutatingWebhookConfiguration.webhooks': 'name',
  'V1ValidatingWebhookConfiguration.webhooks': 'name',
  'V1CSINodeSpec.drivers': 'name',
};

const scalarLists = new Set(['V1ObjectMeta.finalizers', 'V1NodeSpec.podCIDRs']);

/** Statuses whose `conditions` merge by `type`. */
const withConditions = new Set([
  'V1DaemonSetStatus', 'V1DeploymentStatus', 'V1ReplicaSetStatus', 'V1StatefulSetStatus', 'V1JobStatus',
  'V1NamespaceStatus', 'V1NodeStatus', 'V1PersistentVolumeClaimStatus', 'V1PodStatus', 'V1ServiceStatus',
  'V1ReplicationControllerStatus', 'V1PodDisruptionBudgetStatus', 'V1APIServiceStatus',
]); // biome-ignore format: names

/** Structs whose unnamed fields go when a patch carries `$retainKeys`. */
export const retainKeys = new Set([
  'V1DeploymentSpec.strategy',
  'V1PodSpec.volumes',
  'V1PodSpec.resourceClaims',
]);

/** How the list `model.field` merges; undefined when it is replaced. */
export function listStrategy(model: string, field: string): ListStrategy | undefined {
  const path = `${model}.${field}`;
  const key = lists[path] ?? (field === 'conditions' && withConditions.has(model) ? 'type' : undefined);
  if (key) return { key };
  return scalarLists.has(path) ? {} : undefined;
}
