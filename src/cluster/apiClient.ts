// Calls on the transport that every reader of this room shares: JSON in, JSON out, failing answers as errors.

import { type ApiTransport, type CallOptions, defaultTimeoutMs } from './apiTransport.ts';
import { ClusterError, fromAnswer, isStatus, notKubernetes, type StatusAnswer } from './clusterError.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface JsonCall extends CallOptions {
  readonly query?: Query;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** What is asked, for messages: `pod web-1 in shop`. */
  readonly what?: string;
}

export interface TextAnswer {
  readonly text: Uint8Array;
  /** The end is missing, and why: the limit in bytes, or the time. */
  readonly cut: string | undefined;
}

const jsonLimit = 64 * 1024 * 1024;

export interface ApiClient {
  readonly transport: ApiTransport;
  json<T>(method: string, path: string, call?: JsonCall): Promise<T>;
  /** Bytes up to `maxBytes`; what came before a time limit is kept. */
  bytes(path: string, call: JsonCall & { maxBytes: number }): Promise<TextAnswer>;
}

export function createApiClient(transport: ApiTransport): ApiClient {
  async function send(method: string, path: string, call: JsonCall) {
    const request = {
      method,
      path: path + queryText(call.query),
      headers: {
        Accept: call.accept ?? 'application/json',
        ...(call.body === undefined ? {} : { 'Content-Type': call.contentType ?? 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: toBody(call.body) }),
      ...(call.signal ? { signal: call.signal } : {}),
      timeoutMs: call.timeoutMs ?? defaultTimeoutMs,
    };
    let response = await transport.send(request);
    if (response.status === 401) {
      // A token may have run out since it was read: log in once more.
      response.cancel();
      transport.renewCredentials();
      response = await transport.send(request);
    }
    if (response.status >= 300) {
      const { text } = await collect(response.body, 64 * 1024);
      const body = Buffer.from(text).toString('utf8');
      throw fromAnswer(
        transport.server,
        call.what ?? `${method} ${path}`,
        response.status,
        parseStatus(body),
      );
    }
    return response;
  }

  return {
    transport,
    async json<T>(method: string, path: string, call: JsonCall = {}) {
      const response = await send(method, path, call);
      const { text, cut } = await collect(response.body, jsonLimit);
      if (cut) {
        response.cancel();
        throw new ClusterError('cluster-server-error', {
          message: `The answer to ${call.what ?? path} is larger than ${jsonLimit / 1024 / 1024} MB.`,
        });
      }
      try {
        return JSON.parse(Buffer.from(text).toString('utf8')) as T;
      } catch {
        throw notKubernetes(transport.server, call.what ?? path);
      }
    },
    async bytes(path, call) {
      const response = await send('GET', path, { accept: '*/*', ...call });
      const answer = await collect(response.body, call.maxBytes, true);
      if (answer.cut) response.cancel();
      return answer;
    },
  };
}

async function collect(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  keepOnError = false,
): Promise<TextAnswer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let cut: string | undefined;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size >= maxBytes) {
        cut = `longer than ${maxBytes} bytes`;
        break;
      }
    }
  } catch (error) {
    if (!keepOnError || !(error instanceof ClusterError) || size === 0) throw error;
    cut = error.message;
  }
  return { text: Buffer.concat(chunks).subarray(0, maxBytes), cut };
}

function parseStatus(body: string): StatusAnswer | string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (isStatus(parsed)) return parsed;
  } catch {
    // Not JSON: the text itself is told.
  }
  return body;
}

function toBody(body: unknown): string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
}

export function queryText(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text ? `?${text}` : '';
}
