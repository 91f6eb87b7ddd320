// The API server's proxy to services and pods: requests of the outside, answered by programs inside.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClusterNetwork } from '../containers/clusterNetwork.ts';
import { ApiError } from '../store/apiError.ts';
import { sendAnswer } from '../streams/portForward.ts';
import { readBytes } from './body.ts';
import type { RequestInfo, ResourceRequest } from './requestInfo.ts';

/** `[scheme:]name[:port]` */
function readName(name: string): { name: string; port: string } {
  const parts = name.split(':');
  if (parts.length === 3) return { name: parts[1]!, port: parts[2]! };
  return { name: parts[0]!, port: parts[1] ?? '' };
}

export async function serveProxy(
  network: ClusterNetwork,
  info: RequestInfo,
  target: ResourceRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { name, port } = readName(target.name);
  const body = await readBytes(request);
  const query = info.query.size > 0 ? `?${info.query}` : '';
  const call = { method: info.method, host: name, path: `${target.rest || '/'}${query}`, body };
  const answer =
    target.plural === 'services'
      ? await network.askService(target.namespace, name, port, call)
      : await network.askPod(target.namespace, name, port, call);
  if (answer === 'no-such') throw ApiError.notFound(target.plural, '', name);
  if (answer === 'no-endpoints') throw ApiError.unavailable(`no endpoints available for service "${name}"`);
  if (answer === 'refused')
    throw ApiError.unavailable(
      `error trying to reach service: dial tcp: connection refused (${name}:${port || 'default'})`,
    );
  sendAnswer(response, answer);
}
