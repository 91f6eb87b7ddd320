// The transport on client-node: it reads the kubeconfig and authenticates (certificates, tokens, token files, OIDC,
// cloud providers); the request itself goes by node's http, since client-node's generated calls take no
// AbortSignal, and their models drop fields that they don't know, which would falsify a diff.

import { setMaxListeners } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { type ApiRequest, type ApiResponse, type ApiTransport, defaultTimeoutMs } from './apiTransport.ts';
import { cancelled, fromNetwork } from './clusterError.ts';
import { type ExecConfig, type ExecCredential, runExecPlugin } from './execPlugin.ts';
import { type Kubeconfig, printKubeconfig } from './kubeconfigFile.ts';
import { proxyFor } from './proxyFor.ts';
import { timeLimit } from './timeLimit.ts';

export interface TransportOptions {
  /** For calls that name none; milliseconds. */
  readonly timeoutMs?: number;
  /** For an exec plugin, which may have to open a browser or a network of its own. */
  readonly execTimeoutMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}

type Fields = Record<string, unknown>;

interface Prepared {
  readonly agent: http.Agent;
  readonly headers: Record<string, string | string[]>;
  readonly auth: string | undefined;
  readonly until: number;
}

/** How long read credentials (token files, OIDC) are taken as fresh. */
const credentialsMs = 30_000;

/** No network and no client-node yet: both wait for the first `send`. */
export function createTransport(
  config: Kubeconfig,
  context: string,
  options: TransportOptions = {},
): ApiTransport {
  const fields = config.contexts.get(context) ?? {};
  const cluster = config.clusters.get(String(fields.cluster ?? '')) ?? {};
  const user = config.users.get(String(fields.user ?? '')) ?? {};
  const server = String(cluster.server ?? '').replace(/\/+$/, '');
  const base = new URL(server);
  const env = options.env ?? process.env;
  let current: { readonly prepared: Promise<Prepared>; until: number } | undefined;
  let credential: ExecCredential | undefined;
  const agents = new Map<string, http.Agent>();

  async function prepare(): Promise<Prepared> {
    const exec = user.exec as ExecConfig | undefined;
    if (exec && !(credential && (credential.expiresAt ?? Infinity) > Date.now() + 5_000)) {
      const timeoutMs = options.execTimeoutMs ?? 30_000;
      credential = await runExecPlugin(exec, { timeoutMs, env, cluster });
    }
    const { kubeConfigFromText } = await import('./kubeConfigClass.ts');
    const proxy = cluster['proxy-url'] ? undefined : proxyFor(base, env);
    const clusters = new Map([
      [
        'cluster',
        {
          ...cluster,
          ...(proxy ? { 'proxy-url': proxy } : {}),
          // client-node speaks plain http only to clusters that verify nothing, which http never does.
          ...(base.protocol === 'http:' ? { 'insecure-skip-tls-verify': true } : {}),
        },
      ],
    ]);
    const users = new Map([['user', userFor(user, credential)]]);
    const contexts = new Map([['context', { cluster: 'cluster', user: 'user' }]]);
    const text = printKubeconfig({ ...config, clusters, users, contexts, rest: {} }, 'context');
    const filled: https.RequestOptions = {};
    await kubeConfigFromText(text).applyToHTTPSOptions(filled);
    const usesProxy = Boolean(proxy ?? cluster['proxy-url']);
    return {
      agent: agentFor(filled, usesProxy),
      headers: { ...(filled.headers as Record<string, string>), ...impersonation(user) },
      auth: filled.auth ?? undefined,
      until: credential?.expiresAt ?? Date.now() + credentialsMs,
    };
  }

  /** One agent as long as the TLS material stays: its open connections outlive a renewed token. */
  function agentFor(filled: https.RequestOptions, usesProxy: boolean): http.Agent {
    const key = [filled.ca, filled.cert, filled.key].map(String).join('\n');
    const agent =
      agents.get(key) ?? (usesProxy ? (filled.agent as http.Agent) : keepAliveAgent(base, filled));
    agents.set(key, agent);
    return agent;
  }

  /** Shared by calls that come at once: one login for all of them, and nobody's cancelling ends it for others. */
  function ready(): Promise<Prepared> {
    if (current && current.until > Date.now()) return current.prepared;
    const mine = { prepared: prepare(), until: Number.POSITIVE_INFINITY };
    current = mine;
    mine.prepared.then(
      ({ until }) => {
        mine.until = until;
      },
      () => {
        if (current === mine) current = undefined;
      },
    );
    return mine.prepared;
  }

  return {
    server,
    async send(request) {
      // As many requests as there are may listen to one caller's signal; each takes its listener off again.
      if (request.signal) setMaxListeners(0, request.signal);
      const what = `${request.method} ${request.path.split('?')[0]}`;
      // The login may take longer than a request: the limit starts after it.
      const { agent, headers, auth } = await orAborted(ready(), what, request.signal);
      const limit = timeLimit(
        server,
        what,
        request.timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs,
        request.signal,
      );
      return sendOver(base, request, { agent, headers, auth }, limit);
    },
    renewCredentials() {
      credential = undefined;
      current = undefined;
    },
    dispose() {
      current = undefined;
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

function orAborted<T>(promise: Promise<T>, what: string, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(cancelled(what));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function keepAliveAgent(base: URL, filled: https.RequestOptions): http.Agent {
  const shared = { keepAlive: true, maxSockets: 16, scheduling: 'lifo' as const };
  if (base.protocol === 'http:') return new http.Agent(shared);
  const { ca, cert, key, rejectUnauthorized, servername } = filled;
  return new https.Agent({
    ...shared,
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    ...(servername ? { servername } : {}),
  });
}

/** The user as client-node reads it: the plugin's answer instead of the plugin, its spelling of token files. */
function userFor(user: Fields, credential: ExecCredential | undefined): Fields {
  const { exec: _exec, tokenFile, 'as-groups': _g, 'as-uid': _u, 'as-user-extra': _e, ...plain } = user;
  if (tokenFile && !user.token) {
    return { ...plain, 'auth-provider': { name: 'tokenFile', config: { tokenFile } } };
  }
  if (!credential) return plain;
  const base64 = (pem: string): string => Buffer.from(pem).toString('base64');
  return {
    ...plain,
    ...(credential.token ? { token: credential.token } : {}),
    ...(credential.certificate ? { 'client-certificate-data': base64(credential.certificate) } : {}),
    ...(credential.key ? { 'client-key-data': base64(credential.key) } : {}),
  };
}

/** client-node knows `as`, not the groups and extras that may come with it. */
function impersonation(user: Fields): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  if (Array.isArray(user['as-groups'])) headers['Impersonate-Group'] = user['as-groups'].map(String);
  if (typeof user['as-uid'] === 'string') headers['Impersonate-Uid'] = user['as-uid'];
  for (const [name, values] of Object.entries((user['as-user-extra'] ?? {}) as Record<string, string[]>)) {
    headers[`Impersonate-Extra-${encodeURIComponent(name)}`] = values;
  }
  return headers;
}

function sendOver(
  base: URL,
  request: ApiRequest,
  connection: { agent: http.Agent; headers: Record<string, string | string[]>; auth: string | undefined },
  limit: ReturnType<typeof timeLimit>,
): Promise<ApiResponse> {
  const { request: open } = base.protocol === 'http:' ? http : https;
  const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body;
  const headers: Record<string, string | string[] | number> = { 'User-Agent': 'runbook-notebooks' };
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    headers[name] = typeof value === 'string' ? value : [...value];
  }
  // The credentials last: nothing in a request may replace them.
  Object.assign(headers, connection.headers);
  if (body) headers['Content-Length'] = body.byteLength;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      limit.dispose();
      reject(limit.error() ?? fromNetwork(base.origin, error));
    };
    const outgoing = open(
      {
        protocol: base.protocol,
        hostname: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port,
        path: `${base.pathname.replace(/\/+$/, '')}${request.path}`,
        method: request.method,
        headers,
        agent: connection.agent,
        signal: limit.signal,
        ...(connection.auth ? { auth: connection.auth } : {}),
      },
      (incoming) => {
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: bodyOf(base.origin, incoming, limit),
          cancel() {
            limit.dispose();
            incoming.destroy();
          },
        });
      },
    );
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}

async function* bodyOf(
  server: string,
  incoming: http.IncomingMessage,
  limit: ReturnType<typeof timeLimit>,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of incoming) yield chunk as Uint8Array;
  } catch (error) {
    throw limit.error() ?? fromNetwork(server, error);
  } finally {
    limit.dispose();
  }
}
