// Servers that are not there, slow, closed, or not what they should be: each with its own outcome, and no hang.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { AlertmanagerClient } from '../../src/alerts/live/alertmanagerClient.ts';
import type { HttpAuth } from '../../src/alerts/live/httpJson.ts';
import type { Failure, Outcome } from '../../src/alerts/live/outcome.ts';
import { PrometheusClient } from '../../src/alerts/live/prometheusClient.ts';

describe('clients before odd servers', () => {
  const servers: Server[] = [];

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  function failed<T>(outcome: Outcome<T>): Failure {
    assert.ok(!outcome.ok, 'it should have failed');
    return outcome;
  }

  async function ask(answer: RequestListener, auth?: HttpAuth): Promise<Failure> {
    const client = new PrometheusClient({ url: await serve(answer), timeoutMs: 2000, ...(auth && { auth }) });
    return failed(await client.alerts());
  }

  const page = '<!DOCTYPE html><html><head><title>Sign in</title></head></html>';

  it('unreachable', async () => {
    const url = await serve(() => {});
    servers[0]!.close();
    const failure = failed(await new PrometheusClient({ url }).alerts());
    assert.equal(failure.cause, 'unreachable');
    assert.match(failure.message, /refused/);
  });

  it('a host that nobody knows', async () => {
    const client = new PrometheusClient({ url: 'http://no-such-host.invalid:9090', timeoutMs: 5000 });
    assert.match(failed(await client.alerts()).cause, /unreachable|slow/);
  });

  it('slow to answer', async () => {
    const client = new PrometheusClient({ url: await serve(() => {}), timeoutMs: 150 });
    const failure = failed(await client.alerts());
    assert.equal(failure.cause, 'slow');
    assert.match(failure.message, /within 0\.15 s/);
  });

  it('slow in the middle of its answer', async () => {
    const url = await serve((_, response) => response.write('{"status":'));
    assert.equal(failed(await new PrometheusClient({ url, timeoutMs: 150 }).alerts()).cause, 'slow');
  });

  it('cut off in the middle of its answer', async () => {
    const failure = await ask((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"status":', () => response.destroy());
    });
    assert.equal(failure.cause, 'unreachable');
  });

  it('cancelled by the one who asked', async () => {
    const asking = new AbortController();
    const outcome = new PrometheusClient({ url: await serve(() => asking.abort()) }).alerts(asking.signal);
    assert.equal(failed(await outcome).cause, 'cancelled');
  });

  it('unauthorised, with and without credentials', async () => {
    const answer: RequestListener = (_, response) => response.writeHead(401).end(page);
    const without = await ask(answer);
    assert.equal(without.cause, 'unauthorised');
    assert.match(without.message, /none are stored/);
    const wrong = await ask(answer, { kind: 'bearer', token: 'hunter2' });
    assert.match(wrong.message, /does not accept/);
    assert.doesNotMatch(JSON.stringify(wrong), /hunter2/);
  });

  it('forbidden', async () => {
    assert.equal((await ask((_, response) => response.writeHead(403).end(page))).cause, 'forbidden');
  });

  it('a login page', async () => {
    const failure = await ask((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(page),
    );
    assert.equal(failure.cause, 'html');
    assert.match(failure.message, /"Sign in"/);
  });

  it('a redirect to a login page: told, not followed, and without its query', async () => {
    const other = await serve(() => assert.fail('followed'));
    const failure = await ask((_, response) => {
      response.writeHead(302, { location: `${other}/login?state=secret` }).end();
    });
    assert.equal(failure.cause, 'redirected');
    assert.match(failure.message, /\/login \(302\)/);
    assert.doesNotMatch(failure.message, /secret/);
  });

  it('another product', async () => {
    assert.equal(
      (await ask((_, response) => response.writeHead(404).end('404 page not found'))).cause,
      'not-found',
    );
    assert.equal((await ask((_, response) => response.end('{"hello":1}'))).cause, 'unreadable');
    assert.equal((await ask((_, response) => response.end(''))).cause, 'unreadable');
    assert.equal((await ask((_, response) => response.writeHead(503).end('starting'))).cause, 'server-error');
  });

  it('an answer without end', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    const client = new PrometheusClient({
      url: await serve((_, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write(chunk));
          response.once('drain', more);
        };
        more();
      }),
    });
    assert.equal(failed(await client.alerts()).cause, 'too-large');
  });

  it('an address that is none', async () => {
    for (const url of ['', 'prometheus:9090', 'ftp://a'])
      assert.equal(failed(await new PrometheusClient({ url }).alerts()).cause, 'invalid-url');
  });

  it("Alertmanager's removed v1 API, by its answer and by its address", async () => {
    const url = await serve((_, response) => response.writeHead(410).end('{"status":"error"}'));
    const gone = failed(await new AlertmanagerClient({ url }).alerts());
    assert.equal(gone.cause, 'removed-api');
    assert.match(gone.message, /v1 API.*0\.27/);
    const byAddress = failed(await new AlertmanagerClient({ url: `${url}/api/v1/alerts` }).alerts());
    assert.equal(byAddress.cause, 'removed-api');
  });

  it('sends credentials as they are meant', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization, request.url);
      response.end('{"status":"success","data":{"alerts":[]}}');
    });
    const basic = { kind: 'basic', user: 'jö', password: 'a:b' } as const;
    assert.ok((await new PrometheusClient({ url: `${url}/prom/`, auth: basic }).alerts()).ok);
    assert.ok((await new PrometheusClient({ url, auth: { kind: 'bearer', token: 't' } }).alerts()).ok);
    const encoded = Buffer.from('jö:a:b').toString('base64');
    assert.deepEqual(seen, [`Basic ${encoded}`, '/prom/api/v1/alerts', 'Bearer t', '/api/v1/alerts']);
  });
});
