// The real Prometheus and Alertmanager of the machine's packages, started on loopback for a test.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { promises as fs } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

export interface RealServer {
  readonly url: string;
  stop(): Promise<void>;
}

export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
}

export async function startAlertmanager(): Promise<RealServer> {
  return start('prometheus-alertmanager', async (folder, address) => {
    const config = path.join(folder, 'alertmanager.yml');
    await fs.writeFile(
      config,
      'route:\n  receiver: nobody\n  group_wait: 100ms\nreceivers:\n  - name: nobody\n',
    );
    return [
      `--config.file=${config}`,
      `--storage.path=${folder}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ];
  });
}

/** For ten minutes, as Alertmanager's own page posts it. Resolves to the silence's id. */
export async function silence(alertmanager: RealServer, alert: string, comment: string): Promise<string> {
  const response = await fetch(`${alertmanager.url}/api/v2/silences`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      matchers: [{ name: 'alertname', value: alert, isRegex: false, isEqual: true }],
      startsAt: new Date(Date.now() - 1000).toISOString(),
      endsAt: new Date(Date.now() + 600_000).toISOString(),
      createdBy: 'on-call',
      comment,
    }),
  });
  assert.equal(response.status, 200);
  return ((await response.json()) as { silenceID: string }).silenceID;
}

/** Scrapes `target` (host:port) and evaluates `rules` (a rule file's text) every 200 ms. */
export function startPrometheus(rules: string, target: string, alertmanager: string): Promise<RealServer> {
  return startPrometheusScraping(
    rules,
    `  - job_name: demo
    static_configs: [{ targets: ['${target}'] }]
`,
    alertmanager,
  );
}

/** The same with scrape configurations of one's own, as they stand in `prometheus.yml`. */
export function startPrometheusScraping(
  rules: string,
  scrapeConfigs: string,
  alertmanager: string,
): Promise<RealServer> {
  return start('prometheus', async (folder, address) => {
    const config = path.join(folder, 'prometheus.yml');
    await fs.writeFile(path.join(folder, 'rules.yml'), rules);
    await fs.writeFile(
      config,
      `global:
  scrape_interval: 200ms
  scrape_timeout: 200ms
  evaluation_interval: 200ms
  external_labels: { cluster: test }
rule_files: [rules.yml]
alerting:
  alertmanagers:
    - static_configs: [{ targets: ['${new URL(alertmanager).host}'] }]
scrape_configs:
${scrapeConfigs}`,
    );
    return [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--rules.alert.resend-delay=200ms',
    ];
  });
}

async function start(
  program: string,
  prepare: (folder: string, address: string) => Promise<string[]>,
): Promise<RealServer> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'runbook-alerts-'));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(program, await prepare(folder, address), { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr!.on('data', (chunk) => {
    log += chunk;
  });
  const url = `http://${address}`;
  const stop = async (): Promise<void> => {
    await end(child);
    await fs.rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  for (let tries = 0; tries < 150; tries++) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}/-/ready`).catch(() => null);
    await answer?.text();
    if (answer?.ok) return { url, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`${program} did not become ready:\n${log.slice(-2000)}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
