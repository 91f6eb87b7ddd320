// The HTTPS server: who asks, may they, and which part of the API answers.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Duplex } from 'node:stream';
import { toError } from '../../base/runbookError.ts';
import type { ClusterNetwork } from '../containers/clusterNetwork.ts';
import type { Kubelet } from '../controllers/kubelet.ts';
import { type Kind, resourceOf } from '../kinds/kind.ts';
import { loadFieldTypes } from '../patch/fieldTypes.ts';
import { ApiError } from '../store/apiError.ts';
import type { Json } from '../store/kubeObject.ts';
import type { Registry } from '../store/registry.ts';
import { labelMatcher } from '../store/selectors.ts';
import { serveUpgrade } from '../streams/upgrades.ts';
import { openApiV2, openApiV2Type } from '../wire/openApiV2.ts';
import { authenticate } from './authentication.ts';
import { readBody } from './body.ts';
import {
  aggregated,
  apiVersions,
  groupList,
  oneGroup,
  openApiIndex,
  resourceList,
  serverVersion,
} from './discovery.ts';
import { MetricsApi } from './metricsApi.ts';
import { openApiDocument } from './openApi.ts';
import { containerFor, serveLog } from './podLog.ts';
import { type PracticePaths, servePracticePath } from './practicePaths.ts';
import { serveProxy } from './proxy.ts';
import { type Attributes, may, serviceAccountUser, type User } from './rbac.ts';
import { type RequestInfo, type ResourceRequest, readRequest } from './requestInfo.ts';
import { sendJson, serveResource } from './resourceRequests.ts';
import { answerReview, type Tokens } from './reviews.ts';

const openPaths = new Set(['/healthz', '/livez', '/readyz', '/version']);

export interface ApiServerParts {
  readonly registry: Registry;
  readonly kubelet: Kubelet;
  readonly network: ClusterNetwork;
  readonly tokens: Tokens;
  readonly practice: PracticePaths;
  readonly key: string;
  readonly certificate: string;
}

export function createApiServer(parts: ApiServerParts): Server {
  const server = createServer({ key: parts.key, cert: parts.certificate, ALPNProtocols: ['http/1.1'] });
  const api = new Api(parts);
  server.on('request', (request, response) => void api.serve(request, response));
  server.on('upgrade', (request, socket, head) => api.upgrade(request, socket, head));
  // Idle connections of kubectl's keep-alive must not be cut while it waits on a watch.
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 0;
  return server;
}

/** Ours to mend: the client gets a line, and the daemon's log where it happened. */
function unforeseen(error: unknown): ApiError {
  console.error(error);
  return ApiError.internal(toError(error).message);
}

class Api {
  readonly #parts: ApiServerParts;
  readonly #metrics: MetricsApi;

  constructor(parts: ApiServerParts) {
    this.#parts = parts;
    this.#metrics = new MetricsApi(parts.registry.store, parts.kubelet);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch (error) {
      const told = error instanceof ApiError ? error : unforeseen(error);
      if (response.headersSent) response.end();
      else sendJson(response, told.code, told.toStatus());
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const info = readRequest(request);
    if (openPaths.has(info.path)) {
      if (info.path === '/version') return sendJson(response, 200, serverVersion);
      response.writeHead(200, { 'Content-Type': 'text/plain' });
      response.end('ok');
      return;
    }
    const user = authenticate(request, this.#parts.tokens, this.#parts.registry.store);
    const { resource } = info;
    if (!resource) {
      this.#authorize(user, {
        verb: 'get',
        group: '',
        resource: '',
        namespace: '',
        name: '',
        path: info.path,
      });
      if (info.path === '/practice' || info.path.startsWith('/practice/')) {
        sendJson(response, 200, await servePracticePath(this.#parts.practice, info.method, info.path));
        return;
      }
      return this.#servePath(info, request, response);
    }
    this.#authorize(user, attributesOf(resource));
    const kind = this.#parts.registry.kinds.find(resource.group, resource.version, resource.plural);
    if (!kind) throw ApiError.noSuchPath();
    await this.#serveKind(info, resource, kind, user, request, response);
  }

  #authorize(user: User, wanted: Attributes): void {
    if (may(this.#parts.registry.store, user, wanted)) return;
    if (wanted.path !== undefined)
      throw ApiError.forbidden('', '', '', `User "${user.name}" cannot ${wanted.verb} path "${wanted.path}"`);
    const where = wanted.namespace ? ` in the namespace "${wanted.namespace}"` : ' at the cluster scope';
    const [plural = ''] = wanted.resource.split('/');
    throw ApiError.forbidden(
      plural,
      wanted.group,
      wanted.name,
      `User "${user.name}" cannot ${wanted.verb} resource "${wanted.resource}" in API group "${wanted.group}"${where}`,
    );
  }

  async #servePath({ path }: RequestInfo, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { kinds } = this.#parts.registry;
    const accept = request.headers.accept ?? '';
    const wanted = /application\/json;[^,]*g=apidiscovery\.k8s\.io[^,]*v=(v2(?:beta1)?)[^,]*/.exec(accept);
    const steps = path.split('/').filter(Boolean);
    let answer: Json | undefined;
    if (path === '/') answer = { paths: ['/api', '/apis', '/healthz', '/openapi/v3', '/version'] };
    else if ((path === '/api' || path === '/apis') && wanted) {
      const text = JSON.stringify(aggregated(kinds, path === '/api', wanted[1]!));
      const type = `application/json;g=apidiscovery.k8s.io;v=${wanted[1]};as=APIGroupDiscoveryList`;
      response.writeHead(200, { 'Content-Type': type });
      response.end(text);
      return;
    } else if (path === '/openapi/v2') {
      response.writeHead(200, { 'Content-Type': openApiV2Type });
      response.end(openApiV2());
      return;
    } else if (path === '/api') answer = apiVersions();
    else if (path === '/apis') answer = groupList(kinds);
    else if (steps[0] === 'api' && steps.length === 2) answer = resourceList(kinds, '', steps[1]!);
    else if (steps[0] === 'apis' && steps.length === 2) answer = oneGroup(kinds, steps[1]!);
    else if (steps[0] === 'apis' && steps.length === 3) answer = resourceList(kinds, steps[1]!, steps[2]!);
    else if (path === '/openapi/v3') answer = openApiIndex(kinds, `practice-${kinds.all().length}`);
    else if (path.startsWith('/openapi/v3/')) answer = await this.#openApi(steps.slice(2));
    if (!answer) throw ApiError.noSuchPath();
    sendJson(response, 200, answer);
  }

  async #openApi(steps: string[]): Promise<Json | undefined> {
    const [root, ...rest] = steps;
    const [group, version] = root === 'api' ? ['', rest[0]] : rest;
    const kinds = this.#parts.registry.kinds
      .all()
      .filter((one) => one.group === group && one.version === version);
    return kinds.length > 0 ? openApiDocument(kinds, await loadFieldTypes()) : undefined;
  }

  async #serveKind(
    info: RequestInfo,
    target: ResourceRequest,
    kind: Kind,
    user: User,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { registry, kubelet, network, tokens } = this.#parts;
    if (kind.group === 'metrics.k8s.io') {
      const matches = labelMatcher(info.query.get('labelSelector') ?? undefined);
      return sendJson(
        response,
        200,
        this.#metrics.answer(kind.plural, target.namespace, target.name, matches),
      );
    }
    if (kind.createOnly) {
      if (target.verb !== 'create') throw ApiError.methodNotAllowed();
      const body = await readBody(request);
      return sendJson(response, 201, answerReview(kind.plural, body, user, registry.store, tokens));
    }
    if (target.subresource && !kind.subresources.includes(target.subresource)) throw ApiError.noSuchPath();
    switch (target.subresource) {
      case 'log':
        return serveLog(kubelet, registry.get(kind, target.namespace, target.name), info.query, response);
      case 'proxy':
        return serveProxy(network, info, target, request, response);
      case 'eviction':
        return this.#evict(target, kind, await readBody(request), response);
      case 'token': {
        registry.get(kind, target.namespace, target.name);
        const token = tokens.issue(serviceAccountUser(target.namespace, target.name));
        const expirationTimestamp = new Date(registry.store.now() + 3_600_000).toISOString();
        const body = await readBody(request);
        return sendJson(response, 201, { ...body, status: { token, expirationTimestamp } });
      }
      case 'exec':
      case 'attach':
      case 'portforward':
        throw ApiError.badRequest('Upgrade request required');
    }
    const subresource = ['approval', 'finalize'].includes(target.subresource) ? 'status' : target.subresource;
    await serveResource(registry, { request, response, info, target: { ...target, subresource }, kind });
  }

  #evict(target: ResourceRequest, kind: Kind, body: Json, response: ServerResponse): void {
    const { registry } = this.#parts;
    const pod = registry.get(kind, target.namespace, target.name);
    for (const budget of registry.store.list('policy/poddisruptionbudgets', target.namespace)) {
      const chosen = labelMatcher(
        Object.entries(budget.spec.selector?.matchLabels ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .join(','),
      );
      if (chosen(pod) && (budget.status?.disruptionsAllowed ?? 0) <= 0)
        throw ApiError.tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.");
    }
    registry.delete(kind, target.namespace, target.name, {
      ...(body?.deleteOptions?.gracePeriodSeconds === undefined
        ? {}
        : { gracePeriodSeconds: body.deleteOptions.gracePeriodSeconds }),
      dryRun: Boolean(body?.deleteOptions?.dryRun?.length),
    });
    sendJson(response, 201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    try {
      const { registry, kubelet, tokens } = this.#parts;
      const info = readRequest(request);
      const user = authenticate(request, tokens, registry.store);
      const target = info.resource;
      if (!target) throw ApiError.noSuchPath();
      this.#authorize(user, { ...attributesOf(target), verb: 'create' });
      const kind = registry.kinds.find(target.group, target.version, target.plural);
      if (!kind || resourceOf(kind) !== '/pods') throw ApiError.noSuchPath();
      const pod = registry.get(kind, target.namespace, target.name);
      const { subresource } = target;
      if (subresource !== 'exec' && subresource !== 'attach' && subresource !== 'portforward')
        throw ApiError.noSuchPath();
      const all = pod.spec.containers
        .map((one: Json) => kubelet.containerOf(pod.metadata.uid, one.name))
        .filter(Boolean);
      const containers =
        subresource === 'portforward' ? all : [containerFor(kubelet, pod, info.query.get('container'))];
      if (subresource === 'exec' && containers[0].phase.is !== 'running')
        throw ApiError.internal(`container not running (${containers[0].spec.name})`);
      serveUpgrade(request, socket, head, { subresource, query: info.query, containers });
    } catch (error) {
      const told = error instanceof ApiError ? error : ApiError.internal(String(error));
      const text = JSON.stringify(told.toStatus());
      socket.end(
        `HTTP/1.1 ${told.code} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
      );
    }
  }
}

function attributesOf(target: ResourceRequest): Attributes {
  const { verb, group, plural, subresource, namespace, name } = target;
  return { verb, group, resource: subresource ? `${plural}/${subresource}` : plural, namespace, name };
}
