// Creating, changing and deleting with the API server's rules: names, defaults, validation, generations,
// conflicts, finalizers, grace. Controllers and requests both write through it.

import { applyDefaults } from '../kinds/defaults.ts';
import { apiVersionOf, type Kind, type KindRegistry, resourceOf } from '../kinds/kind.ts';
import { admitPod, randomSuffix } from '../kinds/podDefaults.ts';
import { validate } from '../kinds/validation.ts';
import { ApiError } from './apiError.ts';
import { cloneJson, type Json, type KubeObject, kubeTime } from './kubeObject.ts';
import type { ObjectStore } from './objectStore.ts';

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly subresource?: string;
}

export interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** Checks of a whole object beyond field rules; throws an ApiError to refuse. */
export type Admission = (kind: Kind, object: KubeObject, previous: KubeObject | undefined) => void;

export class Registry {
  readonly store: ObjectStore;
  readonly kinds: KindRegistry;
  readonly admissions: Admission[] = [];
  #nextAddress = 1;

  constructor(store: ObjectStore, kinds: KindRegistry) {
    this.store = store;
    this.kinds = kinds;
  }

  get(kind: Kind, namespace: string, name: string): KubeObject {
    const found = this.store.get(resourceOf(kind), namespace, name);
    if (!found) throw ApiError.notFound(kind.plural, kind.group, name);
    return found;
  }

  create(kind: Kind, namespace: string, given: Json, options: WriteOptions = {}): KubeObject {
    const object: KubeObject = cloneJson(given);
    object.metadata ??= {} as KubeObject['metadata'];
    const { metadata } = object;
    if (!metadata.name && metadata.generateName) metadata.name = metadata.generateName + randomSuffix();
    if (!metadata.name)
      throw ApiError.invalid(kind.group, kind.kind, '', [
        { field: 'metadata.name', message: 'Required value: name or generateName is required' },
      ]);
    if (metadata.resourceVersion)
      throw ApiError.badRequest('resourceVersion should not be set on objects to be created');
    if (kind.namespaced) {
      metadata.namespace = namespace;
      this.#demandNamespace(kind, namespace, metadata.name);
    } else delete metadata.namespace;
    metadata.uid = crypto.randomUUID();
    metadata.creationTimestamp = kubeTime(this.store.now());
    delete metadata.deletionTimestamp;
    object.apiVersion = apiVersionOf(kind);
    object.kind = kind.kind;
    if (kind.subresources.includes('status')) delete object.status;
    if (object.spec && !kind.custom?.schema?.['x-kubernetes-no-generation']) metadata.generation = 1;
    const resource = resourceOf(kind);
    const missing = validate(resource, object).filter((cause) => cause.message.startsWith('Required'));
    if (missing.length > 0) throw ApiError.invalid(kind.group, kind.kind, metadata.name, missing);
    applyDefaults(resource, object);
    if (resource === '/pods') admitPod(object);
    if (resource === '/services') this.#address(object);
    this.#check(kind, object, undefined);
    if (options.dryRun) {
      if (this.store.get(resource, namespace, metadata.name))
        throw ApiError.alreadyExists(kind.plural, kind.group, metadata.name);
      return object;
    }
    const stored = this.store.add(resource, object);
    if (resource === 'apiextensions.k8s.io/customresourcedefinitions') this.kinds.define(stored);
    return stored;
  }

  /** Replaces an object or, by `subresource: 'status'`, its status. A stale resourceVersion is a conflict. */
  update(kind: Kind, namespace: string, name: string, given: Json, options: WriteOptions = {}): KubeObject {
    const resource = resourceOf(kind);
    const previous = this.get(kind, namespace, name);
    const wanted = given.metadata?.resourceVersion;
    if (wanted && wanted !== previous.metadata.resourceVersion)
      throw ApiError.conflict(kind.plural, kind.group, name);
    if (given.metadata?.name && given.metadata.name !== name)
      throw ApiError.badRequest(
        `the name of the object (${given.metadata.name}) does not match the name on the URL (${name})`,
      );
    if (given.metadata?.uid && given.metadata.uid !== previous.metadata.uid)
      throw ApiError.conflict(
        kind.plural,
        kind.group,
        name,
        `Precondition failed: UID in precondition: ${given.metadata.uid}, UID in object meta: ${previous.metadata.uid}`,
      );
    const object: KubeObject = cloneJson(given);
    if (options.subresource === 'status') {
      const status = object.status;
      Object.assign(object, cloneJson(previous), { status });
    } else if (kind.subresources.includes('status')) {
      // Not as `undefined`: that would be a field, and no patch of it could be decoded.
      if (previous.status === undefined) delete object.status;
      else object.status = cloneJson(previous.status);
    }
    this.#keepSystemFields(kind, object, previous);
    if (options.subresource !== 'status') {
      applyDefaults(resource, object);
      if (resource === '/services') this.#address(object, previous);
    }
    if (object.spec && changedBeyondMetadata(object, previous))
      object.metadata.generation = (previous.metadata.generation ?? 1) + 1;
    this.#check(kind, object, previous);
    if (options.dryRun) return object;
    const stored = this.store.update(resource, object);
    if (resource === 'apiextensions.k8s.io/customresourcedefinitions') this.kinds.define(stored);
    this.removeIfReleased(kind, stored);
    return stored;
  }

  /** Deletes now, or marks as going where finalizers or a pod's grace stand before it. */
  delete(kind: Kind, namespace: string, name: string, options: DeleteOptions = {}): KubeObject {
    const resource = resourceOf(kind);
    const present = this.get(kind, namespace, name);
    const { uid, resourceVersion } = options.preconditions ?? {};
    if (
      (uid && uid !== present.metadata.uid) ||
      (resourceVersion && resourceVersion !== present.metadata.resourceVersion)
    )
      throw ApiError.conflict(kind.plural, kind.group, name, 'the precondition does not hold');
    const object = cloneJson(present);
    if (options.dryRun) return object;
    const finalizers = new Set(object.metadata.finalizers);
    if (options.propagationPolicy === 'Foreground') finalizers.add('foregroundDeletion');
    if (options.propagationPolicy === 'Orphan') finalizers.add('orphan');
    const grace = resource === '/pods' ? graceOf(object, options.gracePeriodSeconds) : 0;
    const waits = finalizers.size > 0 || grace > 0 || resource === '/namespaces';
    if (!waits) return this.remove(kind, object);
    if (finalizers.size > 0) object.metadata.finalizers = [...finalizers];
    object.metadata.deletionTimestamp ??= kubeTime(this.store.now() + grace * 1000);
    object.metadata.deletionGracePeriodSeconds = grace;
    if (resource === '/namespaces') object.status = { ...object.status, phase: 'Terminating' };
    return this.store.update(resource, object);
  }

  /** Takes it out of the store, whatever stands before that. */
  remove(kind: Kind, object: KubeObject): KubeObject {
    const { namespace = '', name } = object.metadata;
    if (resourceOf(kind) === 'apiextensions.k8s.io/customresourcedefinitions') {
      for (const one of this.store.list(`${object.spec.group}/${object.spec.names.plural}`))
        this.store.remove(
          `${object.spec.group}/${object.spec.names.plural}`,
          one.metadata.namespace ?? '',
          one.metadata.name,
        );
      this.kinds.undefine(object);
    }
    return this.store.remove(resourceOf(kind), namespace, name) ?? object;
  }

  /** An object marked for deletion goes once its last finalizer does; a pod also needs its kubelet's word. */
  removeIfReleased(kind: Kind, object: KubeObject): void {
    const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata;
    if (!deletionTimestamp || finalizers?.length || resourceOf(kind) === '/namespaces') return;
    if (resourceOf(kind) === '/pods' && deletionGracePeriodSeconds) return;
    this.remove(kind, object);
  }

  #demandNamespace(kind: Kind, namespace: string, name: string): void {
    const found = this.store.get('/namespaces', '', namespace);
    if (!found) throw ApiError.notFound('namespaces', '', namespace);
    if (found.metadata.deletionTimestamp)
      throw ApiError.forbidden(
        kind.plural,
        kind.group,
        name,
        `unable to create new content in namespace ${namespace} because it is being terminated`,
      );
  }

  #check(kind: Kind, object: KubeObject, previous: KubeObject | undefined): void {
    const causes = validate(resourceOf(kind), object, previous);
    if (causes.length > 0) throw ApiError.invalid(kind.group, kind.kind, object.metadata.name, causes);
    for (const admission of this.admissions) admission(kind, object, previous);
  }

  #keepSystemFields(kind: Kind, object: KubeObject, previous: KubeObject): void {
    object.apiVersion = previous.apiVersion;
    object.kind = kind.kind;
    const {
      uid,
      creationTimestamp,
      deletionTimestamp,
      deletionGracePeriodSeconds,
      generation,
      namespace,
      name,
    } = previous.metadata;
    const kept = {
      uid,
      creationTimestamp,
      deletionTimestamp,
      deletionGracePeriodSeconds,
      generation,
      namespace,
      name,
    };
    object.metadata = { ...object.metadata, ...JSON.parse(JSON.stringify(kept)) };
  }

  #address(service: KubeObject, previous?: KubeObject): void {
    const { spec } = service;
    if (spec.type === 'ExternalName') return;
    spec.clusterIP ??=
      previous?.spec.clusterIP ?? `10.96.${this.#nextAddress >> 8}.${this.#nextAddress++ & 255}`;
    spec.clusterIPs ??= [spec.clusterIP];
    if (spec.type === 'NodePort' || spec.type === 'LoadBalancer')
      for (const port of spec.ports ?? [])
        port.nodePort ??= 30_000 + ((port.port + this.#nextAddress * 7) % 2768);
  }
}

function graceOf(pod: KubeObject, asked: number | undefined): number {
  const finished = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  if (!pod.spec.nodeName || finished) return 0;
  return asked ?? pod.spec.terminationGracePeriodSeconds ?? 30;
}

function changedBeyondMetadata(object: KubeObject, previous: KubeObject): boolean {
  const body = ({ metadata: _metadata, status: _status, ...rest }: KubeObject): string =>
    JSON.stringify(rest);
  return body(object) !== body(previous);
}
