import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { joinIncident, openIncident } from '../../src/evidence/write/openIncident.ts';
import { type Place, place, runCell, smallIncident } from './support.ts';

describe('an incident of evidence', () => {
  let at: Place;
  beforeEach(() => {
    at = place();
  });
  afterEach(() => at.remove());

  it('holds what was recorded, in order, with what was shown', async () => {
    const { dir } = await smallIncident(at);
    const { events, writers } = await readIncident(dir);
    assert.equal(writers.length, 1);
    assert.deepEqual(
      events.map(({ event }) => event.seq),
      events.map((_, index) => index),
    );
    const types = events.map(({ event }) => event.type);
    assert.equal(types[0], 'incident.opened');
    assert.ok(types.indexOf('cell.intent') < types.indexOf('output.blob'));
    assert.ok(types.indexOf('output.blob') < types.indexOf('cell.result'));
    const blob = events.map(({ event }) => event).find((event) => event.type === 'output.blob');
    assert.ok(blob?.type === 'output.blob');
    assert.equal(readFileSync(path.join(dir, 'blobs', blob.blob.sha256), 'utf8'), 'one\ntwo\n');
    const frames = events.flatMap(({ event }) => (event.type === 'output.frames' ? event.frames : []));
    assert.deepEqual(frames, [
      [0, 3, 8],
      [1, 5, 5],
    ]);
  });

  it('leaves neither lock nor key nor open streams when it is closed', async () => {
    const { dir } = await smallIncident(at);
    const [writer] = readdirSync(path.join(dir, 'writers'));
    assert.deepEqual(readdirSync(path.join(dir, 'writers', writer!)).sort(), ['checkpoint', 'log.jsonl']);
    assert.deepEqual(readdirSync(path.join(at.base, 'state/keys')), ['commitment.key']);
    assert.equal(statSync(path.join(at.base, 'state/keys/commitment.key')).mode & 0o777, 0o600);
  });

  it('refuses a second incident of the same id, an id that is no name, and an unknown one', async () => {
    const writer = await openIncident(at.root, { id: 'a', title: 't' }, at.options);
    await assert.rejects(openIncident(at.root, { id: 'a', title: 't' }, at.options), {
      code: 'incident-exists',
    });
    await assert.rejects(openIncident(at.root, { id: '../x', title: 't' }, at.options), {
      code: 'incident-id',
    });
    await assert.rejects(joinIncident(at.root, 'b', at.options), { code: 'incident-unknown' });
    await writer.close();
  });

  it('gives several writers a log each and merges them by time', async () => {
    const first = await openIncident(at.root, { id: 'a', title: 't' }, at.options);
    const { writer: second, recovered } = await joinIncident(at.root, 'a', {
      ...at.options,
      actor: { user: 'grace', host: 'desk' },
    });
    assert.deepEqual(recovered, [], 'a living writer must be left alone');
    await runCell(first, 'r1');
    await runCell(second, 'r2');
    await first.append({ type: 'note', text: 'last' });
    await second.close();
    await first.close();
    const { events, writers } = await readIncident(path.join(at.root, 'a'));
    assert.equal(writers.length, 2);
    const times = events.map(({ event }) => event.time);
    assert.deepEqual(times, [...times].sort());
    const joined = events.map(({ event }) => event).find((event) => event.type === 'incident.joined');
    assert.ok(joined?.type === 'incident.joined' && joined.seen[0]!.writer.startsWith('ada'));
  });

  it('refuses an event that the format does not know, and writes nothing of it', async () => {
    const writer = await openIncident(at.root, { id: 'a', title: 't' }, at.options);
    const wrong = { type: 'note', text: 'x', colour: 'red' } as never;
    await assert.rejects(writer.append(wrong), { code: 'evidence-bad-event', message: /colour/ });
    await writer.close();
    assert.ok(!existsSync(path.join(at.root, 'a', 'writers', writer.writer, 'lock')));
    const { events } = await readIncident(path.join(at.root, 'a'));
    assert.ok(events.every(({ event }) => event.type !== 'note'));
  });

  it('takes no event any more once it is being closed: none stands behind the close or the last seal', async () => {
    for (const end of ['closeIncident', 'close'] as const) {
      const writer = await openIncident(at.root, { id: end, title: 't' }, at.options);
      const late: Promise<string | undefined>[] = [];
      const note = (): Promise<string | undefined> =>
        writer.append({ type: 'note', text: 'late' }).then(
          () => undefined,
          (error) => error.code,
        );
      // As what was begun before and goes on: captures, answers of a cluster, output.
      const timer = setInterval(() => late.push(note()), 0);
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await writer[end]();
      clearInterval(timer);
      const codes = new Set(await Promise.all(late));
      assert.ok(codes.has('evidence-closed'));
      assert.deepEqual(
        [...codes].filter((code) => code !== undefined),
        ['evidence-closed'],
      );
      const { ok, problems, writers } = await verifyEvidence(path.join(at.root, end));
      assert.ok(ok, JSON.stringify(problems));
      assert.equal(writers[0]!.sealed, writers[0]!.events);
    }
  });

  it('cuts secrets out of events and output before they reach the disk', async () => {
    const writer = await openIncident(at.root, { id: 'a', title: 'password=hunter2hunter2' }, at.options);
    await writer.append({
      type: 'gate.call',
      call: 'c',
      argv: ['redis-cli', '-a', 's3cr3t-pw', 'FLUSHDB'],
      risk: 'destroy',
      decision: 'asked',
    });
    const stdout = writer.output('r', 'stdout');
    const shown = Buffer.concat([
      stdout.write(Buffer.from('token=ghp_0123456789abcdefghij0123456789abcdef\nok\n'), 1),
      (await stdout.end()).rest,
    ]);
    await writer.close();
    const all = readdirSync(path.join(at.root, 'a'), { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(at.root, 'a', name))
      .filter((name) => statSync(name).isFile())
      .map((name) => readFileSync(name, 'latin1'))
      .join('\n');
    for (const secret of ['hunter2hunter2', 's3cr3t-pw', 'ghp_0123'])
      assert.ok(!all.includes(secret), secret);
    assert.match(shown.toString(), /^token=\[cut [a-z-]+ [0-9a-f]{12}\]\nok\n$/);
    assert.ok(all.includes(shown.toString()), 'what was shown is what is recorded');
  });

  it('has nothing behind a close that could not be sealed, and seals it when it is tried again', async () => {
    const writer = await openIncident(at.root, { id: 'c', title: 't' }, at.options);
    // Where the seal is drafted there is no room: the log itself can still be written.
    const drafts = path.join(writer.incidentDir, 'writers', writer.writer, 'open');
    rmSync(drafts, { recursive: true, force: true });
    writeFileSync(drafts, '');
    await assert.rejects(writer.closeIncident('over'), { code: 'evidence-unwritable' });
    await assert.rejects(writer.append({ type: 'note', text: 'late' }), { code: 'evidence-closed' });
    rmSync(drafts);
    await writer.closeIncident('over');
    const types = (await readIncident(writer.incidentDir)).events.map(({ event }) => event.type);
    assert.equal(types.filter((type) => type === 'incident.closed').length, 1);
    const { problems, writers } = await verifyEvidence(writer.incidentDir);
    assert.deepEqual(problems, []);
    assert.equal(writers[0]!.sealed, writers[0]!.events);
  });
});
