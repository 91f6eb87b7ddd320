// Service names of the cluster, answered from outside of it through the API server's service proxy, so that a
// runbook's `curl http://prometheus:9090/…` works from a laptop.

import { isIP } from 'node:net';
import type { ApiTransport, CallOptions } from './apiTransport.ts';
import { fromAnswer, isStatus } from './clusterError.ts';
import { listAt, numberAt, textAt } from './kubernetesObject.ts';
import type { ObjectStore } from './objectStore.ts';
import type { ResourceKind } from './resourceKinds.ts';

export interface ServiceAddress {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  /** The service itself speaks https. */
  readonly secure: boolean;
}

export interface ServiceName {
  readonly namespace: string;
  readonly service: string;
}

const servicesKind: ResourceKind = {
  group: '', version: 'v1', plural: 'services', kind: 'Service', namespaced: true, custom: false,
}; // biome-ignore format: one line of a table

/** `name`, `name.ns`, `name.ns.svc`, `name.ns.svc.cluster.local`; undefined for what can be no service name. */
export function parseServiceName(host: string, namespace: string): ServiceName | undefined {
  const bare = host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/\.svc(\.cluster\.local)?$/, '');
  if (bare === 'localhost' || isIP(bare) !== 0) return undefined;
  const [service = '', space = namespace, ...more] = bare.split('.');
  const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
  if (more.length > 0 || !label.test(service) || !label.test(space)) return undefined;
  return { service, namespace: space };
}

/**
 * The service behind `host:port`; undefined where the cluster has none of that name or port, so that the request
 * goes straight out. Other failures are thrown: a cluster that can't be asked must not send the request elsewhere.
 */
export async function resolveService(
  store: ObjectStore,
  host: string,
  port: number,
  namespace: string,
  options: CallOptions = {},
): Promise<ServiceAddress | undefined> {
  const name = parseServiceName(host, namespace);
  if (!name) return undefined;
  const service = await store.find(servicesKind, name.namespace, name.service, options);
  const entry = listAt(service, 'spec', 'ports').find((one) => numberAt(one, 'port') === port);
  if (!entry) return undefined;
  const words = `${textAt(entry, 'appProtocol') ?? ''} ${textAt(entry, 'name') ?? ''}`;
  return { ...name, port, secure: /\bhttps\b/.test(words) || port === 443 };
}

export interface ServiceRequest extends CallOptions {
  readonly method: string;
  /** With its query, as it stood in the request. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: Uint8Array;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** Streams; the time limit runs until its end. */
  readonly body: AsyncIterable<Uint8Array>;
  cancel(): void;
}

const hopByHop = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer',
  'transfer-encoding', 'upgrade', 'host', 'content-length',
]); // biome-ignore format: one list
/** Answers that the API server gives itself, in its own words. */
const serverOwn = new Set([400, 401, 403, 404, 502, 503, 504]);
/** For services, longer than a look-up: a report may take its time. */
const serviceTimeoutMs = 60_000;

/**
 * One request to the service. The service's own failures are answers; those of the API server on the way (no pod
 * behind it, no permission) are thrown as ClusterError. An Authorization header can't pass: the API server reads it.
 */
export async function requestService(
  transport: ApiTransport,
  address: ServiceAddress,
  request: ServiceRequest,
): Promise<ServiceResponse> {
  const { namespace, service, port, secure } = address;
  const target = encodeURIComponent(`${secure ? 'https:' : ''}${service}:${port}`);
  const path = `/api/v1/namespaces/${namespace}/services/${target}/proxy${request.path.startsWith('/') ? '' : '/'}${request.path}`;
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    const lower = name.toLowerCase();
    if (value !== undefined && !hopByHop.has(lower) && lower !== 'authorization') headers[name] = value;
  }
  const response = await transport.send({
    method: request.method,
    path,
    headers,
    timeoutMs: request.timeoutMs ?? serviceTimeoutMs,
    ...(request.body?.byteLength ? { body: request.body } : {}),
    ...(request.signal ? { signal: request.signal } : {}),
  });
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined && !hopByHop.has(name)) kept[name] = value;
  }
  const length = response.headers['content-length'];
  if (typeof length === 'string') kept['content-length'] = length;
  let body = response.body;
  if (
    serverOwn.has(response.status) &&
    String(response.headers['content-type'] ?? '').startsWith('application/json')
  ) {
    const bytes = await collect(body);
    const status = parseJson(bytes);
    if (isStatus(status)) {
      throw fromAnswer(transport.server, `service ${service} in ${namespace}`, response.status, status);
    }
    body = once(bytes);
  }
  return { status: response.status, headers: kept, body, cancel: () => response.cancel() };
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
