// Who is asking, and may they: the cluster's Roles and bindings, as RBAC reads them.
// Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/

import type { Json } from '../store/kubeObject.ts';
import type { ObjectStore } from '../store/objectStore.ts';

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

export interface Attributes {
  readonly verb: string;
  readonly group: string;
  /** With the subresource: `pods/log`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** For paths that are no resources. */
  readonly path?: string;
}

const rbac = 'rbac.authorization.k8s.io';
/** What every user may read: discovery and health, and ask about themselves. */
const everyone: Json[] = [
  {
    nonResourceURLs: [
      '/api',
      '/api/*',
      '/apis',
      '/apis/*',
      '/openapi',
      '/openapi/*',
      '/version',
      '/healthz',
      '/livez',
      '/readyz',
    ],
    verbs: ['get'],
  },
  {
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    verbs: ['create'],
  },
  { apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] },
];

export function serviceAccountUser(namespace: string, name: string): User {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

function isSubject(user: User, subject: Json, namespace: string): boolean {
  if (subject.kind === 'User') return subject.name === user.name;
  if (subject.kind === 'Group') return user.groups.includes(subject.name);
  return user.name === `system:serviceaccount:${subject.namespace ?? namespace}:${subject.name}`;
}

/** The rules that bind a user in a namespace, and everywhere. */
export function rulesFor(store: ObjectStore, user: User, namespace: string): Json[] {
  const roleOf = (binding: Json): Json[] => {
    const { kind, name } = binding.roleRef;
    const at = kind === 'ClusterRole' ? '' : (binding.metadata.namespace ?? '');
    return store.get(`${rbac}/${kind === 'ClusterRole' ? 'clusterroles' : 'roles'}`, at, name)?.rules ?? [];
  };
  const bindings = [
    ...store.list(`${rbac}/clusterrolebindings`),
    ...(namespace ? store.list(`${rbac}/rolebindings`, namespace) : []),
  ];
  const binds = (binding: Json): boolean =>
    (binding.subjects ?? []).some((one: Json) => isSubject(user, one, binding.metadata.namespace ?? ''));
  return [...everyone, ...bindings.filter(binds).flatMap(roleOf)];
}

function holds(list: string[] | undefined, value: string): boolean {
  return list?.some((one) => one === '*' || one === value) ?? false;
}

function pathHolds(list: string[] | undefined, path: string): boolean {
  return (
    list?.some((one) => one === path || (one.endsWith('*') && path.startsWith(one.slice(0, -1)))) ?? false
  );
}

export function allows(rules: Json[], wanted: Attributes): boolean {
  return rules.some((rule) => {
    if (!holds(rule.verbs, wanted.verb)) return false;
    if (wanted.path !== undefined) return pathHolds(rule.nonResourceURLs, wanted.path);
    const slash = wanted.resource.indexOf('/');
    const anySub = slash < 0 ? '' : `*${wanted.resource.slice(slash)}`;
    const named = !rule.resourceNames?.length || rule.resourceNames.includes(wanted.name);
    return (
      holds(rule.apiGroups, wanted.group) &&
      (holds(rule.resources, wanted.resource) || (anySub !== '' && rule.resources?.includes(anySub))) &&
      named
    );
  });
}

export function may(store: ObjectStore, user: User, wanted: Attributes): boolean {
  if (user.groups.includes('system:masters')) return true;
  return allows(rulesFor(store, user, wanted.namespace), wanted);
}
