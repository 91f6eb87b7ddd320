// From one machine to the next and to the end: what stands is handed over, signed by both, and closed with what the
// runbook asks for. The machines are two state folders with two roots.

import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { checklistOf, progressOf, tick, ticksOf } from '../../src/incident/checklist.ts';
import { closingOf } from '../../src/incident/closingChecks.ts';
import { declareIncident } from '../../src/incident/declareIncident.ts';
import { dueRules, escalationOf } from '../../src/incident/escalation.ts';
import { bundleOf, handOver, takeOver } from '../../src/incident/handover.ts';
import { handoverState, openLines } from '../../src/incident/handoverState.ts';
import { Incident, type Place } from '../../src/incident/incident.ts';
import { severityOf } from '../../src/incident/incidentSeverity.ts';
import { incidentStatus } from '../../src/incident/incidentStatus.ts';
import { pendingHandover } from '../../src/incident/pendingHandover.ts';
import { receiveBundle } from '../../src/incident/receiveBundle.ts';
import { loadRunbook, type Runbook } from '../../src/incident/runbook.ts';
import { openSession } from './openSession.ts';

const text = `# Checkout is slow

| Level | Response Time | Escalation |
| ----- | ------------- | ---------- |
| P1 (Critical) | 15 minutes | Within 30 minutes if not resolved |
| P2 (High) | 1 hour | Within 2 hours |

## Look

- [ ] The dashboard was looked at
- [x] The pager was acknowledged

\`\`\`bash
echo "$<who>"
\`\`\`

\`\`\`bash
exit 4
\`\`\`

## Call

1. Call the **database** people
2. Tell the status page

## Success criteria

- [ ] Checkout answers within 300 ms

\`\`\`bash
echo fine
\`\`\`

## Escalation Contacts

| Incident | Primary Contact | Executive |
| -------- | --------------- | --------- |
| Outage (P1) | On-call SRE | CTO |
| Slowness (P2) | On-call SRE | - |

### When to Escalate

- Service down for >20 minutes
- Data corruption suspected
`;

const runbook: Runbook = loadRunbook(Buffer.from(text), '/w/checkout.runbook.md');

describe('what a runbook wants done by people', () => {
  it('is its boxes, and the numbered steps of sections that hold nothing else', () => {
    assert.deepEqual(
      checklistOf(runbook).map(({ text: words, byHand, ticked }) => [words, byHand, ticked]),
      [
        ['The dashboard was looked at', false, false],
        ['The pager was acknowledged', false, true],
        ['Call the database people', true, false],
        ['Tell the status page', true, false],
        ['Checkout answers within 300 ms', false, false],
      ],
    );
  });

  it('escalates by the scale of the document, its conditions and its contacts', () => {
    const first = severityOf('P1', runbook.declarations);
    assert.equal(first.responseMs, 900_000);
    const escalation = escalationOf(runbook, first);
    assert.deepEqual(
      escalation.rules.map(({ afterMs }) => afterMs),
      [1_800_000, 1_200_000, null],
    );
    assert.deepEqual(escalation.contacts, [
      { role: 'Outage (P1)', reach: 'Primary Contact: On-call SRE, Executive: CTO' },
    ]);
    assert.deepEqual(dueRules(escalation, 1_000_000), []);
    assert.equal(dueRules(escalation, 1_300_000).length, 1);
    assert.equal(dueRules(escalation, 1_900_000).length, 2);
  });
});

describe('an incident from one machine to another', function () {
  this.timeout(60_000);
  const there = mkdtempSync(path.join(os.tmpdir(), 'runbook-there-'));
  const placeThere: Place = {
    flag: path.join(there, 'evidence'),
    env: { XDG_STATE_HOME: path.join(there, 'state') },
    tool: { name: 'test', version: '0' },
  };
  after(() => rmSync(there, { recursive: true, force: true }));

  it('carries values, failures and ticks, is signed by both, and comes back', async () => {
    const open = await openSession(
      text,
      {
        questioner: {
          ask: async () => ({ yes: true }),
          askValues: async () => ({ values: new Map([['who', 'shop']]), missing: 'stop' }),
          chooseOption: async () => undefined,
        },
      },
      'checkout.runbook.md',
    );
    const placeHere: Place = {
      ...placeThere,
      flag: open.evidence,
      env: { XDG_STATE_HOME: path.join(open.folder, 'state') },
    };
    try {
      await declareIncident(open.incident, { title: 'Checkout is slow', severity: 'P1', commander: 'ada' });
      await open.run('<who>');
      assert.equal((await open.run('exit 4')).outcome.status, 'failed');
      const [dashboard, , byHand] = checklistOf(open.runbook);
      await tick(open.incident, dashboard!, true);
      await tick(open.incident, byHand!, true, 'they know');
      await handOver(open.incident, { from: 'ada', to: 'grace', text: 'look at the database' });
      const { commander, handedTo } = await incidentStatus(open.incident.folder);
      assert.deepEqual([commander, handedTo], ['ada', 'grace'], 'until grace takes over');
      const file = path.join(open.folder, 'bundle.zip');
      await bundleOf(placeHere, open.incident.id, file, open.folder);

      const received = await receiveBundle(file, placeThere.flag!);
      assert.equal(received.id, open.incident.id);
      const folder = path.join(placeThere.flag!, received.id);
      const pending = pendingHandover(await readIncident(folder));
      assert.equal(pending?.to, 'grace');
      assert.ok(
        pending.open.some((line) => /^failed: Look: exit 4/.test(line)),
        pending.open.join('\n'),
      );
      const joined = await Incident.join(placeThere, received.id, there);
      const sealed = await takeOver(joined, pending, 'grace');
      assert.match(sealed.note, /— /);
      await joined.leave();
      assert.equal((await incidentStatus(folder)).commander, 'grace');
      assert.equal((await incidentStatus(folder)).handedTo, null);
      assert.equal(pendingHandover(await readIncident(folder)), undefined);
      const ticks = ticksOf(await readIncident(folder));
      assert.equal(ticks.get(dashboard!.key)?.done, true);
      assert.equal(ticks.get(byHand!.key)?.note, 'they know');
      const state = handoverState(await readIncident(folder));
      assert.deepEqual(
        state.values.map(({ name, value }) => `${name}=${value}`),
        ['who=shop'],
      );
      const verified = await verifyEvidence(folder);
      assert.deepEqual(verified.problems, []);
      assert.equal(verified.writers.length, 3, 'the window, the packer, the newcomer');

      // And back: nothing here is overwritten, only what is new is added.
      const back = await receiveBundle(folder, open.evidence);
      assert.equal(back.writers, 1);
      assert.equal((await incidentStatus(open.incident.folder)).commander, 'grace');
    } finally {
      await open.close();
    }
  });

  it('is taken over once: who comes second is told who was first', async () => {
    const open = await openSession(text);
    const place: Place = { ...placeThere, flag: open.evidence };
    try {
      await handOver(open.incident, { from: 'ada', to: 'grace', text: '' });
      const pending = pendingHandover(await readIncident(open.incident.folder))!;
      const [grace, bob] = await Promise.all([
        Incident.join(place, open.incident.id, there),
        Incident.join(place, open.incident.id, there),
      ]);
      await takeOver(grace, pending, 'grace');
      await assert.rejects(takeOver(bob, pending, 'bob'), (error: Error) =>
        /^grace took over .* meanwhile/.test(error.message),
      );
      assert.equal((await incidentStatus(open.incident.folder)).commander, 'grace');
      await handOver(grace, { from: 'grace', to: 'bob', text: '' });
      await assert.rejects(takeOver(bob, pending, 'bob'), /handed over again meanwhile, by grace to bob/);
      await Promise.all([grace.leave(), bob.leave()]);
    } finally {
      await open.close();
    }
  });

  it('names what ended cells left in the background, as long as it lives', async () => {
    const open = await openSession(`# Copy\n\n\`\`\`bash\nsleep 300 >/dev/null 2>&1 &\n\`\`\`\n`);
    const lives = (pids: readonly number[]): boolean => open.session.anyLives(pids);
    const who = { from: 'ada', to: 'grace', text: '' };
    try {
      await open.run('sleep 300');
      const first = await handOver(open.incident, { ...who, lives });
      const [job] = first.jobs;
      assert.equal(job?.what, 'Copy: sleep 300 >/dev/null 2>&1 &');
      assert.match(
        openLines(first).join('\n'),
        /^left in the background: Copy: sleep 300 .*\(process \d+, .*@.*\)/m,
      );
      const written = pendingHandover(await readIncident(open.incident.folder));
      assert.deepEqual(written?.open, openLines(first));
      // Ended by itself: the log can't know, the window does.
      process.kill(job.pids[0]!, 'SIGKILL');
      while (lives(job.pids)) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual((await handOver(open.incident, { ...who, lives })).jobs, []);

      await open.run('sleep 300');
      const [again] = handoverState(await readIncident(open.incident.folder)).jobs.slice(-1);
      assert.notEqual(again?.run, job.run);
      await open.session.stopJobs(again!.pids);
      const stopped = handoverState(await readIncident(open.incident.folder)).jobs;
      assert.deepEqual(
        stopped.map((one) => one.run),
        [job.run],
      );
      await open.session.dispose();
      await open.incident.leave();
      assert.deepEqual(handoverState(await readIncident(open.incident.folder)).jobs, []);
    } finally {
      await open.close();
    }
  });

  it('is refused where it does not verify, or says something else than the log here', async () => {
    const open = await openSession(text);
    const placeHere: Place = {
      ...placeThere,
      flag: open.evidence,
      env: { XDG_STATE_HOME: path.join(open.folder, 'state') },
    };
    try {
      const file = path.join(open.folder, 'bundle.zip');
      await bundleOf(placeHere, open.incident.id, file, open.folder);
      await receiveBundle(file, placeThere.flag!);
      // The window's own log, which grows; the packer's is closed.
      const { writer } = open.incident.writer;
      const log = path.join(placeThere.flag!, open.incident.id, 'writers', writer, 'log.jsonl');
      appendFileSync(log, '{"made":"up"}\n');
      await open.run('echo fine');
      const later = path.join(open.folder, 'later.zip');
      await bundleOf(placeHere, open.incident.id, later, open.folder);
      await assert.rejects(receiveBundle(later, placeThere.flag!), { code: 'bundle-conflict' });
      await assert.rejects(receiveBundle(path.join(placeThere.flag!, open.incident.id), open.evidence), {
        code: 'bundle-unsound',
      });
    } finally {
      await open.close();
    }
  });

  it('ends with the checks of the runbook, and what is open as follow-ups', async () => {
    const open = await openSession(text);
    try {
      await open.run('exit 4');
      const before = await closingOf(open.runbook, await readIncident(open.incident.folder), undefined);
      assert.deepEqual(
        before.checks.map(({ text: words, met }) => [words, met]),
        [
          ['Checkout answers within 300 ms', false],
          ['The cell under “Success criteria”', false],
        ],
      );
      assert.equal(before.followUps.length, 2);
      await open.run('echo fine');
      await tick(open.incident, checklistOf(open.runbook).at(-1)!, true);
      const read = await readIncident(open.incident.folder);
      const after_ = await closingOf(open.runbook, read, undefined);
      assert.deepEqual(after_.followUps, []);
      assert.deepEqual(
        openLines(handoverState(read)).map((line) => line.split(':')[0]),
        ['failed'],
      );
      const progress = progressOf(open.runbook, ticksOf(read), () => 'open');
      assert.deepEqual(
        progress.map(({ title, done, of }) => `${title} ${done}/${of}`),
        ['Look 1/4', 'Call 0/2', 'Success criteria 1/2'],
      );
    } finally {
      await open.close();
    }
  });
});
