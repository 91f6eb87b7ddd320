// The gate's door for HTTP: a proxy on loopback that the session's `http_proxy` names. It sees method and URL of
// plain HTTP, host and port of a tunnel; it asks the port, may answer from the pinned cluster, and else passes on.

import { randomBytes } from 'node:crypto';
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { toError } from '../../base/runbookError.ts';
import type { GateAnswer, HttpCall, HttpPort, HttpReply } from '../types.ts';

export interface HttpDoorInit {
  readonly port: HttpPort;
  /** The cell that runs now. */
  currentCell(): string | null;
  onRefused(call: HttpCall, reason: string): void;
}

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function endToEnd(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== undefined && !hopByHop.has(name))
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value!]),
  );
}

export class HttpDoor {
  readonly #init: HttpDoorInit;
  readonly #server: Server;
  readonly #token = randomBytes(24).toString('hex');
  readonly #sockets = new Set<Socket | Duplex>();
  #calls = 0;

  private constructor(init: HttpDoorInit) {
    this.#init = init;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('connect', (request, socket, head) => void this.#tunnel(request, socket, head));
    this.#server.on('connection', (socket) => this.#keep(socket));
    this.#server.on('clientError', (_, socket) => socket.destroy());
  }

  static async open(init: HttpDoorInit): Promise<HttpDoor> {
    const door = new HttpDoor(init);
    await new Promise<void>((resolve, reject) => {
      door.#server.once('error', reject);
      door.#server.listen(0, '127.0.0.1', resolve);
    });
    door.#server.unref();
    return door;
  }

  /** For `http_proxy`; holds the token that the door asks for. */
  get url(): string {
    const address = this.#server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return `http://runbook:${this.#token}@127.0.0.1:${port}`;
  }

  #keep(socket: Socket | Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #isAllowed(request: IncomingMessage): boolean {
    const expected = `Basic ${Buffer.from(`runbook:${this.#token}`).toString('base64')}`;
    return request.headers['proxy-authorization'] === expected;
  }

  #call(request: IncomingMessage, tunnel: boolean): HttpCall {
    return {
      id: `http-${++this.#calls}`,
      method: request.method ?? 'GET',
      url: request.url ?? '',
      headers: endToEnd(request.headers),
      cellId: this.#init.currentCell(),
      tunnel,
      startedAt: Date.now(),
    };
  }

  async #decide(call: HttpCall, signal: AbortSignal): Promise<GateAnswer> {
    try {
      return await this.#init.port.decide(call, signal);
    } catch (error) {
      return { allow: false, reason: `The question could not be asked: ${toError(error).message}` };
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number, text: string): void => {
      response
        .writeHead(status, { 'content-type': 'text/plain', connection: 'close' })
        .end(`runbook: ${text}\n`);
    };
    if (!this.#isAllowed(request)) return refuse(407, 'this proxy belongs to a session.');
    if (!/^http:\/\//i.test(request.url ?? '')) return refuse(400, 'this is a proxy.');
    const call = this.#call(request, false);
    const begin = performance.now();
    const abort = new AbortController();
    response.on('close', () => abort.abort());
    const answer = await this.#decide(call, abort.signal);
    let status: number | null = null;
    try {
      if (!answer.allow) {
        refuse(403, `refused: ${answer.reason}`);
        this.#init.onRefused(call, answer.reason);
        return;
      }
      const reply = (await this.#init.port.answer?.(call, request, abort.signal)) ?? null;
      status = reply
        ? await this.#reply(reply, response)
        : await this.#forward(call, request, response, abort);
    } catch (error) {
      if (!response.headersSent) refuse(502, toError(error).message);
      else response.destroy();
    } finally {
      this.#init.port.finished(call, { status, durationMs: performance.now() - begin });
    }
  }

  async #reply(reply: HttpReply, response: ServerResponse): Promise<number> {
    response.writeHead(reply.status, { ...reply.headers });
    if (reply.body instanceof Uint8Array) response.end(reply.body);
    else await pipeline(reply.body, response);
    return reply.status;
  }

  #forward(
    call: HttpCall,
    request: IncomingMessage,
    response: ServerResponse,
    abort: AbortController,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        call.url,
        { method: call.method, headers: { ...call.headers }, signal: abort.signal },
        (incoming) => {
          response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, endToEnd(incoming.headers));
          pipeline(incoming, response).then(() => resolve(incoming.statusCode ?? 502), reject);
        },
      );
      outgoing.on('error', reject);
      request.pipe(outgoing);
    });
  }

  async #tunnel(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    this.#keep(client);
    const answerWith = (status: string): void => void client.end(`HTTP/1.1 ${status}\r\n\r\n`);
    if (!this.#isAllowed(request)) return answerWith('407 Proxy Authentication Required');
    const call = this.#call(request, true);
    const begin = performance.now();
    const abort = new AbortController();
    client.on('close', () => abort.abort());
    const answer = await this.#decide(call, abort.signal);
    const finish = (status: number | null): void =>
      this.#init.port.finished(call, { status, durationMs: performance.now() - begin });
    if (!answer.allow) {
      answerWith('403 Forbidden');
      this.#init.onRefused(call, answer.reason);
      return finish(403);
    }
    const [, host, port] = /^(.*):(\d+)$/.exec(call.url) ?? [];
    if (!host) {
      answerWith('400 Bad Request');
      return finish(400);
    }
    const upstream = connect(Number(port), host.replace(/^\[|\]$/g, ''));
    this.#keep(upstream);
    upstream.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      pipeline(client, upstream, client).catch(() => {});
    });
    upstream.once('error', () => answerWith('502 Bad Gateway'));
    upstream.once('close', () => {
      client.end();
      finish(upstream.bytesRead > 0 ? 200 : null);
    });
  }

  dispose(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
