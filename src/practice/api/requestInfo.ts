// What a request's method and path ask for, in the API server's terms.

import type { IncomingMessage } from 'node:http';

export type Verb =
  | 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'; // biome-ignore format: one list

export interface RequestInfo {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Set for `/api/…` and `/apis/…/version/resource…`. */
  readonly resource?: ResourceRequest;
}

export interface ResourceRequest {
  readonly verb: Verb;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  /** What follows the subresource: the path that `proxy` forwards, with its leading slash. */
  readonly rest: string;
}

export function readRequest(request: Pick<IncomingMessage, 'method' | 'url'>): RequestInfo {
  const method = request.method ?? 'GET';
  const url = request.url ?? '/';
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  const resource = readResource(method, path, query);
  return { method, path, query, ...(resource ? { resource } : {}) };
}

function readResource(method: string, path: string, query: URLSearchParams): ResourceRequest | undefined {
  const parts = path.split('/').slice(1);
  let group = '';
  let from: number;
  if (parts[0] === 'api' && parts.length >= 3) from = 1;
  else if (parts[0] === 'apis' && parts.length >= 4) {
    group = parts[1]!;
    from = 2;
  } else return undefined;
  const version = parts[from]!;
  let rest = parts.slice(from + 1).map((part, index) => (index < 5 ? safeDecode(part) : part));
  let namespace = '';
  const ofNamespaceItself = rest.length <= 2 || ['status', 'finalize'].includes(rest[2]!);
  if (rest[0] === 'namespaces' && !ofNamespaceItself) {
    namespace = rest[1]!;
    rest = rest.slice(2);
  }
  const [plural = '', name = '', subresource = '', ...more] = rest;
  if (!plural) return undefined;
  return {
    verb: verbOf(method, name, query),
    group,
    version,
    plural,
    namespace,
    name,
    subresource,
    rest: more.length > 0 ? `/${more.join('/')}` : '',
  };
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function verbOf(method: string, name: string, query: URLSearchParams): Verb {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name ? 'delete' : 'deletecollection';
    default: {
      const watch = query.get('watch');
      if (watch === 'true' || watch === '1') return 'watch';
      return name ? 'get' : 'list';
    }
  }
}
