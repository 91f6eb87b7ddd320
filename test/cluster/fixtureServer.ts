// Small servers that answer wrongly in one way each, for the classes of errors that a healthy cluster never shows.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { generate } from 'selfsigned';
import { stringify } from 'yaml';

export interface FixtureServer {
  readonly port: number;
  readonly url: string;
  readonly requests: http.IncomingMessage[];
  close(): Promise<void>;
}

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

export async function makeCertificate(names: readonly string[], days = 2): Promise<Certificate> {
  const day = 24 * 3600 * 1000;
  const notBeforeDate = new Date(Date.now() - 30 * day);
  const made = await generate([{ name: 'commonName', value: 'fixture' }], {
    keyType: 'ec',
    notBeforeDate,
    notAfterDate: new Date(Date.now() + days * day),
    extensions: [
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2 as const, value })) },
      { name: 'basicConstraints', cA: true, critical: true },
    ],
  });
  return { certificate: made.cert, key: made.private };
}

export async function startServer(handler: http.RequestListener, tls?: Certificate): Promise<FixtureServer> {
  const requests: http.IncomingMessage[] = [];
  const listener: http.RequestListener = (request, response) => {
    requests.push(request);
    handler(request, response);
  };
  const server = tls
    ? https.createServer({ cert: tls.certificate, key: tls.key }, listener)
    : http.createServer(listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${tls ? 'https' : 'http'}://${tls ? 'localhost' : '127.0.0.1'}:${port}`,
    requests,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function answerJson(response: http.ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

export function statusBody(code: number, reason: string, message: string): unknown {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
}

/** A kubeconfig text with one cluster, user and context, all named `fixture`. */
export function kubeconfigText(cluster: object, user: object = {}, context: object = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'fixture',
    clusters: [{ name: 'fixture', cluster }],
    users: [{ name: 'fixture', user }],
    contexts: [{ name: 'fixture', context: { cluster: 'fixture', user: 'fixture', ...context } }],
  });
}

export async function tempFolder(): Promise<{
  folder: string;
  write(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cluster-test-'));
  return {
    folder,
    async write(name, text) {
      const file = path.join(folder, name);
      await writeFile(file, text);
      return file;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
