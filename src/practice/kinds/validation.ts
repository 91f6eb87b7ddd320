// What the API server refuses to store: the rules that people meet. Each gives field paths and messages in
// the API server's words.

import type { Json, KubeObject } from '../store/kubeObject.ts';
import { selectorMatches } from '../store/selectors.ts';
import { parseQuantity } from './quantity.ts';

export interface Cause {
  readonly field: string;
  readonly message: string;
}

const required = 'Required value';
const immutable = 'field is immutable';
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const looseNames = new Set(['rbac.authorization.k8s.io']);

const invalidName = (name: string): string =>
  `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;

/** Everything wrong with `object`; `previous` is what it replaces. */
export function validate(resource: string, object: KubeObject, previous?: KubeObject): Cause[] {
  const causes: Cause[] = [];
  const { name } = object.metadata;
  const form = resource === '/namespaces' || resource === '/services' ? label : subdomain;
  const group = resource.slice(0, resource.indexOf('/'));
  if (!looseNames.has(group) && (!form.test(name) || name.length > 253))
    causes.push({ field: 'metadata.name', message: invalidName(name) });
  for (const [key, value] of Object.entries(object.metadata.labels ?? {})) {
    if (!/^([A-Za-z0-9]([-\w.]*[A-Za-z0-9])?)?$/.test(value) || value.length > 63)
      causes.push({
        field: 'metadata.labels',
        message: `Invalid value: "${value}": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (label ${key})`,
      });
  }
  rules[resource]?.(object, previous, (field, message) => causes.push({ field, message }));
  return causes;
}

type Tell = (field: string, message: string) => void;

const rules: Record<string, (object: KubeObject, previous: KubeObject | undefined, tell: Tell) => void> = {
  '/pods': (pod, previous, tell) => {
    podSpec(pod.spec, 'spec', tell);
    if (previous && frozenPart(pod.spec) !== frozenPart(previous.spec))
      tell(
        'spec',
        'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
      );
  },
  'apps/deployments': workload,
  'apps/replicasets': workload,
  'apps/daemonsets': workload,
  'apps/statefulsets': (object, previous, tell) => {
    workload(object, previous, tell);
    const { replicas: _r, template: _t, updateStrategy: _u, ...fixed } = object.spec;
    if (!previous) return;
    const { replicas: _pr, template: _pt, updateStrategy: _pu, ...before } = previous.spec;
    if (fixed.serviceName !== before.serviceName)
      tell(
        'spec',
        "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      );
  },
  'batch/jobs': (job, previous, tell) => {
    podSpec(job.spec?.template?.spec, 'spec.template.spec', tell);
    const policy = job.spec?.template?.spec?.restartPolicy;
    if (policy === 'Always')
      tell('spec.template.spec.restartPolicy', 'Required value: valid values: "OnFailure", "Never"');
    if (previous && JSON.stringify(job.spec.template) !== JSON.stringify(previous.spec.template))
      tell('spec.template', `Invalid value: ${immutable}`);
  },
  '/services': (service, previous, tell) => {
    const { spec } = service;
    if (spec.type !== 'ExternalName' && spec.clusterIP !== 'None' && !(spec.ports?.length > 0))
      tell('spec.ports', required);
    for (const [index, port] of (spec.ports ?? []).entries()) {
      if (!(port.port > 0 && port.port < 65_536))
        tell(
          `spec.ports[${index}].port`,
          `Invalid value: ${port.port}: must be between 1 and 65535, inclusive`,
        );
      if (spec.ports.length > 1 && !port.name) tell(`spec.ports[${index}].name`, required);
    }
    const before = previous?.spec.clusterIP;
    if (before && spec.type !== 'ExternalName' && spec.clusterIP !== before)
      tell('spec.clusterIPs[0]', `Invalid value: ["${spec.clusterIP}"]: may not change once set`);
  },
  '/configmaps': frozenWhenImmutable,
  '/secrets': (secret, previous, tell) => {
    frozenWhenImmutable(secret, previous, tell);
    if (previous && previous.type !== secret.type)
      tell('type', `Invalid value: "${secret.type}": ${immutable}`);
  },
  '/persistentvolumeclaims': (claim, previous, tell) => {
    if (!claim.spec?.accessModes?.length)
      tell('spec.accessModes', 'Required value: at least 1 access mode is required');
    const wanted = parseQuantity(claim.spec?.resources?.requests?.storage);
    if (wanted === undefined) tell('spec.resources[storage]', required);
    const before = parseQuantity(previous?.spec.resources.requests.storage);
    if (before !== undefined && wanted !== undefined && wanted < before)
      tell('spec.resources.requests.storage', `Forbidden: field can not be less than status.capacity`);
  },
  'autoscaling/horizontalpodautoscalers': (hpa, _previous, tell) => {
    if (!(hpa.spec?.maxReplicas >= (hpa.spec?.minReplicas ?? 1)))
      tell(
        'spec.maxReplicas',
        `Invalid value: ${hpa.spec?.maxReplicas}: must be greater than or equal to \`minReplicas\``,
      );
  },
  'rbac.authorization.k8s.io/rolebindings': frozenRole,
  'rbac.authorization.k8s.io/clusterrolebindings': frozenRole,
};

function frozenPart(spec: Json): string {
  const images = (one: Json): Json => ({ ...one, image: '' });
  const fixed = {
    ...spec,
    containers: spec.containers.map(images),
    initContainers: (spec.initContainers ?? []).map(images),
    activeDeadlineSeconds: 0,
    tolerations: 0,
    terminationGracePeriodSeconds: 0,
    ephemeralContainers: 0,
    nodeName: 0,
    serviceAccount: 0,
  };
  return JSON.stringify(fixed, Object.keys(flatKeys(fixed)).sort());
}

/** All keys at any depth: given to JSON.stringify, they make the text independent of their order. */
function flatKeys(value: Json, into: Record<string, true> = {}): Record<string, true> {
  if (value && typeof value === 'object')
    for (const [key, one] of Object.entries(value)) {
      into[key] = true;
      flatKeys(one, into);
    }
  return into;
}

function workload(object: KubeObject, previous: KubeObject | undefined, tell: Tell): void {
  const { spec } = object;
  if (!spec?.selector) tell('spec.selector', required);
  if (!spec?.template) {
    tell('spec.template', required);
    return;
  }
  if (spec.replicas < 0)
    tell('spec.replicas', `Invalid value: ${spec.replicas}: must be greater than or equal to 0`);
  const labels = spec.template.metadata?.labels;
  if (spec.selector && !selectorMatches(spec.selector, labels))
    tell(
      'spec.template.metadata.labels',
      `Invalid value: ${JSON.stringify(labels ?? null)}: \`selector\` does not match template \`labels\``,
    );
  if (previous && JSON.stringify(previous.spec.selector) !== JSON.stringify(spec.selector))
    tell('spec.selector', `Invalid value: ${JSON.stringify(spec.selector)}: ${immutable}`);
  const claims = (spec.volumeClaimTemplates ?? []).map((one: Json) => one.metadata?.name);
  podSpec(spec.template.spec, 'spec.template.spec', tell, claims);
}

function podSpec(spec: Json, path: string, tell: Tell, claims: readonly string[] = []): void {
  if (!spec?.containers?.length) {
    tell(`${path}.containers`, required);
    return;
  }
  const volumes = new Set([...claims, ...(spec.volumes ?? []).map((one: Json) => one.name)]);
  const names = new Set<string>();
  if (spec.dnsPolicy === 'None' && !spec.dnsConfig?.nameservers?.length)
    tell(
      `${path}.dnsConfig.nameservers`,
      'Required value: must provide at least one DNS nameserver when `dnsPolicy` is None',
    );
  for (const [index, one] of spec.containers.entries()) {
    const at = `${path}.containers[${index}]`;
    if (!one.name) tell(`${at}.name`, required);
    else if (names.has(one.name)) tell(`${at}.name`, `Duplicate value: "${one.name}"`);
    names.add(one.name);
    if (!one.image) tell(`${at}.image`, required);
    const { limits = {}, requests = {} } = one.resources ?? {};
    for (const [resource, quantity] of Object.entries<string>(requests)) {
      const most = parseQuantity(limits[resource]);
      if (most !== undefined && parseQuantity(quantity)! > most)
        tell(
          `${at}.resources.requests`,
          `Invalid value: "${quantity}": must be less than or equal to ${resource} limit of ${limits[resource]}`,
        );
    }
    for (const [mountIndex, mount] of (one.volumeMounts ?? []).entries())
      if (!volumes.has(mount.name))
        tell(`${at}.volumeMounts[${mountIndex}].name`, `Not found: "${mount.name}"`);
    for (const [envIndex, entry] of (one.env ?? []).entries())
      if (entry.value !== undefined && entry.value !== '' && entry.valueFrom)
        tell(
          `${at}.env[${envIndex}].valueFrom`,
          'Invalid value: "": may not be specified when `value` is not empty',
        );
  }
}

function frozenWhenImmutable(object: KubeObject, previous: KubeObject | undefined, tell: Tell): void {
  if (previous?.immutable && JSON.stringify(object.data) !== JSON.stringify(previous.data))
    tell('data', 'Forbidden: field is immutable when `immutable` is set');
}

function frozenRole(object: KubeObject, previous: KubeObject | undefined, tell: Tell): void {
  if (previous && JSON.stringify(previous.roleRef) !== JSON.stringify(object.roleRef))
    tell('roleRef', `Invalid value: ${JSON.stringify(object.roleRef)}: cannot change roleRef`);
}
