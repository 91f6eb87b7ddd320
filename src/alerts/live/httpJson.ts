// JSON over HTTP from a monitoring server: base address, credentials, a deadline over the whole answer, and each way
// to fail told apart. Nothing throws but a broken invariant.

import {
  cancelled,
  forbidden,
  html,
  invalidUrl,
  notFound,
  redirected,
  removedApi,
  serverError,
  slow,
  tooLarge,
  unauthorised,
  unreachable,
  unreadable,
  untrustedCertificate,
} from './failures.ts';
import { type Failure, type Outcome, success } from './outcome.ts';

export type HttpAuth =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string };

export interface HttpOptions {
  /** Base address, a path prefix included: `https://example.com/prometheus`. */
  readonly url: string;
  readonly auth?: HttpAuth;
  /** Over the whole request, its body included; 10 s unless told. */
  readonly timeoutMs?: number;
  /** How to ask: the cluster's service proxy brings its own. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface HttpRequest {
  /** Below the base address, such as `/api/v1/alerts`. */
  readonly path: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const maxBytes = 32 * 1024 * 1024;
const maxUrlLength = 4000;

export class HttpJson {
  readonly #options: HttpOptions;
  readonly #product: string;

  /** `product` as the operator knows it: it goes into the messages. */
  constructor(product: string, options: HttpOptions) {
    this.#product = product;
    this.#options = options;
  }

  /** The parsed body of any answer that holds JSON, whatever its status below 500; the caller reads what it says. */
  async get(request: HttpRequest): Promise<Outcome<{ readonly status: number; readonly body: unknown }>> {
    const base = parseBase(this.#options.url);
    if (!base) return invalidUrl(this.#options.url);
    const place = `${base.origin}${base.pathname}${request.path}`;
    const timeoutMs = this.#options.timeoutMs ?? 10_000;
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
    try {
      const response = await this.#send(place, request, signal);
      const answer = await readText(response, place);
      return typeof answer === 'string' ? this.#judge(response, place, answer) : answer;
    } catch (error) {
      if (request.signal?.aborted) return cancelled(place);
      if (deadline.aborted) return slow(place, timeoutMs);
      return notReached(place, error);
    }
  }

  #send(place: string, request: HttpRequest, signal: AbortSignal): Promise<Response> {
    const query = new URLSearchParams(request.parameters).toString();
    const url = query === '' ? place : `${place}?${query}`;
    const headers = new Headers({ accept: 'application/json' });
    const auth = authorization(this.#options.auth);
    if (auth) headers.set('authorization', auth);
    const ask = this.#options.fetch ?? globalThis.fetch;
    // A redirect may lead to another host, or to a login page: it is told, not followed.
    const common = { headers, signal, redirect: 'manual' } as const;
    if (url.length <= maxUrlLength) return ask(url, common);
    headers.set('content-type', 'application/x-www-form-urlencoded');
    return ask(place, { ...common, method: 'POST', body: query });
  }

  #judge(
    response: Response,
    place: string,
    text: string,
  ): Outcome<{ readonly status: number; readonly body: unknown }> {
    const { status } = response;
    if (status >= 300 && status < 400) {
      return redirected(place, status, withoutQuery(response.headers.get('location') ?? 'nowhere'));
    }
    if (status === 401) return unauthorised(place, this.#options.auth !== undefined);
    if (status === 403) return forbidden(place);
    if (status === 410) return removedApi(place);
    const body = parseJson(text);
    if (body !== undefined) return success({ status, body });
    if (status === 404) return notFound(place, this.#product);
    if (
      /^\s*<(!doctype|html|head|body)/i.test(text) ||
      /text\/html/.test(response.headers.get('content-type') ?? '')
    )
      return html(place, status, /<title[^>]*>([^<]{1,80})/i.exec(text)?.[1]?.trim() ?? '');
    if (status >= 400) return serverError(place, status, text.trim().slice(0, 200));
    return unreadable(place, text.trim() === '' ? 'nothing at all' : `"${text.trim().slice(0, 60)}"`);
  }
}

function parseBase(url: string): { origin: string; pathname: string } | null {
  try {
    const parsed = new URL(url);
    if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return null;
    // What people copy from the browser: the pages of the user interface, or one API's own path.
    const pathname = parsed.pathname.replace(
      /\/(graph|query|alerts|targets|classic\/graph|api\/v2(\/alerts)?)?\/*$/,
      '',
    );
    return { origin: parsed.origin, pathname };
  } catch {
    return null;
  }
}

function authorization(auth: HttpAuth | undefined): string | null {
  if (!auth) return null;
  if (auth.kind === 'bearer') return `Bearer ${auth.token}`;
  return `Basic ${Buffer.from(`${auth.user}:${auth.password}`, 'utf8').toString('base64')}`;
}

async function readText(response: Response, place: string): Promise<string | Failure> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) return tooLarge(place, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A login redirect may carry state and secrets in its query. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/, '');
}

const networkReasons: Record<string, string> = {
  ECONNREFUSED: 'the connection is refused',
  ENOTFOUND: 'the host is unknown',
  EAI_AGAIN: 'the name server does not answer',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the connection was cut',
};

function notReached(place: string, error: unknown): Failure {
  const cause = (error as { cause?: unknown }).cause ?? error;
  const code = String((cause as { code?: unknown }).code ?? '');
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code))
    return untrustedCertificate(place, message || code);
  return unreachable(place, networkReasons[code] ?? (message || code));
}
