// Watches: the changes since a version, then each as it comes, filtered, in the shape that was asked for.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { apiVersionOf, type Kind, resourceOf } from '../kinds/kind.ts';
import type { KubeObject } from '../store/kubeObject.ts';
import type { Change, ObjectStore } from '../store/objectStore.ts';
import type { Matcher } from '../store/selectors.ts';
import { renderObject, type Shape } from './tables.ts';

export interface WatchRequest {
  readonly kind: Kind;
  readonly namespace: string;
  readonly matches: Matcher;
  readonly query: URLSearchParams;
  readonly shape: Shape;
}

const defaultTimeoutMs = 30 * 60_000;

/** Answers until the client goes or its `timeoutSeconds` are over. */
export function serveWatch(
  store: ObjectStore,
  request: IncomingMessage,
  response: ServerResponse,
  { kind, namespace, matches, query, shape }: WatchRequest,
): void {
  const resource = resourceOf(kind);
  const includeObject = query.get('includeObject');
  const from = query.get('resourceVersion') ?? '';
  const initial = query.get('sendInitialEvents') === 'true' || from === '' || from === '0';
  const missed = initial ? [] : store.changesSince(Number(from));
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' });
  let first = true;
  const send = (type: string, object: KubeObject): void => {
    const options = { shape, includeObject, now: store.now(), withoutColumns: !first };
    first = false;
    response.write(`${JSON.stringify({ type, object: renderObject(kind, object, options) })}\n`);
  };
  const concerns = (object: KubeObject): boolean =>
    (!namespace || object.metadata.namespace === namespace) && matches(object);
  const tell = ({ type, resource: changed, object, previous }: Change): void => {
    if (changed !== resource) return;
    const now = concerns(object);
    const before = previous ? concerns(previous) : false;
    if (type === 'DELETED') {
      if (before || now) send('DELETED', object);
    } else if (now) send(before ? 'MODIFIED' : 'ADDED', object);
    else if (before) send('DELETED', object);
  };
  if (initial) {
    for (const object of store.list(resource, namespace)) if (concerns(object)) send('ADDED', object);
    if (query.get('sendInitialEvents') === 'true') sendInitialEnd(store, response, kind);
  }
  for (const change of missed) tell(change);
  response.flushHeaders();
  const listening = store.onChange(tell);
  const seconds = Number(query.get('timeoutSeconds'));
  const timer = setTimeout(() => response.end(), seconds > 0 ? seconds * 1000 : defaultTimeoutMs);
  const stop = (): void => {
    clearTimeout(timer);
    listening.dispose();
  };
  response.once('close', stop);
  request.once('close', stop);
}

function sendInitialEnd(store: ObjectStore, response: ServerResponse, kind: Kind): void {
  const object = {
    kind: kind.kind,
    apiVersion: apiVersionOf(kind),
    metadata: {
      resourceVersion: String(store.version),
      annotations: { 'k8s.io/initial-events-end': 'true' },
    },
  };
  response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
}
