// An alert's life in the log of a session, against the real Prometheus and Alertmanager, and what a changing cell's
// run says of it before and after.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { takeSnapshot } from '../../src/alerts/live/alertSnapshot.ts';
import { alertState } from '../../src/alerts/live/alertState.ts';
import { systemClock } from '../../src/base/clock.ts';
import { blobReader } from '../../src/evidence/pack/blobReader.ts';
import { timelineMd } from '../../src/evidence/pack/markdown.ts';
import { packContent } from '../../src/evidence/pack/packContent.ts';
import { reportHtml } from '../../src/evidence/pack/reportHtml.ts';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import { openFolder } from '../../src/evidence/read/source.ts';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { monitoringSources } from '../../src/incident/monitoring.ts';
import {
  hasProgram,
  type RealServer,
  silence,
  startAlertmanager,
  startPrometheus,
} from '../alerts/realServers.ts';
import { type OpenSession, openSession } from './openSession.ts';

const rules = `groups:
  - name: demo
    rules:
      - alert: DemoBroken
        expr: demo_broken > 0.5
        for: 1s
        labels: { severity: critical }
`;

const text = `# DemoBroken

\`\`\`bash
curl -s -X POST "$DEMO/mend"
\`\`\`

\`\`\`bash
echo read
\`\`\`
`;

describe('alerts in the log', function () {
  this.timeout(60_000);
  let demo: Server;
  let broken = 0;
  let prometheus: RealServer | undefined;
  let alertmanager: RealServer | undefined;
  let open: OpenSession;

  before(async function () {
    if (!hasProgram('prometheus') || !hasProgram('prometheus-alertmanager')) {
      console.log('      skipped: prometheus is not on the PATH');
      this.skip();
    }
    demo = createServer((request, response) => {
      if (request.method === 'POST') broken = 0;
      response.end(`# TYPE demo_broken gauge\ndemo_broken ${broken}\n`);
    });
    demo.listen(0, '127.0.0.1');
    await once(demo, 'listening');
    const { port } = demo.address() as { port: number };
    alertmanager = await startAlertmanager();
    prometheus = await startPrometheus(rules, `127.0.0.1:${port}`, alertmanager.url);
    const places = { prometheusUrl: prometheus.url, alertmanagerUrl: alertmanager.url };
    open = await openSession(text, {
      monitoring: () => places,
      env: { KUBECONFIG: '/nonexistent', DEMO: `http://127.0.0.1:${port}` },
      questioner: {
        ask: async () => ({ yes: true }),
        askValues: async () => ({ values: new Map(), missing: 'stop' }),
        chooseOption: async () => undefined,
      },
    });
  });

  after(async () => {
    await open?.close();
    await prometheus?.stop();
    await alertmanager?.stop();
    demo?.closeAllConnections();
    demo?.close();
  });

  /** Looks as the view does, until the alert is so. */
  async function until(wanted: string): Promise<void> {
    const places = { prometheusUrl: prometheus!.url, alertmanagerUrl: alertmanager!.url };
    for (let tries = 0; tries < 300; tries++) {
      const snapshot = await takeSnapshot(monitoringSources(places, undefined), systemClock);
      await open.session.alertLog.note(['DemoBroken'], snapshot);
      if (alertState('DemoBroken', snapshot).state === wanted) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.fail(`never ${wanted}`);
  }

  it('follow it through pending, firing and silenced, and say whether a step has worked', async () => {
    await until('inactive');
    broken = 1;
    await until('pending');
    await until('firing');
    const read = await open.run('echo read');
    assert.equal(read.outcome.status, 'done');
    const mended = await open.run('/mend');
    assert.equal(mended.outcome.status, 'done', mended.outcome.message);
    broken = 1;
    await silence(alertmanager!, 'DemoBroken', 'being worked on');
    await until('silenced');
    broken = 0;
    await until('inactive');

    const { events } = await readIncident(open.incident.folder);
    const states = events.flatMap(({ event }) => (event.type === 'alert.state' ? [event] : []));
    const seen = states.filter(({ extra }) => !(extra as { when?: string } | undefined)?.when);
    const words = seen.map(({ state }) => state);
    assert.deepEqual(words.slice(0, 2), ['pending', 'firing']);
    assert.equal(words.at(-1), 'resolved');
    assert.ok(words.includes('silenced'), words.join());
    assert.equal(seen[1]!.severity, 'critical');

    const looks = states.filter(({ extra }) => (extra as { when?: string } | undefined)?.when);
    assert.deepEqual(
      looks.map(({ extra }) => (extra as { when: string }).when),
      ['before', 'after'],
      'a read is not looked at',
    );
    const [before] = looks;
    assert.equal(before!.state, 'firing');
    const { expression, threshold, values } = before!.extra as Record<string, unknown>;
    assert.equal(expression, 'demo_broken');
    assert.equal(threshold, '> 0.5');
    assert.equal((values as { value: number }[])[0]!.value, 1);

    const source = await openFolder(open.incident.folder);
    const folded = await readIncident(open.incident.folder);
    const content = await packContent(folded, blobReader(source));
    assert.match(timelineMd(content), /was firing before .*curl.*: 1 \(\\?> 0\.5\)/);
    const html = await reportHtml(content, await verifyEvidence(open.incident.folder));
    assert.match(html, /<th scope="col">Before<\/th>.*DemoBroken<\/td><td[^>]*>firing 1 \(&#62; 0\.5\)/s);
  });
});
