// Alerting rules of a cluster's PrometheusRule objects, over the API as a server of Kubernetes gives it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { clusterRules } from '../../src/incident/findRunbook.ts';
import { SessionTarget } from '../../src/incident/sessionTarget.ts';
import { type FixtureServer, startServer } from '../cluster/fixtureServer.ts';

const group = 'monitoring.coreos.com';
const object = {
  apiVersion: `${group}/v1`,
  kind: 'PrometheusRule',
  metadata: { name: 'shop', namespace: 'monitoring', uid: 'u1' },
  spec: {
    groups: [
      {
        name: 'shop',
        rules: [
          { record: 'shop:x', expr: '1' },
          {
            alert: 'ShopDown',
            expr: 'up == 0',
            for: '5m',
            labels: { severity: 'critical' },
            annotations: { runbook_url: 'https://example.com/shop#down' },
          },
        ],
      },
    ],
  },
};

function answer(url: string, hasKind: boolean): unknown {
  const version = { groupVersion: `${group}/v1`, version: 'v1' };
  if (url === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (url === '/api/v1') return { kind: 'APIResourceList', groupVersion: 'v1', resources: [] };
  if (url === '/apis') {
    const groups = hasKind ? [{ name: group, versions: [version], preferredVersion: version }] : [];
    return { kind: 'APIGroupList', apiVersion: 'v1', groups };
  }
  if (!hasKind) return undefined;
  if (url === `/apis/${group}/v1`) {
    const resource = {
      name: 'prometheusrules',
      singularName: 'prometheusrule',
      kind: 'PrometheusRule',
      namespaced: true,
      verbs: ['get', 'list'],
    };
    return { kind: 'APIResourceList', groupVersion: `${group}/v1`, resources: [resource] };
  }
  if (url === `/apis/${group}/v1/prometheusrules`)
    return { kind: 'PrometheusRuleList', apiVersion: `${group}/v1`, metadata: {}, items: [object] };
  return url === `/apis/${group}/v1/namespaces/monitoring/prometheusrules/shop` ? object : undefined;
}

describe('rules of the cluster', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'runbook-rules-'));
  let server: FixtureServer | undefined;

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function read(hasKind: boolean): Promise<Awaited<ReturnType<typeof clusterRules>>> {
    server = await startServer((request, response) => {
      const url = request.url!.replace(/\?.*/, '');
      const body = answer(url, hasKind) ?? {
        kind: 'Status',
        status: 'Failure',
        reason: 'NotFound',
        code: 404,
        message: `${url} not found`,
      };
      response.writeHead('code' in (body as object) ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
    const file = path.join(folder, 'kubeconfig');
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'c',
        clusters: [{ name: 'c', cluster: { server: server.url } }],
        users: [{ name: 'u', user: { token: 't' } }],
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'default' } }],
      }),
    );
    const target = await SessionTarget.pin({ ...process.env, KUBECONFIG: file }, {});
    try {
      return await clusterRules(target!);
    } finally {
      await target!.dispose();
    }
  }

  it('are read with the place of their object, recording rules left out', async () => {
    assert.deepEqual(await read(true), [
      {
        name: 'ShopDown',
        expr: 'up == 0',
        for: '5m',
        labels: { severity: 'critical' },
        annotations: { runbook_url: 'https://example.com/shop#down' },
        group: 'shop',
        line: 0,
        file: 'monitoring/prometheusrules/shop',
      },
    ]);
  });

  it('are none where the cluster does not know the kind', async () => {
    assert.deepEqual(await read(false), []);
  });
});
