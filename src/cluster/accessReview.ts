// Who the session is there, and what it may do: the API server's own reviews.

import type { ApiClient } from './apiClient.ts';
import type { CallOptions } from './apiTransport.ts';
import { isClusterError } from './clusterError.ts';
import { flag, isOn, type KubectlCall, type ObjectRef, objectRefs } from './kubectlArguments.ts';
import { listAt, textAt } from './kubernetesObject.ts';
import type { ResourceKind, ResourceKinds } from './resourceKinds.ts';

export interface Identity {
  readonly user: string;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
}

/** By SelfSubjectReview; clusters older than 1.28 don't serve it (`cluster-not-found`). */
export async function whoAmI(api: ApiClient, options: CallOptions = {}): Promise<Identity> {
  const ask = (version: string): Promise<unknown> =>
    api.json('POST', `/apis/authentication.k8s.io/${version}/selfsubjectreviews`, {
      ...options,
      body: { apiVersion: `authentication.k8s.io/${version}`, kind: 'SelfSubjectReview' },
      what: 'who you are',
    });
  const review = await ask('v1').catch((error) => {
    if (isClusterError(error, 'cluster-not-found')) return ask('v1beta1');
    throw error;
  });
  return {
    user: textAt(review, 'status', 'userInfo', 'username') ?? '',
    uid: textAt(review, 'status', 'userInfo', 'uid'),
    groups: listAt(review, 'status', 'userInfo', 'groups').map(String),
  };
}

export interface AccessRequest {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface AccessAnswer {
  readonly request: AccessRequest;
  readonly allowed: boolean;
  /** The authorizer's words, mostly for a no. */
  readonly reason: string;
}

/** All at once. A review that fails throws: "not known" must not read as "no" or "yes". */
export function reviewAccess(
  api: ApiClient,
  requests: readonly AccessRequest[],
  options: CallOptions = {},
): Promise<AccessAnswer[]> {
  return Promise.all(
    requests.map(async (request) => {
      const review = await api.json('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        ...options,
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: request },
        },
        what: `may I ${request.verb} ${request.resource}`,
      });
      const denied = textAt(review, 'status', 'reason') ?? textAt(review, 'status', 'evaluationError') ?? '';
      return {
        request,
        allowed: (review as { status?: { allowed?: boolean } }).status?.allowed === true,
        reason: denied,
      };
    }),
  );
}

type Needs = (call: KubectlCall) => {
  verbs: readonly string[];
  subresource?: string;
  /** Whatever the words name: this resource, of `group`. */
  fixed?: string;
  group?: string;
};
const patches: Needs = () => ({ verbs: ['get', 'patch'] });
const reads: Needs = () => ({ verbs: ['get'] });
/** What kubectl asks of the API for a verb; those that are missing need nothing of the cluster, or aren't known. */
const needs: Record<string, Needs> = {
  get: (call) => ({ verbs: [objectRefs(call.positionals).some(({ name }) => name) ? 'get' : 'list'] }),
  describe: reads,
  logs: () => ({ verbs: ['get'], subresource: 'log', fixed: 'pods' }),
  exec: () => ({ verbs: ['create'], subresource: 'exec', fixed: 'pods' }),
  cp: () => ({ verbs: ['create'], subresource: 'exec', fixed: 'pods' }),
  attach: () => ({ verbs: ['create'], subresource: 'attach', fixed: 'pods' }),
  'port-forward': () => ({ verbs: ['create'], subresource: 'portforward', fixed: 'pods' }),
  scale: () => ({ verbs: ['patch'], subresource: 'scale' }),
  patch: patches,
  set: patches,
  label: patches,
  annotate: patches,
  edit: patches,
  rollout: (call) => (call.subverb === 'status' || call.subverb === 'history' ? reads(call) : patches(call)),
  delete: () => ({ verbs: ['delete'] }),
  cordon: patches,
  uncordon: patches,
  drain: () => ({ verbs: ['create'], subresource: 'eviction', fixed: 'pods' }),
  create: () => ({ verbs: ['create'] }),
  run: () => ({ verbs: ['create'], fixed: 'pods' }),
  expose: () => ({ verbs: ['create'], fixed: 'services' }),
  taint: patches,
  top: (call) => ({
    verbs: ['list'],
    group: 'metrics.k8s.io',
    fixed: /^no/.test(call.subverb ?? '') ? 'nodes' : 'pods',
  }),
  wait: (call) => ({ verbs: [isOn(call, 'all') || call.flags.has('selector') ? 'list' : 'get'] }),
};
const nodeVerbs = new Set(['cordon', 'uncordon', 'drain']);

/** Without what only looks like an object: `key=value`, `key-`, `container=image/name`. */
export function namedObjects({ verb, positionals }: KubectlCall): ObjectRef[] {
  const marking = /^(label|annotate|taint)$/.test(verb);
  const words = positionals.filter((word) => !word.includes('=') && !(marking && word.endsWith('-')));
  return objectRefs(words).filter(({ resource }) => /^[a-z][\w.-]*$/i.test(resource));
}

/** What the call's words name. `all` is no kind. */
function namedIn(call: KubectlCall): { resource: string; name: string | undefined }[] {
  if (nodeVerbs.has(call.verb)) return call.positionals.map((name) => ({ resource: 'nodes', name }));
  if (call.verb === 'create') return call.subverb ? [{ resource: call.subverb, name: undefined }] : [];
  return namedObjects(call).filter(({ resource }) => resource !== 'all');
}

/**
 * The rights that a kubectl call needs, as far as its arguments tell: not those of manifests in files.
 * Error: `cluster-not-found` for a kind that the cluster doesn't serve.
 */
export async function accessNeeds(
  call: KubectlCall,
  kinds: ResourceKinds,
  namespace: string,
  options: CallOptions = {},
): Promise<AccessRequest[]> {
  const need = needs[call.verb]?.(call);
  if (!need || call.flags.has('filename')) return [];
  const place = isOn(call, 'all-namespaces') ? undefined : (flag(call, 'namespace') ?? namespace);
  const sub = need.subresource ? { subresource: need.subresource } : {};
  const { fixed, group = '', verbs } = need;
  if (fixed) {
    const inside = place && fixed !== 'nodes' ? { namespace: place } : {};
    return verbs.map((verb) => ({ verb, group, resource: fixed, ...sub, ...inside }));
  }
  const requests: AccessRequest[] = [];
  for (const { resource, name } of namedIn(call)) {
    const kind: ResourceKind = await kinds.ofWord(resource, options);
    for (const verb of verbs) {
      requests.push({
        verb,
        group: kind.group,
        resource: kind.plural,
        ...sub,
        ...(kind.namespaced && place ? { namespace: place } : {}),
        ...(name ? { name } : {}),
      });
    }
  }
  return requests;
}
