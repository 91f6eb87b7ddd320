// The everyday requests on resources: get, list, watch, create, update, patch, delete.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Kind } from '../kinds/kind.ts';
import { apiVersionOf, resourceOf } from '../kinds/kind.ts';
import { ApiError } from '../store/apiError.ts';
import type { Json, KubeObject } from '../store/kubeObject.ts';
import type { DeleteOptions, Registry } from '../store/registry.ts';
import { fieldMatcher, labelMatcher, type Matcher } from '../store/selectors.ts';
import { readBody } from './body.ts';
import { checkFields } from './fieldValidation.ts';
import { noteManager } from './managedFields.ts';
import { patchedObject } from './patchRequest.ts';
import type { RequestInfo, ResourceRequest } from './requestInfo.ts';
import { scaleOf, withScale } from './scale.ts';
import { listText, renderObject, shapeOf } from './tables.ts';
import { serveWatch } from './watch.ts';

export interface ResourceCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly info: RequestInfo;
  readonly target: ResourceRequest;
  readonly kind: Kind;
}

export function sendJson(response: ServerResponse, code: number, body: Json): void {
  sendJsonText(response, code, JSON.stringify(body));
}

function sendJsonText(response: ServerResponse, code: number, text: string): void {
  // One buffer, so that head and body leave in one write: a string would be measured and encoded anew.
  const body = Buffer.from(text);
  response.writeHead(code, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  response.end(body);
}

export async function serveResource(registry: Registry, call: ResourceCall): Promise<void> {
  switch (call.target.verb) {
    case 'get':
      return serveGet(registry, call);
    case 'list':
      return serveList(registry, call);
    case 'watch':
      return watch(registry, call);
    case 'delete':
      return serveDelete(registry, call);
    case 'deletecollection':
      return serveDeleteCollection(registry, call);
    default:
      return serveWrite(registry, call);
  }
}

function matcherOf({ info, target, kind }: ResourceCall): Matcher {
  const byLabel = labelMatcher(info.query.get('labelSelector') ?? undefined);
  const byField = fieldMatcher(info.query.get('fieldSelector') ?? undefined, kind.plural);
  return (object) =>
    (!target.name || object.metadata.name === target.name) && byLabel(object) && byField(object);
}

function renderOptions({ request, info }: ResourceCall, now: number) {
  return { shape: shapeOf(request.headers.accept), includeObject: info.query.get('includeObject'), now };
}

function serveGet(registry: Registry, call: ResourceCall): void {
  const { kind, target, response } = call;
  const object = registry.get(kind, target.namespace, target.name);
  const body =
    target.subresource === 'scale'
      ? scaleOf(object)
      : renderObject(kind, object, renderOptions(call, registry.store.now()));
  sendJson(response, 200, body);
}

function serveList(registry: Registry, call: ResourceCall): void {
  const { kind, target, info, response } = call;
  const all = registry.store.list(resourceOf(kind), target.namespace).filter(matcherOf(call));
  const limit = Number(info.query.get('limit') ?? 0);
  const start = Number(Buffer.from(info.query.get('continue') ?? '', 'base64').toString() || 0);
  const page = limit > 0 ? all.slice(start, start + limit) : all.slice(start);
  const left = all.length - start - page.length;
  const metadata = {
    resourceVersion: String(registry.store.version),
    ...(left > 0
      ? { continue: Buffer.from(String(start + limit)).toString('base64'), remainingItemCount: left }
      : {}),
  };
  const options = renderOptions(call, registry.store.now());
  sendJsonText(response, 200, listText(kind, page, metadata, options));
}

function watch(registry: Registry, call: ResourceCall): void {
  serveWatch(registry.store, call.request, call.response, {
    kind: call.kind,
    namespace: call.target.namespace,
    matches: matcherOf(call),
    query: call.info.query,
    shape: shapeOf(call.request.headers.accept),
  });
}

function isDryRun(info: RequestInfo, body?: Json): boolean {
  const asked = info.query.getAll('dryRun').concat(body?.dryRun ?? []);
  if (asked.some((one) => one !== 'All'))
    throw ApiError.badRequest(`invalid dryRun: "${asked.join(',')}": supported values: "All"`);
  return asked.length > 0;
}

async function serveWrite(registry: Registry, call: ResourceCall): Promise<void> {
  const { kind, target, info, request, response } = call;
  if (!target.name && target.verb !== 'create') throw ApiError.methodNotAllowed();
  const body = await readBody(request);
  const dryRun = isDryRun(info);
  const options = { dryRun, subresource: target.subresource };
  let stored: KubeObject;
  let code = 200;
  if (target.verb === 'create') {
    await acceptBody(call, body);
    body.apiVersion ??= apiVersionOf(kind);
    noteManager(body, info, request, registry.store.now());
    stored = registry.create(kind, target.namespace, body, options);
    code = 201;
  } else if (target.verb === 'update') {
    const present = registry.get(kind, target.namespace, target.name);
    if (target.subresource === 'scale') {
      stored = registry.update(kind, target.namespace, target.name, withScale(present, body), { dryRun });
      return sendJson(response, 200, scaleOf(stored));
    }
    await acceptBody(call, body);
    body.apiVersion ??= apiVersionOf(kind);
    body.metadata = { ...body.metadata, managedFields: present.metadata.managedFields };
    noteManager(body, info, request, registry.store.now(), present);
    stored = registry.update(kind, target.namespace, target.name, body, options);
  } else {
    const { object, created } = await patchedObject(registry, call, body);
    if (target.subresource === 'scale') {
      stored = registry.update(kind, target.namespace, target.name, object, { dryRun });
      return sendJson(response, 200, scaleOf(stored));
    }
    const sub = target.subresource === 'ephemeralcontainers' ? '' : target.subresource;
    stored = created
      ? registry.create(kind, target.namespace, object, { dryRun })
      : registry.update(kind, target.namespace, target.name, object, { dryRun, subresource: sub });
    code = created ? 201 : 200;
  }
  sendJson(response, code, renderObject(kind, stored, renderOptions(call, registry.store.now())));
}

/** The body is of this kind and namespace, and its fields exist. */
async function acceptBody(call: ResourceCall, body: Json): Promise<void> {
  const { kind, target, response, info } = call;
  if (!body || typeof body !== 'object') throw ApiError.badRequest('the request has no object');
  const group = kind.group ? `${kind.group}/` : '';
  if (body.kind && body.kind !== kind.kind)
    throw ApiError.badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): it says ${body.kind} of ${body.apiVersion}`,
    );
  if (body.apiVersion && body.apiVersion !== `${group}${kind.version}`)
    throw ApiError.badRequest(
      `the API version in the data (${body.apiVersion}) does not match the expected API version (${group}${kind.version})`,
    );
  const namespace = body.metadata?.namespace;
  if (kind.namespaced && namespace && namespace !== target.namespace)
    throw ApiError.badRequest(
      `the namespace of the provided object does not match the namespace sent on the request`,
    );
  const warnings = await checkFields(kind, body, info.query.get('fieldValidation') ?? 'Warn');
  for (const warning of warnings) response.appendHeader('Warning', `299 - ${JSON.stringify(warning)}`);
}

async function deleteOptions({ request, info }: ResourceCall): Promise<DeleteOptions> {
  const body = (await readBody(request)) ?? {};
  const grace = body.gracePeriodSeconds ?? info.query.get('gracePeriodSeconds');
  const policy = body.propagationPolicy ?? info.query.get('propagationPolicy');
  return {
    dryRun: isDryRun(info, body),
    ...(grace === null || grace === undefined ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy ? { propagationPolicy: policy } : {}),
    ...(body.preconditions ? { preconditions: body.preconditions } : {}),
  };
}

async function serveDelete(registry: Registry, call: ResourceCall): Promise<void> {
  const { kind, target, response } = call;
  const options = await deleteOptions(call);
  const object = registry.delete(kind, target.namespace, target.name, options);
  if (object.metadata.deletionTimestamp) return sendJson(response, 200, object);
  sendJson(response, 200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name: target.name, group: kind.group, kind: kind.plural, uid: object.metadata.uid },
  });
}

async function serveDeleteCollection(registry: Registry, call: ResourceCall): Promise<void> {
  const { kind, target, response } = call;
  const options = await deleteOptions(call);
  const all = registry.store.list(resourceOf(kind), target.namespace).filter(matcherOf(call));
  const items = all.map((object) =>
    registry.delete(kind, object.metadata.namespace ?? '', object.metadata.name, options),
  );
  sendJsonText(response, 200, listText(kind, items, {}, { shape: 'object', now: registry.store.now() }));
}
