// An incident as people drive it: from the firing alert through a handover to another machine to a closed pack.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { hasProgram, type RealServer, startAlertmanager, startPrometheus } from '../../alerts/realServers.ts';
import { host, project, recordedEvents, useWindow } from '../harness.ts';

const source = path.resolve(import.meta.dirname, 'documents/checkout.runbook.md');
const name = path.basename(source);
const cli = path.join(project, 'dist/cli/runbook.js');

const rules = `groups:
  - name: demo
    rules:
      - alert: CheckoutSlow
        expr: demo_latency_seconds > 0.3
        labels: { severity: critical }
        annotations: { summary: Checkout takes too long }
`;

describe('an incident in the workbench', function () {
  if (host !== 'newest' || !hasProgram('prometheus') || !hasProgram('prometheus-alertmanager')) {
    it.skip('(the newest host, prometheus and prometheus-alertmanager are needed)');
    return;
  }
  this.timeout(240_000);
  let demo: Server;
  let latency = 0.5;
  let prometheus: RealServer;
  let alertmanager: RealServer;
  let elsewhere = '';

  const window = useWindow(async () => {
    elsewhere = await mkdtemp(path.join(tmpdir(), 'runbook-elsewhere-'));
    demo = createServer((_, response) =>
      response.end(
        `# TYPE demo_latency_seconds gauge\ndemo_latency_seconds{pod="web-0"} ${latency}\ndemo_latency_seconds{pod="web-1"} 0.1\n`,
      ),
    );
    demo.listen(0, '127.0.0.1');
    await once(demo, 'listening');
    alertmanager = await startAlertmanager();
    const { port } = demo.address() as { port: number };
    prometheus = await startPrometheus(rules, `127.0.0.1:${port}`, alertmanager.url);
    return {
      files: [source],
      settings: {
        'runbook.prometheus.url': prometheus.url,
        'runbook.alertmanager.url': alertmanager.url,
      },
    };
  });

  after(async () => {
    await prometheus?.stop();
    await alertmanager?.stop();
    demo?.closeAllConnections();
    demo?.close();
    await rm(elsewhere, { recursive: true, force: true });
  });

  const row = (text: string) =>
    window.workbench.page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
  const shot = (step: string) => window.workbench.screenshot(`incident-${step}`);
  const runbook = (...args: string[]) =>
    promisify(execFile)(process.execPath, [cli, ...args], {
      env: { ...process.env, XDG_STATE_HOME: path.join(elsewhere, 'state'), KUBECONFIG: '' },
    });

  /** A file of the evidence folder, once it is whole. */
  async function untilFile(wanted: RegExp): Promise<string> {
    for (let tries = 0; tries < 600; tries++) {
      const found = (await readdir(window.evidence)).find((file) => wanted.test(file));
      if (found) return found;
      await window.workbench.page.waitForTimeout(100);
    }
    return assert.fail(`no file ${wanted} in the evidence`);
  }

  it('starts from the alert, with its words and its severity on the scale of the runbook', async () => {
    const { workbench } = window;
    await workbench.runCommand('Runbook: Focus on Alerts View');
    await row('checkout.runbook.md').waitFor({ timeout: 30_000 });
    await row('critical').waitFor();
    await shot('1-alert');
    await row('checkout.runbook.md').hover();
    await row('checkout.runbook.md').locator('[aria-label*="Start Incident"]').first().click();
    const input = workbench.quickInput.locator('input').first();
    await input.waitFor({ timeout: 30_000 });
    for (let tries = 0; tries < 100 && (await input.inputValue()) === ''; tries++)
      await workbench.page.waitForTimeout(50);
    assert.equal(await input.inputValue(), 'Checkout takes too long');
    await workbench.press('Enter');
    const rows = await workbench.quickPickRows();
    assert.match(rows[0]!, /P1 \(Critical\).*respond within 15 min.*as the alert says: critical/);
    await workbench.press('Enter');
    await workbench.untilText(/P1 .*checkout-takes-too-long.* of 15 min|P1 .*of 15 min/);
    await shot('2-started');
  });

  it('draws the query with its threshold, in light and dark', async () => {
    const { workbench } = window;
    await workbench.untilNotebook();
    const cell = await workbench.findCell('demo_latency_seconds');
    await workbench.untilStatusItem(cell, /CheckoutSlow firing/);
    await workbench.run(cell);
    await workbench.untilState(cell, 'success');
    await workbench.untilText(/demo_latency_seconds\{.*pod="web-0"/);
    const charts = () =>
      Promise.all(workbench.webviews.map((frame) => frame.locator('.runbook-query canvas').count()));
    assert.ok(
      (await charts()).some((count) => count === 1),
      'a chart is drawn',
    );
    await shot('3-chart');
    await workbench.runCommand('Preferences: Toggle between Light/Dark Themes');
    await workbench.page.waitForTimeout(1000);
    await shot('3-chart-other-theme');
  });

  it('offers the label of the alert for what the runbook leaves open', async () => {
    const { workbench } = window;
    const cell = await workbench.findCell('echo "looking');
    await workbench.run(cell);
    const offered = await workbench.quickPickRows();
    assert.ok(
      offered.some((text) => /web-0.*label pod of CheckoutSlow/.test(text)),
      offered.join('\n'),
    );
    await shot('4-value');
    await workbench.pick(/web-0/);
    await workbench.untilState(cell, 'success');
    await workbench.untilOutput(cell, 'looking at web-0');
  });

  it('ticks a box for the incident, and not in the file', async () => {
    const { workbench } = window;
    await workbench.runCommand('Runbook: Focus on Progress View');
    const box = row('The dashboard was looked at');
    await box.waitFor({ timeout: 30_000 });
    await box.locator('.custom-view-tree-node-item-checkbox, .monaco-checkbox').first().click();
    await workbench.untilText(/UTC/);
    assert.equal(await workbench.isDirty(name), false);
    await shot('5-progress');
  });

  it('is handed over to another machine, and comes back with its signature', async () => {
    const { workbench } = window;
    const item = workbench.page.locator('.statusbar-item', { hasText: 'P1' }).first();
    await item.click();
    await workbench.pick(/Hand over/);
    await workbench.answer('grace');
    await workbench.answer('the database is next');
    await workbench.pick(/Make a bundle/);
    await untilFile(/-handover\.zip$/);
    await shot('6-handed-over');
    const bundle = await untilFile(/-handover\.zip$/);
    const there = path.join(elsewhere, 'evidence');
    const joined = await runbook(
      'incident', 'join', path.join(window.evidence, bundle), '--take-over', '--as', 'grace', '--evidence', there, '--json',
    ); // biome-ignore format: one command
    const { id, commander, state } = JSON.parse(joined.stdout);
    assert.equal(commander, 'grace');
    assert.deepEqual(
      state.values.map((one: { name: string; value: string }) => [one.name, one.value]),
      [['pod', 'web-0']],
    );
    await runbook('incident', 'note', id, 'restarted web-0', '--evidence', there);
    await runbook('incident', 'join', path.join(there, id), '--evidence', window.evidence);
    await item.hover();
    await workbench.untilText('Commander grace');
    await shot('7-back');
  });

  it('is closed with what the runbook asks for, sealed and packed', async () => {
    const { workbench } = window;
    latency = 0.1;
    await workbench.page.locator('.statusbar-item', { hasText: 'P1' }).first().click();
    await workbench.pick(/Close the incident/);
    await workbench.dialog.waitFor({ timeout: 30_000 });
    assert.match(await workbench.dialog.innerText(), /Checkout answers within 300 ms: not ticked/);
    await shot('8-checks');
    await workbench.pressDialogButton('Close All the Same');
    await workbench.answer('web-0 was restarted');
    const pack = await untilFile(/(?<!-handover)\.zip$/);
    await shot('9-closed');
    const verified = await runbook('verify', path.join(window.evidence, pack), '--json');
    assert.equal(JSON.parse(verified.stdout).ok, true);
    const events = await recordedEvents(window.evidence);
    const types = new Set(events.map(({ type }) => type));
    for (const type of ['alert.state', 'handover', 'incident.closed', 'pack.made', 'capture'])
      assert.ok(types.has(type), type);
    assert.ok(events.some(({ type, about }) => type === 'note' && about === 'follow-up'));
  });
});
