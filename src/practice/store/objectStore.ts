// The one place where objects live: versions, watches, and an index by owner. Knows no kind's meaning.

import { randomUUID } from 'node:crypto';
import { type Disposable, toDisposable } from '../../base/disposable.ts';
import { ApiError } from './apiError.ts';
import { cloneJson, type KubeObject, kubeTime } from './kubeObject.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface Change {
  readonly type: ChangeType;
  /** `group/plural`, the same for all versions of a kind. */
  readonly resource: string;
  readonly version: number;
  readonly object: KubeObject;
  readonly previous?: KubeObject;
}

const keptChanges = 8192;

export class ObjectStore {
  readonly #tables = new Map<string, Map<string, KubeObject>>();
  readonly #byOwner = new Map<string, Map<string, { resource: string; key: string }>>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #now: () => number;
  #changes: Change[] = [];
  #version = 1000;
  #forgotten = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get version(): number {
    return this.#version;
  }

  now(): number {
    return this.#now();
  }

  get(resource: string, namespace: string, name: string): KubeObject | undefined {
    return this.#tables.get(resource)?.get(keyOf(namespace, name));
  }

  /** All of a resource, or of one namespace of it, ordered by namespace and name. */
  list(resource: string, namespace?: string): KubeObject[] {
    const table = this.#tables.get(resource);
    if (!table) return [];
    const keys = [...table.keys()].sort();
    const prefix = namespace ? `${namespace}/` : '';
    return keys.filter((key) => key.startsWith(prefix)).map((key) => table.get(key)!);
  }

  /** Unordered and uncopied: for controllers. */
  each(resource: string): Iterable<KubeObject> {
    return this.#tables.get(resource)?.values() ?? [];
  }

  /** What names `uid` as an owner. */
  ownedBy(uid: string): { resource: string; object: KubeObject }[] {
    const refs = this.#byOwner.get(uid);
    if (!refs) return [];
    return [...refs.values()].map(({ resource, key }) => ({
      resource,
      object: this.#tables.get(resource)!.get(key)!,
    }));
  }

  add(resource: string, object: KubeObject): KubeObject {
    const { namespace = '', name } = object.metadata;
    const key = keyOf(namespace, name);
    const table = this.#tableOf(resource);
    if (table.has(key)) throw ApiError.alreadyExists(...splitResource(resource), name);
    const stored = cloneJson(object);
    stored.metadata.uid ||= randomUUID();
    stored.metadata.creationTimestamp ||= kubeTime(this.#now());
    this.#put('ADDED', resource, key, stored);
    return stored;
  }

  /** Replaces an object; an unchanged one keeps its version and is told to nobody. */
  update(resource: string, object: KubeObject): KubeObject {
    return this.#replace(resource, cloneJson(object));
  }

  /** Reads, lets `change` alter a clone, writes it back. Absent objects are ignored: controllers race deletions. */
  modify(resource: string, namespace: string, name: string, change: (clone: KubeObject) => void): void {
    const present = this.get(resource, namespace, name);
    if (!present) return;
    const clone = cloneJson(present);
    change(clone);
    this.#replace(resource, clone);
  }

  #replace(resource: string, stored: KubeObject): KubeObject {
    const { namespace = '', name } = stored.metadata;
    const key = keyOf(namespace, name);
    const previous = this.#tableOf(resource).get(key);
    if (!previous) throw ApiError.notFound(...splitResource(resource), name);
    stored.metadata.resourceVersion = previous.metadata.resourceVersion;
    if (JSON.stringify(stored) === JSON.stringify(previous)) return previous;
    this.#put('MODIFIED', resource, key, stored, previous);
    return stored;
  }

  remove(resource: string, namespace: string, name: string): KubeObject | undefined {
    const key = keyOf(namespace, name);
    const previous = this.#tables.get(resource)?.get(key);
    if (!previous) return undefined;
    const last = cloneJson(previous);
    this.#put('DELETED', resource, key, last, previous);
    return last;
  }

  /** Every change from now on, in order, within the call that made it. */
  onChange(listener: (change: Change) => void): Disposable {
    this.#listeners.add(listener);
    return toDisposable(() => this.#listeners.delete(listener));
  }

  /** The changes after `version`. Throws 410 when they are no longer kept. */
  changesSince(version: number): Change[] {
    if (version < this.#forgotten) throw ApiError.expired();
    return this.#changes.filter((change) => change.version > version);
  }

  #tableOf(resource: string): Map<string, KubeObject> {
    let table = this.#tables.get(resource);
    if (!table) {
      table = new Map();
      this.#tables.set(resource, table);
    }
    return table;
  }

  #put(type: ChangeType, resource: string, key: string, object: KubeObject, previous?: KubeObject): void {
    this.#version += 1;
    object.metadata.resourceVersion = String(this.#version);
    const table = this.#tableOf(resource);
    if (previous) this.#unindex(previous, resource, key);
    if (type === 'DELETED') table.delete(key);
    else {
      table.set(key, object);
      this.#index(object, resource, key);
    }
    const change: Change = {
      type,
      resource,
      version: this.#version,
      object,
      ...(previous ? { previous } : {}),
    };
    this.#changes.push(change);
    if (this.#changes.length > 2 * keptChanges) {
      this.#changes = this.#changes.slice(-keptChanges);
      this.#forgotten = this.#changes[0]!.version - 1;
    }
    for (const listener of [...this.#listeners]) listener(change);
  }

  #index(object: KubeObject, resource: string, key: string): void {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      let refs = this.#byOwner.get(uid);
      if (!refs) {
        refs = new Map();
        this.#byOwner.set(uid, refs);
      }
      refs.set(`${resource} ${key}`, { resource, key });
    }
  }

  #unindex(object: KubeObject, resource: string, key: string): void {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const refs = this.#byOwner.get(uid);
      refs?.delete(`${resource} ${key}`);
      if (refs?.size === 0) this.#byOwner.delete(uid);
    }
  }
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** `apps/deployments` → `['deployments', 'apps']`, as ApiError's constructors take them. */
function splitResource(resource: string): [plural: string, group: string] {
  const slash = resource.indexOf('/');
  return [resource.slice(slash + 1), resource.slice(0, slash)];
}
