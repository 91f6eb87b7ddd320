// An alert's life against the real Prometheus and Alertmanager: inactive, pending, firing, silenced, resolved.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { activeAlerts } from '../../src/alerts/live/activeAlerts.ts';
import { AlertmanagerClient } from '../../src/alerts/live/alertmanagerClient.ts';
import { type AlertSnapshot, takeSnapshot } from '../../src/alerts/live/alertSnapshot.ts';
import { type AlertState, alertState } from '../../src/alerts/live/alertState.ts';
import { PrometheusClient } from '../../src/alerts/live/prometheusClient.ts';
import { systemClock } from '../../src/base/clock.ts';
import { hasProgram, type RealServer, silence, startAlertmanager, startPrometheus } from './realServers.ts';

const rules = `groups:
  - name: demo
    rules:
      - alert: DemoBroken
        expr: demo_broken == 1
        for: 1s
        labels: { severity: critical }
        annotations: { runbook_url: https://example.com/runbooks/demo/demobroken }
      - alert: DemoUnreadable
        expr: demo_part + on() demo_part
`;

describe('an alert of the real Prometheus and Alertmanager', function () {
  this.timeout(60_000);
  let demo: Server;
  let broken = 0;
  let prometheus: RealServer | undefined;
  let alertmanager: RealServer | undefined;
  let sources: { prometheus: PrometheusClient; alertmanager: AlertmanagerClient };

  before(async function () {
    const missing = ['prometheus', 'prometheus-alertmanager'].filter((name) => !hasProgram(name));
    if (missing.length > 0) {
      console.log(`      skipped: not on the PATH: ${missing.join(', ')}`);
      this.skip();
    }
    demo = createServer((_, response) =>
      response.end(
        `# TYPE demo_broken gauge\ndemo_broken ${broken}\ndemo_part{a="1"} 1\ndemo_part{a="2"} 1\n`,
      ),
    );
    demo.listen(0, '127.0.0.1');
    await once(demo, 'listening');
    const { port } = demo.address() as { port: number };
    alertmanager = await startAlertmanager();
    prometheus = await startPrometheus(rules, `127.0.0.1:${port}`, alertmanager.url);
    sources = {
      prometheus: new PrometheusClient({ url: `${prometheus.url}/graph` }),
      alertmanager: new AlertmanagerClient({ url: alertmanager.url }),
    };
  });

  after(async () => {
    await prometheus?.stop();
    await alertmanager?.stop();
    demo?.closeAllConnections();
    demo?.close();
  });

  async function until(wanted: AlertState['state']): Promise<{ state: AlertState; snapshot: AlertSnapshot }> {
    const seen: string[] = [];
    for (let tries = 0; tries < 200; tries++) {
      const snapshot = await takeSnapshot(sources, systemClock);
      const state = alertState('DemoBroken', snapshot);
      if (state.state === wanted) return { state, snapshot };
      if (seen.at(-1) !== state.state) seen.push(`${state.state}: ${state.reason}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return assert.fail(`never ${wanted}, but ${seen.join(', ')}`);
  }

  it('goes from inactive through pending, firing and silenced to resolved', async () => {
    await until('inactive');
    const startMs = Date.now();
    broken = 1;
    const pending = await until('pending');
    assert.ok(pending.state.sinceMs! >= startMs - 1000);
    const firing = await until('firing');
    assert.ok(
      firing.state.sinceMs! >= pending.state.sinceMs! + 1000,
      'firing since is after the rule’s "for"',
    );
    assert.equal(firing.state.instances[0]?.value, 1);
    const [active] = activeAlerts(firing.snapshot);
    assert.deepEqual(
      [active?.name, active?.severity, active?.level, active?.state],
      ['DemoBroken', 'critical', 1, 'firing'],
    );

    // Alertmanager knows the alert a moment after Prometheus.
    await silence(alertmanager!, 'DemoBroken', 'being worked on');
    const silenced = await until('silenced');
    assert.equal(silenced.state.instances[0]?.silences[0]?.comment, 'being worked on');
    assert.equal(silenced.state.instances.length, 1, 'what both servers show is one instance');

    broken = 0;
    const resolved = await until('inactive');
    assert.equal(resolved.state.reason, null);
  });

  it('says that a rule is unknown, or is not evaluated', async () => {
    const snapshot = await takeSnapshot(sources, systemClock);
    assert.equal(alertState('NoSuchAlert', snapshot).state, 'unknown');
    assert.match(alertState('NoSuchAlert', snapshot).reason!, /no rule named NoSuchAlert/);
    const unreadable = alertState('DemoUnreadable', snapshot);
    assert.equal(unreadable.state, 'unknown');
    assert.match(unreadable.reason!, /can't be evaluated/);
  });

  it('falls to unknown with the reason when Prometheus is gone, and keeps what Alertmanager knows', async () => {
    const gone = new PrometheusClient({ url: 'http://127.0.0.1:2' });
    const state = alertState('DemoBroken', await takeSnapshot({ ...sources, prometheus: gone }, systemClock));
    assert.equal(state.state, 'unknown');
    assert.match(state.reason!, /127\.0\.0\.1:2.*refused/);
  });

  it('runs queries and ranges, and tells what is wrong with one', async () => {
    const client = sources.prometheus;
    const vector = await client.query('demo_broken');
    assert.ok(vector.ok);
    assert.equal(vector.value.series[0]?.labels.job, 'demo');
    const scalar = await client.query('1 / 0');
    assert.ok(scalar.ok);
    assert.equal(scalar.value.series[0]?.points[0]?.[1], Number.POSITIVE_INFINITY);
    const text = await client.query('"hello"');
    assert.ok(text.ok);
    assert.equal(text.value.text, 'hello');
    const nowMs = Date.now();
    const range = { expression: 'demo_broken', startMs: nowMs - 60_000, endMs: nowMs, stepMs: 1000 };
    const matrix = await client.queryRange(range);
    assert.ok(matrix.ok);
    assert.equal(matrix.value.type, 'matrix');
    assert.ok(matrix.value.series[0]!.points.length > 0);
    const wrong = await client.query('rate(demo_broken[5m]');
    assert.ok(!wrong.ok);
    assert.equal(wrong.cause, 'bad-query');
    assert.match(wrong.message, /parse error/);
    const dense = await client.queryRange({ ...range, stepMs: 1 });
    assert.ok(!dense.ok);
    assert.match(dense.message, /maximum resolution/);
    const long = await client.query(`demo_broken${' or demo_broken'.repeat(400)}`);
    assert.ok(long.ok, 'a query too long for an address goes as a form');
  });
});
