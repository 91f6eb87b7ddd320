import assert from 'node:assert/strict';
import type http from 'node:http';
import { createApiClient } from '../../src/cluster/apiClient.ts';
import { createTransport, type TransportOptions } from '../../src/cluster/clientNodeTransport.ts';
import { ClusterError, type ClusterErrorCode } from '../../src/cluster/clusterError.ts';
import { mergeKubeconfigs } from '../../src/cluster/kubeconfigFile.ts';
import {
  answerJson,
  type Certificate,
  type FixtureServer,
  kubeconfigText,
  makeCertificate,
  startServer,
  statusBody,
} from './fixtureServer.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function apiFor(cluster: object, user: object = {}, options: TransportOptions = {}) {
  const config = mergeKubeconfigs([{ file: '/x/config', text: kubeconfigText(cluster, user) }]);
  return createApiClient(createTransport(config, 'fixture', options));
}

async function failure(promise: Promise<unknown>): Promise<ClusterError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof ClusterError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'it did not fail' });
}

describe('the transport on client-node', () => {
  const servers: FixtureServer[] = [];
  let tls: Certificate;
  const serve = async (handler: http.RequestListener, certificate?: Certificate): Promise<FixtureServer> => {
    const server = await startServer(handler, certificate);
    servers.push(server);
    return server;
  };

  before(async function () {
    this.timeout(60_000);
    tls = await makeCertificate(['localhost']);
    // The first load of client-node takes its time where files are cold.
    await import('../../src/cluster/kubeConfigClass.ts');
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  it('verifies the server by the kubeconfig, sends the token, and keeps the connection', async () => {
    const server = await serve((_, response) => answerJson(response, 200, { major: '1' }), tls);
    const api = apiFor(
      { server: server.url, 'certificate-authority-data': base64(tls.certificate) },
      { token: 'abc' },
    );
    const answers = [await api.json('GET', '/version'), await api.json('GET', '/version')];
    assert.deepEqual(answers, [{ major: '1' }, { major: '1' }]);
    assert.equal(server.requests[0]!.headers.authorization, 'Bearer abc');
    assert.equal(server.requests[0]!.socket.remotePort, server.requests[1]!.socket.remotePort);
    api.transport.dispose();
  });

  const answers: [ClusterErrorCode, string, http.RequestListener, RegExp][] = [
    ['cluster-unauthorised', '401', (_, r) => answerJson(r, 401, statusBody(401, 'Unauthorized', 'Unauthorized')), /does not know who you are/],
    ['cluster-forbidden', '403', (_, r) => answerJson(r, 403, statusBody(403, 'Forbidden', 'pods is forbidden: User "ann" cannot list')), /User "ann" cannot list/],
    ['cluster-not-found', '404', (_, r) => answerJson(r, 404, statusBody(404, 'NotFound', 'pods "x" not found')), /pods "x" not found/],
    ['cluster-conflict', '409', (_, r) => answerJson(r, 409, statusBody(409, 'Conflict', 'the object has been modified')), /has been modified/],
    ['cluster-refused', '422', (_, r) => answerJson(r, 422, statusBody(422, 'Invalid', 'spec.replicas: must be positive')), /must be positive/],
    ['cluster-refused', 'a webhook', (_, r) => answerJson(r, 403, statusBody(403, 'Forbidden', 'admission webhook "guard.example" denied the request: no')), /guard\.example/],
    ['cluster-busy', '429', (_, r) => answerJson(r, 429, statusBody(429, 'TooManyRequests', 'slow down')), /slow down/],
    ['cluster-server-error', '500', (_, r) => r.writeHead(500).end('etcd is gone'), /etcd is gone/],
    ['cluster-not-kubernetes', 'HTML with 200', (_, r) => r.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Log in</html>'), /not the Kubernetes API/],
    ['cluster-not-kubernetes', 'HTML with 502', (_, r) => r.writeHead(502).end('<!DOCTYPE html><html></html>'), /not the Kubernetes API/],
    ['cluster-not-kubernetes', 'a redirect to a login', (_, r) => r.writeHead(302, { Location: '/login' }).end(), /not the Kubernetes API/],
    ['cluster-unreachable', 'a socket closed at once', (q) => q.socket.destroy(), /can't be reached/],
  ]; // biome-ignore format: a table
  for (const [code, name, handler, words] of answers) {
    it(`tells ${name} as ${code}`, async () => {
      const server = await serve(handler);
      const error = await failure(apiFor({ server: server.url }).json('GET', '/api/v1/pods'));
      assert.equal(error.code, code);
      assert.match(error.message, words);
      assert.equal(error.toLine().includes('\n'), false);
    });
  }

  it('tells a refused connection as unreachable', async () => {
    const server = await startServer(() => undefined);
    await server.close();
    const error = await failure(apiFor({ server: server.url }).json('GET', '/version'));
    assert.equal(error.code, 'cluster-unreachable');
    assert.match(error.message, /connection refused/);
  });

  it('tells an unknown name as unreachable', async () => {
    const error = await failure(apiFor({ server: 'https://cluster.invalid' }).json('GET', '/version'));
    assert.equal(error.code, 'cluster-unreachable');
  });

  it('ends at its time limit, before and within an answer', async () => {
    const silent = await serve(() => undefined);
    const slow = await serve((_, response) => {
      response.writeHead(200).write('{"half":');
    });
    for (const { url } of [silent, slow]) {
      const error = await failure(apiFor({ server: url }).json('GET', '/version', { timeoutMs: 150 }));
      assert.equal(error.code, 'cluster-timeout');
    }
  });

  it('keeps what came of a log before the limit, and says that it is cut', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200).write('line 1\n');
    });
    const log = await apiFor({ server: server.url }).bytes('/log', { timeoutMs: 250, maxBytes: 1000 });
    assert.equal(Buffer.from(log.text).toString(), 'line 1\n');
    assert.match(log.cut ?? '', /did not answer/);
  });

  it('is cancelled by its caller', async () => {
    const server = await serve(() => undefined);
    const controller = new AbortController();
    const call = apiFor({ server: server.url }).json('GET', '/version', { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    assert.equal((await failure(call)).code, 'cluster-cancelled');
  });

  it('refuses a certificate that the kubeconfig does not vouch for, that names another host, or that has expired', async () => {
    const other = await makeCertificate(['elsewhere.example']);
    const old = await makeCertificate(['localhost'], -1);
    for (const [certificate, ca] of [
      [tls, undefined],
      [other, other],
      [old, old],
    ] as const) {
      const server = await serve((_, response) => answerJson(response, 200, {}), certificate);
      const cluster = {
        server: server.url,
        ...(ca ? { 'certificate-authority-data': base64(ca.certificate) } : {}),
      };
      assert.equal((await failure(apiFor(cluster).json('GET', '/version'))).code, 'cluster-certificate');
      assert.equal(server.requests.length, 0, 'nothing is sent to a server that is not trusted');
    }
  });

  it('tells a plain server behind an https address', async () => {
    const server = await serve((_, response) => answerJson(response, 200, {}));
    const error = await failure(
      apiFor({ server: server.url.replace('http:', 'https:') }).json('GET', '/version'),
    );
    assert.equal(error.code, 'cluster-not-kubernetes');
  });

  it('sends impersonation with its groups', async () => {
    const server = await serve((_, response) => answerJson(response, 200, {}));
    await apiFor({ server: server.url }, { token: 't', as: 'ann', 'as-groups': ['dev', 'ops'] }).json(
      'GET',
      '/version',
    );
    const { headers, rawHeaders } = server.requests[0]!;
    assert.equal(headers['impersonate-user'], 'ann');
    assert.deepEqual(
      rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === 'impersonate-group'),
      ['dev', 'ops'],
    );
  });
});
