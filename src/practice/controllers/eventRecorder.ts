// Events: what happened to an object, counted when it happens again, forgotten after an hour.

import { type KubeObject, kubeTime } from '../store/kubeObject.ts';
import type { ObjectStore } from '../store/objectStore.ts';

const resource = '/events';
const eventLifeMs = 3_600_000;

export interface EventNote {
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
  readonly host?: string;
  readonly fieldPath?: string;
}

export class EventRecorder {
  readonly #store: ObjectStore;
  #count = 0;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  record(object: KubeObject, note: EventNote, atMs = this.#store.now()): void {
    const { name, uid, resourceVersion } = object.metadata;
    const namespace = object.metadata.namespace ?? 'default';
    const time = kubeTime(atMs);
    const same = [...this.#store.each(resource)].find(
      (one) =>
        one.involvedObject.uid === uid &&
        one.reason === note.reason &&
        one.message === note.message &&
        one.involvedObject.fieldPath === note.fieldPath,
    );
    if (same) {
      this.#store.modify(resource, namespace, same.metadata.name, (clone) => {
        clone.count += 1;
        clone.lastTimestamp = time;
      });
      return;
    }
    this.#count += 1;
    this.#store.add(resource, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${name}.${(0x17a4_0000 + this.#count).toString(16)}${uid.slice(0, 8)}`,
        namespace,
        uid: '',
        resourceVersion: '',
        creationTimestamp: time,
      },
      involvedObject: {
        kind: object.kind,
        ...(object.metadata.namespace ? { namespace } : {}),
        name,
        uid,
        apiVersion: object.apiVersion,
        resourceVersion,
        ...(note.fieldPath ? { fieldPath: note.fieldPath } : {}),
      },
      reason: note.reason,
      message: note.message,
      source: { component: note.component, ...(note.host ? { host: note.host } : {}) },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      type: note.type ?? 'Normal',
      eventTime: null,
      reportingComponent: note.component,
      reportingInstance: note.host ?? '',
    });
  }

  /** Takes away what is older than an hour. */
  expire(): void {
    const oldest = this.#store.now() - eventLifeMs;
    for (const one of this.#store.list(resource))
      if (Date.parse(one.lastTimestamp ?? one.metadata.creationTimestamp) < oldest)
        this.#store.remove(resource, one.metadata.namespace ?? '', one.metadata.name);
  }
}
