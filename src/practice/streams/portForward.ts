// Forwarded ports: the bytes of a connection to a pod's port, served by what the pod's program answers there.

import { type IncomingMessage, Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { readBytes } from '../api/body.ts';
import type { ContainerRun } from '../containers/containerRun.ts';
import { bodyText } from '../containers/networkCommands.ts';
import type { HttpAnswer } from '../containers/program.ts';

/** Writes an answer of the sandbox as HTTP. */
export function sendAnswer(response: ServerResponse, answer: HttpAnswer): void {
  const text = bodyText(answer);
  const type = typeof answer.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  response.writeHead(answer.status, {
    'Content-Type': type,
    ...answer.headers,
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** A connection to `port` of the pod whose containers these are; undefined when nothing listens there. */
export function connectToPort(containers: readonly ContainerRun[], port: number): Duplex | undefined {
  const run = containers.find(
    (one) =>
      one.phase.is === 'running' &&
      one.program.answer &&
      (one.spec.ports ?? []).some((p: { containerPort: number }) => p.containerPort === port),
  );
  if (!run) return undefined;
  const server = new Server((request: IncomingMessage, response) => {
    void readBytes(request).then(async (body) => {
      const { method = 'GET', url: path = '/' } = request;
      const answer = await run.program.answer!(run, { method, host: 'localhost', port, path, body });
      sendAnswer(response, answer ?? { status: 404, body: 'not found\n' });
    });
  });
  const [near, far] = duplexPair();
  server.emit('connection', far as unknown as Socket);
  return near;
}

/** Two ends of a pipe in memory (node:stream has one only from Node 22 on). */
function duplexPair(): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        other().push(chunk);
        done();
      },
      final(done) {
        other().push(null);
        done();
      },
    });
  ends.push(
    make(() => ends[1]!),
    make(() => ends[0]!),
  );
  return ends as [Duplex, Duplex];
}
