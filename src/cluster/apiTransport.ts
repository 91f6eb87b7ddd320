// The port to an API server: bytes out, bytes in. The adapter on client-node fills it; nothing of client-node's
// types passes through.

export type ApiMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

export interface CallOptions {
  /** The caller's own end; the time limit holds beside it. */
  readonly signal?: AbortSignal;
  /** For the whole call, body included; milliseconds. */
  readonly timeoutMs?: number;
}

export interface ApiRequest extends CallOptions {
  readonly method: string;
  /** From the server's root, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Read it to the end or call `cancel`: the time limit holds until then. Throws ClusterError. */
  readonly body: AsyncIterable<Uint8Array>;
  cancel(): void;
}

export interface ApiTransport {
  /** Address for messages. */
  readonly server: string;
  /** Throws ClusterError where there is no answer; an answer with a failing status is returned. */
  send(request: ApiRequest): Promise<ApiResponse>;
  /** Forgets cached credentials: an exec plugin runs again. */
  renewCredentials(): void;
  dispose(): void;
}

export const defaultTimeoutMs = 10_000;
