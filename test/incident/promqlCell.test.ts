// promql cells against the real Prometheus: the value, the line that led to it, the evidence, and what goes wrong.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import { readQueryValues } from '../../src/incident/queryValues.ts';
import { recordedRuns } from '../../src/incident/recordedRuns.ts';
import { hasProgram, type RealServer, startAlertmanager, startPrometheus } from '../alerts/realServers.ts';
import { type OpenSession, openSession } from './openSession.ts';

const rules = `groups:
  - name: demo
    rules:
      - alert: DemoHigh
        expr: sum by (job) (demo_load) > 40
`;

const text = `# DemoHigh

\`\`\`promql range=2m
demo_load{kind="<kind>"}
\`\`\`

\`\`\`promql
demo_load > 40
\`\`\`

\`\`\`promql range=5m
sum  by (job)(demo_load)
\`\`\`

\`\`\`promql
# what was scraped
demo_load[1m]

# the words of the server
"hello"
\`\`\`

\`\`\`promql
rate(demo_load[5m]
\`\`\`

\`\`\`bash
curl -s 'http://127.0.0.1:1/api/v1/query?query=rate(demo_load[5m])' | cat
\`\`\`
`;

describe('a promql cell', function () {
  this.timeout(60_000);
  let demo: Server;
  let prometheus: RealServer | undefined;
  let alertmanager: RealServer | undefined;
  let open: OpenSession;

  before(async function () {
    if (!hasProgram('prometheus') || !hasProgram('prometheus-alertmanager')) {
      console.log('      skipped: prometheus is not on the PATH');
      this.skip();
    }
    demo = createServer((_, response) =>
      response.end('# TYPE demo_load gauge\ndemo_load{kind="a\\"b"} 42\ndemo_load{kind="c"} 7\n'),
    );
    demo.listen(0, '127.0.0.1');
    await once(demo, 'listening');
    alertmanager = await startAlertmanager();
    const { port } = demo.address() as { port: number };
    prometheus = await startPrometheus(rules, `127.0.0.1:${port}`, alertmanager.url);
    open = await openSession(text, {
      monitoring: () => ({ prometheusUrl: prometheus!.url, alertmanagerUrl: '' }),
      questioner: {
        ask: async () => ({ yes: false, reason: 'nobody is asked for a read' }),
        askValues: async (requests) => ({
          values: new Map(requests.map(({ name }) => [name, 'a"b'])),
          missing: 'stop',
        }),
        chooseOption: async () => undefined,
      },
    });
    for (let tries = 0; tries < 100; tries++) {
      const answer = await fetch(`${prometheus.url}/api/v1/query?query=demo_load`);
      if ((await answer.text()).includes('"42"')) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail('Prometheus never scraped');
  });

  after(async () => {
    await open?.close();
    await prometheus?.stop();
    await alertmanager?.stop();
    demo?.closeAllConnections();
    demo?.close();
  });

  it('shows the value and its line, with a value put in that has a quote in it', async () => {
    const { outcome, stdout, picture } = await open.run('kind="<kind>"');
    assert.equal(outcome.status, 'done');
    const [answer] = picture!.answers;
    assert.equal(answer!.query, 'demo_load{kind="a\\"b"}');
    assert.deepEqual(
      answer!.rows.map(({ value }) => value),
      [42],
    );
    assert.equal(answer!.chart!.endMs - answer!.chart!.startMs, 120_000);
    assert.equal(answer!.chart!.series[0]!.points.at(-1)![1], 42);
    assert.match(stdout, /kind="a\\"b".* {2}42/);
    assert.match(stdout, /over 2 min/);
  });

  it('draws what is compared, with the number as the threshold', async () => {
    const { picture, stdout } = await open.run('demo_load > 40');
    const [answer] = picture!.answers;
    assert.equal(answer!.rows.length, 1, 'the query itself is asked as it stands');
    assert.equal(answer!.chart!.series.length, 2, 'the line below the threshold is drawn too');
    assert.deepEqual(answer!.chart!.threshold, { value: 40, comparison: '>', from: 'the query' });
    assert.match(stdout, /beyond since \d\d:\d\d:\d\d/);
    assert.match(stdout, /never beyond/);
  });

  it('takes the threshold of the rule that compares this query', async () => {
    const { picture } = await open.run('sum  by');
    assert.deepEqual(picture!.answers[0]!.chart!.threshold, {
      value: 40,
      comparison: '>',
      from: 'the rule DemoHigh',
    });
  });

  it('asks each query of a cell, ranges and texts too', async () => {
    const { picture, outcome } = await open.run('demo_load[1m]');
    assert.equal(outcome.status, 'done');
    assert.deepEqual(
      picture!.answers.map(({ type }) => type),
      ['matrix', 'string'],
    );
    assert.equal(picture!.answers[0]!.chart!.stepMs, null);
    assert.equal(picture!.answers[1]!.text, 'hello');
  });

  it('fails with what Prometheus says of a bad query', async () => {
    const { outcome, notices } = await open.run('rate(demo_load[5m]\n'.trim());
    assert.equal(outcome.status, 'failed');
    assert.match(outcome.message, /query failed/);
    assert.match(notices.join('\n'), /parse error/);
  });

  it('keeps intent, request, values and text in the evidence, and reads them back', async () => {
    const { events } = await readIncident(open.incident.folder);
    const intent = events.find(({ event }) => event.type === 'cell.intent')!.event as {
      run: string;
      risk: string;
      resolved: string;
    };
    assert.equal(intent.risk, 'read');
    assert.match(intent.resolved, /a\\"b/);
    const own = events.filter(({ event }) => 'run' in event && event.run === intent.run);
    assert.deepEqual(
      own.map(({ event }) => event.type).filter((type) => !type.startsWith('output.')),
      ['cell.intent', 'http.call', 'capture', 'cell.result'],
    );
    const capture = own.find(({ event }) => event.type === 'capture')!.event as { blob: { sha256: string } };
    const kept = readFileSync(path.join(open.incident.folder, 'blobs', capture.blob.sha256), 'utf8');
    assert.equal(JSON.parse(kept).answers[0].rows[0].value, 42);
    const [first] = await recordedRuns(open.incident.folder);
    const back = await readQueryValues(first!);
    assert.equal(back?.answers[0]?.rows[0]?.value, 42);
  });

  it('tells when curl refused the address of a query, and asks the query itself', async () => {
    const { outcome, notices } = await open.run('curl -s');
    assert.equal(outcome.query, 'rate(demo_load[5m])');
    assert.match(notices.join('\n'), /curl refused the address and asked nobody: \[5m\]/);
    const native = await open.run('curl -s', { query: outcome.query! });
    assert.equal(native.outcome.status, 'done');
    assert.equal(native.picture!.answers[0]!.query, 'rate(demo_load[5m])');
  });

  it('says where to put the address when there is no Prometheus at all', async () => {
    const alone = await openSession('# X\n\n```promql\nup\n```\n');
    try {
      const { outcome, notices } = await alone.run('up');
      assert.equal(outcome.status, 'failed');
      assert.match(notices.join('\n'), /runbook\.prometheus\.url/);
    } finally {
      await alone.close();
    }
  });
});
