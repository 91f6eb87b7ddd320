// Placeholders, judged a step: what lacks a value is left out and said, what doesn't runs.

import assert from 'node:assert/strict';
import { declareIncident } from '../../src/incident/declareIncident.ts';
import { StepValues } from '../../src/incident/stepValues.ts';
import { findPlaceholders } from '../../src/shell/placeholders.ts';
import { bash, type SessionBench, withNotebook } from './sessionBench.ts';

const twoSteps = bash('# Restart the thing\necho restarted\n\n# Tell the channel\necho posting to <webhook>');

const skips = async (bench: SessionBench) =>
  (await bench.events()).flatMap((event) => (event.type === 'cell.skip' ? [event] : []));

describe('values of a step', () => {
  it('run the step above a missing one, which is recorded as not run', async () => {
    await withNotebook(async (bench) => {
      const outcome = await bench.run(twoSteps);
      assert.equal(outcome.stdout, 'restarted\n');
      assert.equal(outcome.status, 'refused');
      assert.match(outcome.message, /“Tell the channel”: <webhook> has no value/);
      const [skip] = await skips(bench);
      assert.deepEqual(skip?.extra, { step: 'Tell the channel' });
    });
  });

  it('run nothing below a missing one that nobody chose to leave out', async () => {
    await withNotebook(async (bench) => {
      const outcome = await bench.run(bash('# One\necho one\n\n# Two\necho <what>\n\n# Three\necho three'));
      assert.equal(outcome.stdout, 'one\n');
      assert.equal((await skips(bench)).length, 2);
      const first = await bench.run(bash('# Two\necho <what>\n\n# Three\necho three'));
      assert.equal(first.status, 'refused');
      assert.equal(first.stdout, '');
    });
  });

  it('leave out by choice only what lacks the value, and are done', async () => {
    await withNotebook(async (bench) => {
      bench.person.give = () => ({ values: new Map(), missing: 'skip' });
      const outcome = await bench.run(bash('# One\necho one\n\n# Two\necho <what>\n\n# Three\necho three'));
      assert.equal(outcome.stdout, 'one\nthree\n');
      assert.equal(outcome.status, 'done');
      assert.deepEqual(bench.person.requests[0]![0]!.steps, ['Two']);
      assert.match(outcome.notices.join(), /Left out: “Two”/);
    });
  });

  it('run nothing where the question was dismissed', async () => {
    await withNotebook(async (bench) => {
      bench.person.give = () => ({ values: new Map(), missing: 'cancel' });
      const outcome = await bench.run(twoSteps);
      assert.equal(outcome.status, 'refused');
      assert.equal(outcome.stdout, '');
      assert.match(outcome.message, /was given no value\.$/);
    });
  });

  it('are asked at once, remembered, and never become code', async () => {
    await withNotebook(async (bench) => {
      bench.person.give = () => ({
        values: new Map([
          ['who', "o'brien; touch pwned"],
          ['why', '$(touch pwned)'],
        ]),
        missing: 'skip',
      });
      const outcome = await bench.run(bash('echo <who> <why>\necho "$(ls)" | grep -c pwned'));
      assert.match(outcome.stdout, /^o'brien; touch pwned \$\(touch pwned\)\n0\n/);
      await bench.run(bash('echo <who>'));
      assert.deepEqual(
        bench.person.requests.map((requests) => requests.map(({ name }) => name)),
        [['who', 'why']],
      );
      const intent = (await bench.events()).find((event) => event.type === 'cell.intent')!;
      assert.deepEqual((intent.extra as { values: unknown }).values, {
        who: "o'brien; touch pwned",
        why: '$(touch pwned)',
      });
    });
  });

  it('that are credentials by their name stand nowhere in the evidence', async () => {
    await withNotebook(async (bench) => {
      bench.person.give = (asked) => ({
        values: new Map(asked.map(({ name }) => [name, `of-${name}-x7`])),
        missing: 'skip',
      });
      const text = 'echo $REDIS_PASSWORD <db-password> <who>\ntouch "made-by-$REDIS_PASSWORD-<db-password>"';
      await bench.run(bash(text));
      const written = (await bench.events()).map((event) => JSON.stringify(event)).join('\n');
      assert.match(written, /of-who-x7/);
      assert.doesNotMatch(written, /of-(REDIS_PASSWORD|db-password)-x7/);
    });
  });

  it('say why a value can not stand there, and ask again', async () => {
    await withNotebook(async (bench) => {
      let asked = 0;
      bench.person.give = () => ({ values: new Map([['flag', asked++ ? 'ok' : '-rf']]), missing: 'skip' });
      const outcome = await bench.run(bash('echo <flag>'));
      assert.equal(outcome.stdout, 'ok\n');
      assert.match(bench.person.requests[1]![0]!.note ?? '', /-rf can't stand there/);
    });
  });

  it('that came from the severity are asked again when it changes, with where it comes from', async () => {
    await withNotebook(async (bench) => {
      await declareIncident(bench.incident, { title: 'down', severity: 'SEV2' });
      bench.person.give = ([request]) => ({
        values: new Map([[request!.name, request!.suggestions[0]!.value]]),
        missing: 'skip',
      });
      const text = bash('echo the level is <severity>');
      assert.match((await bench.run(text)).stdout, /SEV2/);
      await bench.run(text);
      assert.equal(bench.person.requests.length, 1);
      assert.deepEqual(bench.person.requests[0]![0]!.suggestions[0], {
        value: 'SEV2',
        from: 'the severity of the incident',
      });
      await declareIncident(bench.incident, { severity: 'SEV1' });
      assert.match((await bench.run(text)).stdout, /SEV1/);
      assert.match(bench.person.requests[1]![0]!.note ?? '', /SEV2 was given when the severity was SEV2/);
    });
  });

  it('are in the next session of the incident those that were given last', async () => {
    await withNotebook(async ({ incident }) => {
      const { writer, folder } = incident;
      const ran = (run: string, pod: string) =>
        writer.append({
          type: 'cell.intent',
          run,
          cell: {},
          source: 'x',
          risk: 'read',
          extra: { values: { pod } },
        });
      await ran('r1', 'web-0');
      await ran('r2', 'web-1');
      const placeholders = findPlaceholders('kubectl logs <pod>');
      const values = new StepValues(folder, () => undefined);
      await values.check(placeholders, 'kubectl logs <pod>');
      assert.deepEqual([...values.of(placeholders)], [['pod', 'web-1']]);
      const given = new StepValues(folder, () => undefined, new Map([['pod', 'web-9']]));
      await given.check(placeholders, 'kubectl logs <pod>');
      assert.deepEqual([...given.of(placeholders)], [['pod', 'web-9']]);
    });
  });
});
