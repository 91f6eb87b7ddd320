// Alerts as they change, in the window: under the cell, in the side bar and in the log, by the real Prometheus and
// Alertmanager; servers that don't answer as they should; credentials; the way from a link to the runbook's step.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  hasProgram,
  type RealServer,
  silence,
  startAlertmanager,
  startPrometheus,
} from '../../alerts/realServers.ts';
import { host, project, recordedEvents, useWindow } from '../harness.ts';
import { waitFor } from './editing.ts';

const documents = path.resolve(import.meta.dirname, 'documents');
const files = ['queue.runbook.md', 'storage.runbook.md'].map((name) => path.join(documents, name));

const rules = `groups:
  - name: demo
    rules:
      - alert: QueueStuck
        expr: demo_stuck > 0.5
        for: 10s
        labels: { severity: high }
        annotations: { summary: Nothing is taken from the queue }
`;

/** Only these lead to the runbook: no alert of this name stands in it. */
const linkingRules = `groups:
  - name: storage
    rules:
      - alert: VolumeFills
        expr: volume_used_ratio > 0.9
        annotations: { runbook_url: 'https://example.com/storage.runbook.md#when-a-volume-fills' }
`;

const page = '<!DOCTYPE html><html><head><title>Sign in</title></head></html>';

describe('alerts as they change', function () {
  if (host !== 'newest' || !hasProgram('prometheus') || !hasProgram('prometheus-alertmanager')) {
    it.skip('(the newest host, prometheus and prometheus-alertmanager are needed)');
    return;
  }
  this.timeout(240_000);
  const servers: Server[] = [];
  let stuck = 0;
  let prometheus: RealServer;
  let alertmanager: RealServer;
  let elsewhere = '';

  const window = useWindow(async () => {
    elsewhere = await mkdtemp(path.join(tmpdir(), 'runbook-rules-'));
    await writeFile(path.join(elsewhere, 'storage.yml'), linkingRules);
    const demo = await serve((_, response) =>
      response.end(`# TYPE demo_stuck gauge\ndemo_stuck{queue="mail"} ${stuck}\n`),
    );
    alertmanager = await startAlertmanager();
    prometheus = await startPrometheus(rules, new URL(demo).host, alertmanager.url);
    return {
      installed: project,
      files,
      settings: {
        'runbook.prometheus.url': prometheus.url,
        'runbook.alertmanager.url': alertmanager.url,
        'runbook.rules': [path.join(elsewhere, 'storage.yml')],
      },
    };
  });

  after(async () => {
    await prometheus?.stop();
    await alertmanager?.stop();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    await rm(elsewhere, { recursive: true, force: true });
  });

  async function serve(answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** What stands in the alerts view, its rows in any order. */
  const view = async (): Promise<string> =>
    (await window.workbench.page.locator('.split-view-view', { hasText: 'Alerts' }).first().innerText())
      .replaceAll('\u00a0', ' ')
      .replaceAll(/\s+/g, ' ');
  const shot = (step: string) => window.workbench.screenshot(`alerts-${step}`);

  /** Refreshed as a person does it, until the view and the cell say so. */
  async function untilState(state: string, inView: RegExp): Promise<void> {
    const { workbench } = window;
    const cell = await workbench.findCell('look again');
    await waitFor(`${state} in the view and under the cell`, async () => {
      await workbench.runCommand('Runbook: Refresh Alerts');
      await workbench.page.waitForTimeout(300);
      const items = (await workbench.statusItems(cell)).join('\n');
      return inView.test(await view()) && items.includes(`QueueStuck ${state}`);
    });
    await shot(state);
  }

  /** The workspace's own settings go before those of the machine. */
  async function configure(settings: Record<string, unknown>): Promise<void> {
    await mkdir(window.workbench.file('.vscode'), { recursive: true });
    await writeFile(window.workbench.file('.vscode/settings.json'), JSON.stringify(settings));
  }

  it('are followed by the cell, the view and the log, from pending to resolved', async () => {
    const { workbench } = window;
    await workbench.openNotebook('queue.runbook.md');
    await workbench.runCommand('Runbook: Focus on Alerts View');
    const cell = await workbench.findCell('look again');
    await workbench.run(cell);
    await workbench.untilState(cell, 'success');
    await untilState('inactive', /No alert is active/);
    stuck = 1;
    await untilState('pending', /QueueStuck\s*pending/);
    await untilState('firing', /QueueStuck\s*firing/);
    assert.match(await view(), /high\s*1\b/);
    const id = await silence(alertmanager, 'QueueStuck', 'known');
    await untilState('silenced', /QueueStuck\s*silenced/);
    stuck = 0;
    await untilState('inactive', /No alert is active/);
    await fetch(`${alertmanager.url}/api/v2/silence/${id}`, { method: 'DELETE' });
    const events = await recordedEvents(window.evidence);
    const states = events.flatMap(({ type, state }) => (type === 'alert.state' ? [state] : []));
    assert.deepEqual(
      states.filter((state) => state !== 'unknown'),
      ['pending', 'firing', 'silenced', 'resolved'],
    );
  });

  it('of servers that do not answer as they should are unknown, with the reason and the mend', async () => {
    const { workbench } = window;
    const cell = await workbench.findCell('look again');
    const gone = await serve(() => {});
    servers.pop()!.close();
    const cases: [string, string, RegExp, RegExp][] = [
      ['unreachable', gone, /can't be reached: the connection is refused/, /Open the settings/],
      [
        'html',
        await serve((_, response) => response.end(page)),
        /a web page, "Sign in"/,
        /Open the settings/,
      ],
      ['slow', await serve(() => {}), /did not answer within 10 s/, /Open the settings/],
    ];
    for (const [name, url, told, mend] of cases) {
      await configure({ 'runbook.prometheus.url': url, 'runbook.alertmanager.url': '' });
      if (name === 'slow')
        await waitFor('that it is asked', async () => /Asking for alerts/.test(await view()));
      await waitFor(name, async () => told.test(await view()) && mend.test(await view()));
      await workbench.untilStatusItem(cell, 'QueueStuck unknown');
      await shot(`server-${name}`);
    }
  });

  it('are asked with the credentials of the secret storage, which go to one address alone', async () => {
    const { workbench } = window;
    const seen = new Set<string>();
    const wanted = ['Bearer s3cret-token', `Basic ${Buffer.from('ada:pass:word').toString('base64')}`];
    const guarded = await serve((asked, response) => {
      const { authorization = '' } = asked.headers;
      seen.add(authorization);
      if (!wanted.includes(authorization)) return response.writeHead(401).end(page);
      return asked.pipe(
        request(`${prometheus.url}${asked.url}`, (answer) => {
          response.writeHead(answer.statusCode ?? 500);
          answer.pipe(response);
        }),
      );
    });
    const other = new Set<string | undefined>();
    const elsewhereUrl = await serve((asked, response) => {
      other.add(asked.headers.authorization);
      response.writeHead(401).end(page);
    });
    const item = workbench.page.locator('.pane-body .monaco-list-row', { hasText: 'Set the credentials' });
    await configure({ 'runbook.prometheus.url': guarded, 'runbook.alertmanager.url': '' });
    await waitFor('the want of credentials', async () => /wants credentials \(401\)/.test(await view()));
    await shot('server-unauthorised');
    await item.first().click();
    await workbench.pick('Bearer token');
    await shot('token');
    await workbench.answer('s3cret-token');
    await waitFor('its answer', async () => /No alert is active/.test(await view()));
    await workbench.runCommand('Runbook: Set or Clear Credentials of Prometheus and Alertmanager');
    await workbench.pick('User and password');
    await workbench.answer('ada');
    await workbench.answer('wrong');
    await waitFor('the refusal', async () => /does not accept the stored credentials/.test(await view()));
    await item.first().click();
    await workbench.pick('User and password');
    await workbench.answer('ada');
    await workbench.answer('pass:word');
    await waitFor('its answer', async () => /No alert is active/.test(await view()));
    for (const one of wanted) assert.ok(seen.has(one), one);
    await configure({ 'runbook.prometheus.url': elsewhereUrl, 'runbook.alertmanager.url': '' });
    await waitFor('the other server to be asked', async () => other.size > 0);
    assert.deepEqual([...other], [undefined]);
    await rm(workbench.file('.vscode'), { recursive: true });
  });

  it('lead by a link to the step of their runbook, with labels as values, and run nothing', async () => {
    const { workbench } = window;
    const open = async (link: string) => {
      await workbench.runCommand('Developer: Open URL');
      await workbench.answer(`vscode://runbook-notebooks.runbook-notebooks/${link}`);
    };
    await open('open?alert=VolumeFills&labels=mountpoint=/data,namespace=shop');
    await workbench.dialog.waitFor();
    await shot('link-question');
    await workbench.pressDialogButton('Open');
    await workbench.tab('storage.runbook.md').waitFor();
    await workbench.untilNotebook();
    const cell = await workbench.findCell('look at <mountpoint>');
    await waitFor('the step to be chosen', async () =>
      /focused/.test((await (await workbench.cell(cell)).getAttribute('class')) ?? ''),
    );
    await shot('link-opened');
    assert.equal(await workbench.cellState(cell), 'idle');
    assert.deepEqual(
      (await readdir(workbench.folder)).filter((name) => name === 'looked'),
      [],
    );
    await workbench.run(cell);
    const rows = await workbench.quickPickRows();
    assert.match(rows[0]!, /\/data.*label mountpoint of VolumeFills, by the link/);
    await shot('link-value');
    await workbench.press('Escape');
  });

  it('say so where a link is none', async () => {
    const { workbench } = window;
    await workbench.runCommand('Developer: Open URL');
    await workbench.answer('vscode://runbook-notebooks.runbook-notebooks/run?command=id');
    await workbench.pressDialogButton('Open');
    await waitFor('the message', async () =>
      (await workbench.notifications()).some((text) => /This link opens no runbook/.test(text)),
    );
    await shot('link-bad');
  });
});
