// The machine's real Prometheus scrapes the practice cluster's pods through its API server, takes what the cluster's own
// Prometheus knows by federation, and evaluates its rules; the real Alertmanager receives the alert of a fault, and
// its end.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { alertRules } from '../../src/practice/metrics/alertRules.ts';
import { type PracticeCluster, startPracticeCluster } from '../../src/practice/startPracticeCluster.ts';
import {
  hasProgram,
  type RealServer,
  startAlertmanager,
  startPrometheusScraping,
} from '../alerts/realServers.ts';
import { runKubectl } from './kubectl.ts';

const rules = stringify({
  groups: [
    {
      name: 'practice',
      rules: alertRules.map(({ alert, expr, severity, summary }) => ({
        alert,
        expr,
        for: '1s',
        labels: { severity },
        annotations: { summary },
      })),
    },
  ],
});

function scrapeConfigs(cluster: PracticeCluster): string {
  const token = /token: (\S+)/.exec(readFileSync(cluster.kubeconfigPath, 'utf8'))![1]!;
  const access = { authorization: { credentials: token }, tls_config: { insecure_skip_verify: true } };
  const host = new URL(cluster.url).host;
  const federation = {
    job_name: 'practice',
    scheme: 'https',
    honor_labels: true,
    metrics_path: '/api/v1/namespaces/default/services/prometheus:9090/proxy/federate',
    params: { 'match[]': ['{__name__=~".+"}'] },
    scrape_timeout: '2s',
    scrape_interval: '2s',
    static_configs: [{ targets: [host] }],
    ...access,
  };
  // Debian's Prometheus is built without Kubernetes' service discovery: the pods are named as they are now.
  const pods = {
    job_name: 'pods',
    scheme: 'https',
    scrape_timeout: '2s',
    scrape_interval: '2s',
    static_configs: cluster.registry.store
      .list('/pods', 'default')
      .filter(({ metadata }) => metadata.labels?.app === 'pqc-audit')
      .map(({ metadata: { name } }) => ({
        targets: [host],
        labels: { pod: name, __metrics_path__: `/api/v1/namespaces/default/pods/${name}:8080/proxy/metrics` },
      })),
    ...access,
  };
  return stringify([federation, pods]).replace(/^(?=.)/gm, '  ');
}

describe('the real Prometheus and Alertmanager on the practice cluster', function () {
  this.timeout(120_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'practice-prometheus-'));
  let cluster: PracticeCluster;
  let prometheus: RealServer | undefined;
  let alertmanager: RealServer | undefined;

  before(async function () {
    const missing = ['prometheus', 'prometheus-alertmanager'].filter((name) => !hasProgram(name));
    if (missing.length > 0) {
      console.log(`      skipped: not on the PATH: ${missing.join(', ')}`);
      this.skip();
    }
    cluster = await startPracticeCluster({
      runtimeDirectory: directory,
      pace: { podReadyMs: 200, podEndMs: 100, healthEveryMs: 250, firstBackOffMs: 500 },
    });
    alertmanager = await startAlertmanager();
    prometheus = await startPrometheusScraping(rules, scrapeConfigs(cluster), alertmanager.url);
  });
  after(async () => {
    await prometheus?.stop();
    await alertmanager?.stop();
    await cluster?.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  // biome-ignore lint/suspicious/noExplicitAny: what the servers answer
  const json = async (url: string): Promise<any> => (await fetch(url)).json();
  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + 60_000; !(await holds()); await delay(250)) {
      assert.ok(
        Date.now() < end,
        `${what}: ${JSON.stringify(await json(`${prometheus!.url}/api/v1/targets?state=active`)).slice(0, 2000)}`,
      );
    }
  };
  const activeAlerts = async (): Promise<string[]> =>
    (await json(`${alertmanager!.url}/api/v2/alerts?active=true`)).map(
      (one: { labels: { alertname: string } }) => one.labels.alertname,
    );

  it('is scraped: its pods through the API server, its series by federation', async () => {
    const seen = async (query: string): Promise<number> =>
      (await json(`${prometheus!.url}/api/v1/query?query=${encodeURIComponent(query)}`)).data.result.length;
    await until('three pods are up', async () => (await seen('up{job="pods"} == 1')) === 3);
    await until('scans are counted a pod', async () => (await seen('pqc_scans_total{pod!=""}')) >= 3);
    await until(
      'the state of deployments',
      async () => (await seen('kube_deployment_status_replicas_available')) >= 5,
    );
    const { data } = await json(`${prometheus!.url}/api/v1/targets?state=active`);
    assert.deepEqual(
      data.activeTargets
        .filter((one: { lastError: string }) => one.lastError)
        .map((one: { lastError: string }) => one.lastError),
      [],
    );
  });

  it('has its fault received as an alert, and the end of it', async () => {
    assert.deepEqual(await activeAlerts(), []);
    await cluster.faults.start('policy-engine-down');
    await until('the alert is received', async () =>
      (await activeAlerts()).includes('AureusPolicyEngineDown'),
    );
    const cure = [
      'patch',
      'configmap',
      'aureus-policies',
      '-n',
      'aureus',
      '-p',
      '{"data":{"rules.json":"{}"}}',
    ];
    assert.equal((await runKubectl(cure, { kubeconfig: cluster.kubeconfigPath })).code, 0);
    await until(
      'the alert is resolved',
      async () => !(await activeAlerts()).includes('AureusPolicyEngineDown'),
    );
  });
});
