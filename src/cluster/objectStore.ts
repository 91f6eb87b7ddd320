// Reads and (dry) writes objects of any kind, custom ones too: the dynamic client of this room.

import type { ApiClient, Query } from './apiClient.ts';
import type { CallOptions } from './apiTransport.ts';
import { isClusterError } from './clusterError.ts';
import type { KubernetesObject } from './kubernetesObject.ts';
import { groupVersionOf, type ResourceKind, resourcePath, told } from './resourceKinds.ts';

export interface ObjectList {
  readonly items: KubernetesObject[];
  /** The list goes on in the cluster. */
  readonly truncated: boolean;
}

export interface ListCall extends CallOptions {
  readonly selector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly limit?: number;
}

export type PatchType = 'strategic' | 'merge' | 'json' | 'apply';
const patchContent: Record<PatchType, string> = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** `namespace` undefined: all namespaces (lists only) or a kind without them. */
export interface ObjectStore {
  get(
    kind: ResourceKind,
    namespace: string | undefined,
    name: string,
    options?: CallOptions,
  ): Promise<KubernetesObject>;
  /** undefined where there is none; every other error is thrown. */
  find(
    kind: ResourceKind,
    namespace: string | undefined,
    name: string,
    options?: CallOptions,
  ): Promise<KubernetesObject | undefined>;
  list(kind: ResourceKind, namespace: string | undefined, call?: ListCall): Promise<ObjectList>;
  patch(
    kind: ResourceKind,
    namespace: string | undefined,
    name: string,
    patch: { type: PatchType; body: unknown; subresource?: string; query?: Query },
    options?: CallOptions,
  ): Promise<KubernetesObject>;
  write(
    method: 'POST' | 'PUT' | 'DELETE',
    kind: ResourceKind,
    namespace: string | undefined,
    name: string | undefined,
    write: { body?: unknown; query?: Query },
    options?: CallOptions,
  ): Promise<KubernetesObject>;
}

export function createObjectStore(api: ApiClient): ObjectStore {
  const store: ObjectStore = {
    get: (kind, namespace, name, options) =>
      api.json('GET', resourcePath(kind, namespace, name), { ...options, what: told(kind, namespace, name) }),

    async find(kind, namespace, name, options) {
      try {
        return await store.get(kind, namespace, name, options);
      } catch (error) {
        if (isClusterError(error, 'cluster-not-found')) return undefined;
        throw error;
      }
    },

    async list(kind, namespace, call = {}) {
      const limit = call.limit ?? 500;
      const answer = await api.json<{ items?: KubernetesObject[]; metadata?: { continue?: string } }>(
        'GET',
        resourcePath(kind, namespace),
        {
          ...call,
          query: { labelSelector: call.selector, fieldSelector: call.fieldSelector, limit },
          what: `the list of ${kind.plural}${namespace ? ` in ${namespace}` : ''}`,
        },
      );
      // Items of a list come without kind and version.
      const items = (answer.items ?? []).map((item) => ({
        ...item,
        apiVersion: groupVersionOf(kind),
        kind: kind.kind,
      }));
      return { items, truncated: Boolean(answer.metadata?.continue) };
    },

    patch: (kind, namespace, name, { type, body, subresource, query }, options) =>
      api.json('PATCH', resourcePath(kind, namespace, name) + (subresource ? `/${subresource}` : ''), {
        ...options,
        ...(query ? { query } : {}),
        body: type === 'apply' && typeof body !== 'string' ? JSON.stringify(body) : body,
        contentType: patchContent[type],
        what: told(kind, namespace, name),
      }),

    write: (method, kind, namespace, name, { body, query }, options) =>
      api.json(method, resourcePath(kind, namespace, name), {
        ...options,
        ...(query ? { query } : {}),
        ...(body === undefined ? {} : { body }),
        what: name === undefined ? `a new ${kind.kind.toLowerCase()}` : told(kind, namespace, name),
      }),
  };
  return store;
}
