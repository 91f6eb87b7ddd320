// What the cluster noted of an object: its events, oldest first.

import type { CallOptions } from './apiTransport.ts';
import { type KubernetesObject, numberAt, textAt } from './kubernetesObject.ts';
import type { ObjectStore } from './objectStore.ts';
import type { ResourceKind } from './resourceKinds.ts';

export interface ObjectEvent {
  /** Milliseconds since the epoch; of the last time that it occurred. */
  readonly time: number;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** `pod/web-1`. */
  readonly object: string;
}

export interface EventsQuery {
  readonly namespace: string | undefined;
  /** Of one object; absent: of the namespace. */
  readonly kind?: ResourceKind;
  readonly name?: string;
  /** Milliseconds since the epoch. */
  readonly since?: number;
}

const eventsKind: ResourceKind = {
  group: '', version: 'v1', plural: 'events', kind: 'Event', namespaced: true, custom: false,
}; // biome-ignore format: one line of a table

export async function readEvents(
  store: ObjectStore,
  query: EventsQuery,
  options: CallOptions = {},
): Promise<ObjectEvent[]> {
  const fields = [
    ...(query.name === undefined ? [] : [`involvedObject.name=${query.name}`]),
    ...(query.kind === undefined ? [] : [`involvedObject.kind=${query.kind.kind}`]),
  ];
  const list = await store.list(eventsKind, query.namespace, {
    ...options,
    ...(fields.length ? { fieldSelector: fields.join(',') } : {}),
  });
  return list.items
    .map(toEvent)
    .filter(({ time }) => query.since === undefined || time >= query.since)
    .sort((one, other) => one.time - other.time);
}

function toEvent(event: KubernetesObject): ObjectEvent {
  const when =
    textAt(event, 'series', 'lastObservedTime') ??
    textAt(event, 'lastTimestamp') ??
    textAt(event, 'eventTime') ??
    event.metadata.creationTimestamp ??
    '';
  const kind = (textAt(event, 'involvedObject', 'kind') ?? '').toLowerCase();
  return {
    time: Date.parse(when) || 0,
    type: textAt(event, 'type') ?? '',
    reason: textAt(event, 'reason') ?? '',
    message: textAt(event, 'message') ?? '',
    count: numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1,
    object: `${kind}/${textAt(event, 'involvedObject', 'name') ?? ''}`,
  };
}

/** A plain table for evidence and for reading. */
export function eventsText(events: readonly ObjectEvent[]): string {
  return events
    .map(({ time, type, reason, object, message, count }) => {
      const times = count > 1 ? ` (${count} times)` : '';
      return `${new Date(time).toISOString()}  ${type.padEnd(7)}  ${reason}  ${object}  ${message}${times}\n`;
    })
    .join('');
}
