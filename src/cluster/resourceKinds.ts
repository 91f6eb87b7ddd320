// From the words that kubectl takes (`deploy`, `pods`, `certificates.cert-manager.io`, `Deployment`) to the API's
// resources: a table of what is always there, which costs no call, and discovery for the rest.

import type { ApiClient } from './apiClient.ts';
import type { CallOptions } from './apiTransport.ts';
import { ClusterError, isClusterError } from './clusterError.ts';

export interface ResourceKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Defined by a CustomResourceDefinition (or an aggregated API): no strategic merge patch there. */
  readonly custom: boolean;
}

type Row = [plural: string, kind: string, namespaced: boolean, ...shortNames: string[]];
const builtIn: Record<string, Row[]> = {
  v1: [
    ['pods', 'Pod', true, 'po'],
    ['services', 'Service', true, 'svc'],
    ['configmaps', 'ConfigMap', true, 'cm'],
    ['secrets', 'Secret', true],
    ['persistentvolumeclaims', 'PersistentVolumeClaim', true, 'pvc'],
    ['persistentvolumes', 'PersistentVolume', false, 'pv'],
    ['namespaces', 'Namespace', false, 'ns'],
    ['nodes', 'Node', false, 'no'],
    ['events', 'Event', true, 'ev'],
    ['endpoints', 'Endpoints', true, 'ep'],
    ['serviceaccounts', 'ServiceAccount', true, 'sa'],
    ['replicationcontrollers', 'ReplicationController', true, 'rc'],
    ['resourcequotas', 'ResourceQuota', true, 'quota'],
    ['limitranges', 'LimitRange', true, 'limits'],
  ],
  'apps/v1': [
    ['deployments', 'Deployment', true, 'deploy'],
    ['statefulsets', 'StatefulSet', true, 'sts'],
    ['daemonsets', 'DaemonSet', true, 'ds'],
    ['replicasets', 'ReplicaSet', true, 'rs'],
    ['controllerrevisions', 'ControllerRevision', true],
  ],
  'batch/v1': [
    ['jobs', 'Job', true],
    ['cronjobs', 'CronJob', true, 'cj'],
  ],
  'autoscaling/v2': [['horizontalpodautoscalers', 'HorizontalPodAutoscaler', true, 'hpa']],
  'networking.k8s.io/v1': [
    ['networkpolicies', 'NetworkPolicy', true, 'netpol'],
    ['ingresses', 'Ingress', true, 'ing'],
    ['ingressclasses', 'IngressClass', false],
  ],
  'policy/v1': [['poddisruptionbudgets', 'PodDisruptionBudget', true, 'pdb']],
  'rbac.authorization.k8s.io/v1': [
    ['roles', 'Role', true],
    ['rolebindings', 'RoleBinding', true],
    ['clusterroles', 'ClusterRole', false],
    ['clusterrolebindings', 'ClusterRoleBinding', false],
  ],
  'storage.k8s.io/v1': [['storageclasses', 'StorageClass', false, 'sc']],
  'apiextensions.k8s.io/v1': [
    ['customresourcedefinitions', 'CustomResourceDefinition', false, 'crd', 'crds'],
  ],
};

interface Entry {
  readonly kind: ResourceKind;
  readonly words: ReadonlySet<string>;
}

function entryOf(groupVersion: string, [plural, kind, namespaced, ...short]: Row, custom: boolean): Entry {
  const slash = groupVersion.indexOf('/');
  const group = slash < 0 ? '' : groupVersion.slice(0, slash);
  const version = groupVersion.slice(slash + 1);
  const words = new Set([plural, kind.toLowerCase(), ...short]);
  return { kind: { group, version, plural, kind, namespaced, custom }, words };
}

const known: readonly Entry[] = Object.entries(builtIn).flatMap(([groupVersion, rows]) =>
  rows.map((row) => entryOf(groupVersion, row, false)),
);
/** Groups that the API server itself serves; custom kinds live in others. */
const builtInGroups = /^$|^(apps|batch|autoscaling|policy|extensions)$|\.k8s\.io$/;

export interface ResourceKinds {
  /** Of a word on the command line. Error: `cluster-not-found` for one that the cluster doesn't serve. */
  ofWord(word: string, options?: CallOptions): Promise<ResourceKind>;
  /** Of a manifest. */
  ofManifest(apiVersion: string, kind: string, options?: CallOptions): Promise<ResourceKind>;
}

export function createResourceKinds(api: ApiClient): ResourceKinds {
  const discovered = new Map<string, Promise<Entry[]>>();

  function groupVersion(name: string, options: CallOptions): Promise<Entry[]> {
    const held = discovered.get(name);
    if (held) return held;
    const asked = discover(api, name, options);
    discovered.set(name, asked);
    asked.catch(() => discovered.delete(name));
    return asked;
  }

  async function all(options: CallOptions): Promise<Entry[]> {
    const groups = await api.json<{ groups?: { preferredVersion: { groupVersion: string } }[] }>(
      'GET',
      '/apis',
      {
        ...options,
        what: 'the list of API groups',
      },
    );
    const names = ['v1', ...(groups.groups ?? []).map((group) => group.preferredVersion.groupVersion)];
    // An aggregated API that is down must not hide all others.
    const settled = await Promise.allSettled(names.map((name) => groupVersion(name, options)));
    return settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  }

  return {
    async ofWord(word, options = {}) {
      const [name = '', ...rest] = word.toLowerCase().split('.');
      const suffix = rest.join('.');
      const fits = ({ kind, words }: Entry): boolean =>
        words.has(name) &&
        (suffix === '' ||
          suffix === kind.group ||
          suffix === `${kind.version}.${kind.group}`.replace(/\.$/, ''));
      const found = known.find(fits) ?? (await all(options)).find(fits);
      if (found) return found.kind;
      throw new ClusterError('cluster-not-found', { message: `The cluster has no kind "${word}".` });
    },
    async ofManifest(apiVersion, kind, options = {}) {
      const fits = (entry: Entry): boolean =>
        entry.kind.kind === kind && groupVersionOf(entry.kind) === apiVersion;
      const found =
        known.find(fits) ??
        (
          await groupVersion(apiVersion, options).catch((error) => {
            if (isClusterError(error, 'cluster-not-found')) return [];
            throw error;
          })
        ).find(fits);
      if (found) return found.kind;
      throw new ClusterError('cluster-not-found', {
        message: `The cluster has no kind ${kind} in ${apiVersion}.`,
      });
    },
  };
}

async function discover(api: ApiClient, groupVersion: string, options: CallOptions): Promise<Entry[]> {
  const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
  interface Listed {
    name: string;
    kind: string;
    namespaced: boolean;
    singularName?: string;
    shortNames?: string[];
  }
  const list = await api.json<{ resources?: Listed[] }>('GET', path, {
    ...options,
    what: `kinds of ${groupVersion}`,
  });
  return (list.resources ?? [])
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced, singularName, shortNames }) => {
      const short = [...(shortNames ?? []), ...(singularName ? [singularName] : [])];
      const group = groupVersion.includes('/') ? groupVersion.split('/')[0]! : '';
      return entryOf(groupVersion, [name, kind, namespaced, ...short], !builtInGroups.test(group));
    });
}

export function groupVersionOf(kind: ResourceKind): string {
  return kind.group ? `${kind.group}/${kind.version}` : kind.version;
}

/** Path of the collection (without a name) or of one object; segments are escaped. */
export function resourcePath(kind: ResourceKind, namespace: string | undefined, name?: string): string {
  const root = kind.group ? `/apis/${kind.group}/${kind.version}` : `/api/${kind.version}`;
  const scope = kind.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${kind.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

/** `deployment/web in shop`: how an object is told to people. */
export function told(kind: ResourceKind, namespace: string | undefined, name: string): string {
  const word = kind.kind.toLowerCase();
  return `${word}/${name}${kind.namespaced && namespace ? ` in ${namespace}` : ''}`;
}
