// Upgraded connections of pods: exec, attach and port-forward, over WebSocket (v4/v5.channel.k8s.io, and SPDY
// tunnelled in it) or over SPDY/3.1 itself.
// Source: https://kubernetes.io/blog/2024/08/20/websockets-transition/ and KEP-4006.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ContainerRun } from '../containers/containerRun.ts';
import type { Json } from '../store/kubeObject.ts';
import { AttachSession, type ExecOutput, ExecSession } from './execSession.ts';
import { connectToPort } from './portForward.ts';
import { SpdySession, type SpdyStream } from './spdySession.ts';

export interface UpgradeTarget {
  readonly subresource: 'exec' | 'attach' | 'portforward';
  readonly query: URLSearchParams;
  /** The container that is meant, or for port-forward all of the pod. */
  readonly containers: readonly ContainerRun[];
}

const channelProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const tunnel = 'SPDY/3.1+portforward.k8s.io';
const spdyExecProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const [stdinChannel, stdoutChannel, stderrChannel, errorChannel] = [0, 1, 2, 3];
const closeChannel = 255;
const settleMs = 25;

const sockets = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) =>
    [...channelProtocols, tunnel, 'portforward.k8s.io'].find((one) => offered.has(one)) ?? false,
});

export function serveUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  target: UpgradeTarget,
): void {
  if (request.headers.upgrade?.toLowerCase() === 'spdy/3.1') {
    serveSpdy(request, socket, head, target);
    return;
  }
  sockets.handleUpgrade(request, socket, head, (webSocket) => {
    if (webSocket.protocol === tunnel) {
      const session = new SpdySession((bytes) => webSocket.send(bytes));
      serveForwardStreams(session, target);
      webSocket.on('message', (data: Buffer) => session.receive(data));
      webSocket.once('close', () => session.end());
    } else if (target.subresource === 'portforward') forwardOverChannels(webSocket, target);
    else execOverChannels(webSocket, target);
  });
}

function startSession(target: UpgradeTarget, output: ExecOutput): ExecSession | AttachSession {
  const { query } = target;
  const run = target.containers[0]!;
  if (target.subresource === 'attach') return new AttachSession(run, output);
  const isTrue = (key: string): boolean => query.get(key) === 'true' || query.get(key) === '1';
  return new ExecSession(
    run,
    { argv: query.getAll('command'), tty: isTrue('tty'), stdin: isTrue('stdin') },
    output,
  );
}

function execOverChannels(webSocket: WebSocket, target: UpgradeTarget): void {
  const send = (channel: number, data: Buffer): void => {
    if (webSocket.readyState === webSocket.OPEN)
      webSocket.send(Buffer.concat([Buffer.from([channel]), data]));
  };
  const begin = (): ExecSession | AttachSession =>
    startSession(target, {
      stdout: (data) => send(stdoutChannel!, data),
      stderr: (data) => send(stderrChannel!, data),
      status: (status) => {
        send(errorChannel!, Buffer.from(JSON.stringify(status)));
        webSocket.close(1000);
      },
    });
  // kubectl opens its streams after the upgrade and drops what comes before: no real node answers that fast.
  const early: Buffer[] = [];
  let session: ExecSession | AttachSession | undefined;
  const take = (data: Buffer): void => {
    if (data[0] === stdinChannel) session!.input(data.subarray(1));
    else if (data[0] === closeChannel && data[1] === stdinChannel) session!.endInput();
  };
  const timer = setTimeout(() => {
    session = begin();
    for (const data of early) take(data);
  }, settleMs);
  webSocket.on('message', (data: Buffer) => {
    if (session) take(data);
    else early.push(data);
  });
  webSocket.once('close', () => {
    clearTimeout(timer);
    session?.abort();
  });
}

/** The older form that client libraries speak: two channels a port, each opened by the port's number. */
function forwardOverChannels(webSocket: WebSocket, target: UpgradeTarget): void {
  const ports = target.query.getAll('ports').flatMap((one) => one.split(',').map(Number));
  const connections = ports.map((port, index) => {
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    for (const channel of [2 * index, 2 * index + 1])
      webSocket.send(Buffer.concat([Buffer.from([channel]), number]));
    const connection = connectToPort(target.containers, port);
    if (!connection)
      webSocket.send(
        Buffer.concat([Buffer.from([2 * index + 1]), Buffer.from(`port ${port}: connection refused`)]),
      );
    connection?.on('data', (data: Buffer) => webSocket.send(Buffer.concat([Buffer.from([2 * index]), data])));
    return connection;
  });
  webSocket.on('message', (data: Buffer) => {
    if (data[0]! % 2 === 0) connections[data[0]! / 2]?.write(data.subarray(1));
  });
  webSocket.once('close', () => {
    for (const one of connections) one?.destroy();
  });
}

function serveSpdy(request: IncomingMessage, socket: Duplex, head: Buffer, target: UpgradeTarget): void {
  const offered = String(request.headers['x-stream-protocol-version'] ?? '').split(/,\s*/);
  const forwards = target.subresource === 'portforward';
  const protocol = forwards ? 'portforward.k8s.io' : spdyExecProtocols.find((one) => offered.includes(one));
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol ?? ''}\r\n\r\n`,
  );
  const session = new SpdySession((bytes) => void socket.write(bytes));
  if (forwards) serveForwardStreams(session, target);
  else serveExecStreams(session, target, () => socket.end());
  if (head.length > 0) session.receive(head);
  socket.on('data', (data: Buffer) => session.receive(data));
  socket.once('close', () => session.end());
  socket.on('error', () => session.end());
}

function serveForwardStreams(session: SpdySession, target: UpgradeTarget): void {
  const errors = new Map<string, SpdyStream>();
  session.streamOpened.event((stream) => {
    const id = stream.headers.get('requestid') ?? '';
    if (stream.headers.get('streamtype') === 'error') {
      errors.set(id, stream);
      return;
    }
    const port = Number(stream.headers.get('port'));
    const connection = connectToPort(target.containers, port);
    const error = errors.get(id);
    if (!connection) {
      error?.write(
        `an error occurred forwarding ${port}: connection refused: nothing listens on that port here`,
      );
      error?.end();
      stream.end();
      return;
    }
    connection.on('data', (data: Buffer) => stream.write(data));
    connection.once('end', () => {
      stream.end();
      error?.end();
    });
    stream.data.event((data) => void connection.write(data));
    stream.ended.event(() => connection.end());
  });
}

function serveExecStreams(session: SpdySession, target: UpgradeTarget, close: () => void): void {
  const streams = new Map<string, SpdyStream>();
  const isTrue = (key: string): boolean => target.query.get(key) === 'true' || target.query.get(key) === '1';
  const wanted = [
    'error',
    ...['stdin', 'stdout', 'stderr'].filter((name) => isTrue(name) && !(name === 'stderr' && isTrue('tty'))),
  ];
  session.streamOpened.event((stream) => {
    streams.set(stream.headers.get('streamtype') ?? '', stream);
    if (!wanted.every((name) => streams.has(name)) || wanted.length === 0) return;
    wanted.length = 0;
    const running = startSession(target, {
      stdout: (data) => streams.get('stdout')?.write(data),
      stderr: (data) => streams.get('stderr')?.write(data),
      status: (status: Json) => {
        streams.get('error')?.write(JSON.stringify(status));
        for (const one of streams.values()) one.end();
        setTimeout(close, 50);
      },
    });
    streams.get('stdin')?.data.event((data) => running.input(data));
    streams.get('stdin')?.ended.event(() => running.endInput());
  });
}
