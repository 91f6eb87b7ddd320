// What the server has: versions, groups and resources, as lists and as the aggregated document.
// Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api

import { apiVersionOf, type Kind, type KindRegistry } from '../kinds/kind.ts';
import type { Json } from '../store/kubeObject.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const subresourceVerbs: Record<string, string[]> = {
  log: ['get'],
  exec: ['create', 'get'],
  attach: ['create', 'get'],
  portforward: ['create', 'get'],
  proxy: ['create', 'delete', 'get', 'patch', 'update'],
  eviction: ['create'],
  token: ['create'],
  finalize: ['update'],
  scale: ['get', 'patch', 'update'],
};
/** Subresources that speak another kind than their parent's. */
const subresourceKinds: Record<string, [group: string, version: string, kind: string]> = {
  scale: ['autoscaling', 'v1', 'Scale'],
  eviction: ['policy', 'v1', 'Eviction'],
  token: ['authentication.k8s.io', 'v1', 'TokenRequest'],
  exec: ['', 'v1', 'PodExecOptions'],
  attach: ['', 'v1', 'PodAttachOptions'],
  portforward: ['', 'v1', 'PodPortForwardOptions'],
};

/** kubectl reads the version and prints it: it says what this is. */
export const serverVersion = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.0+practice',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2024-12-11T00:00:00Z',
  goVersion: 'practice-cluster',
  compiler: 'node',
  platform: 'practice/loopback',
};

function verbsOf(kind: Kind): string[] {
  if (kind.createOnly) return ['create'];
  return kind.group === 'metrics.k8s.io' ? ['get', 'list'] : verbs;
}

export function resourceList(kinds: KindRegistry, group: string, version: string): Json | undefined {
  const own = kinds.all().filter((kind) => kind.group === group && kind.version === version);
  if (own.length === 0) return undefined;
  const resources = own.flatMap((kind) => [
    {
      name: kind.plural,
      singularName: kind.singular,
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: verbsOf(kind),
      ...(kind.shortNames.length ? { shortNames: kind.shortNames } : {}),
      ...(kind.categories.length ? { categories: kind.categories } : {}),
      storageVersionHash: 'practice',
    },
    ...kind.subresources.map((sub) => {
      const other = subresourceKinds[sub];
      return {
        name: `${kind.plural}/${sub}`,
        singularName: '',
        namespaced: kind.namespaced,
        kind: other?.[2] ?? kind.kind,
        ...(other ? { group: other[0], version: other[1] } : {}),
        verbs: subresourceVerbs[sub] ?? ['get', 'patch', 'update'],
      };
    }),
  ]);
  const groupVersion = group ? `${group}/${version}` : version;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

/** Each group with its versions, the preferred one first. */
function groupsOf(kinds: KindRegistry): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { group, version } of kinds.all()) {
    const versions = groups.get(group) ?? [];
    if (!versions.includes(version)) versions.push(version);
    groups.set(group, versions);
  }
  return groups;
}

export function apiVersions(): Json {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

function groupDocument(name: string, versions: string[]): Json {
  const listed = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: listed, preferredVersion: listed[0] };
}

export function groupList(kinds: KindRegistry): Json {
  const groups = [...groupsOf(kinds)].filter(([name]) => name !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((entry) => groupDocument(...entry)) };
}

export function oneGroup(kinds: KindRegistry, name: string): Json | undefined {
  const versions = groupsOf(kinds).get(name);
  return versions && { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(name, versions) };
}

/** The aggregated document, of `/api` (the core group) or `/apis` (all others), in one answer. */
export function aggregated(kinds: KindRegistry, core: boolean, version: string): Json {
  const items = [...groupsOf(kinds)]
    .filter(([group]) => (group === '') === core)
    .map(([group, versions]) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: versions.map((one) => ({
        version: one,
        freshness: 'Current',
        resources: kinds
          .all()
          .filter((kind) => kind.group === group && kind.version === one)
          .map(aggregatedResource),
      })),
    }));
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items,
  };
}

function aggregatedResource(kind: Kind): Json {
  const own = { group: kind.group, version: kind.version, kind: kind.kind };
  return {
    resource: kind.plural,
    responseKind: own,
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    ...(kind.shortNames.length ? { shortNames: kind.shortNames } : {}),
    ...(kind.categories.length ? { categories: kind.categories } : {}),
    ...(kind.subresources.length
      ? {
          subresources: kind.subresources.map((sub) => {
            const other = subresourceKinds[sub];
            return {
              subresource: sub,
              responseKind: other ? { group: other[0], version: other[1], kind: other[2] } : own,
              verbs: subresourceVerbs[sub] ?? ['get', 'patch', 'update'],
            };
          }),
        }
      : {}),
  };
}

/** `GET /openapi/v3`: where each group version's document lies. */
export function openApiIndex(kinds: KindRegistry, hash: string): Json {
  const paths: Record<string, Json> = {};
  for (const kind of kinds.all()) {
    const path = kind.group ? `apis/${apiVersionOf(kind)}` : `api/${kind.version}`;
    paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` };
  }
  return { paths };
}
