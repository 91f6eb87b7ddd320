// What a killed host, a full disk or a vanished folder leaves behind.

import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { joinIncident, openIncident } from '../../src/evidence/write/openIncident.ts';
import { killAtRandom } from './killAtRandom.ts';
import { type Place, place, runCell } from './support.ts';

describe('evidence that was interrupted', function () {
  this.timeout(60_000);
  let at: Place;
  beforeEach(() => {
    at = place();
  });
  afterEach(() => at.remove());

  it('is made whole after a SIGKILL, and holds all that was acknowledged', async () => {
    for (let round = 0; round < 2; round += 1) await killAtRandom(at, `inc-${round}`, 150 + round * 340);
  });

  it('sets a torn last line aside, tells it, and names the interrupted cell', async () => {
    const writer = await openIncident(at.root, { id: 'a', title: 't' }, at.options);
    await runCell(writer, 'r1');
    await writer.append({
      type: 'cell.intent',
      run: 'r2',
      cell: { index: 1 },
      source: 'sleep 9',
      risk: 'read',
    });
    const stdout = writer.output('r2', 'stdout');
    stdout.write(Buffer.from('half of it\n'), 1);
    const dir = path.join(at.root, 'a');
    const own = path.join(dir, 'writers', writer.writer);
    appendFileSync(path.join(own, 'log.jsonl'), '{"half":');
    // As if its process had died: the lock names one that is gone.
    writeFileSync(
      path.join(own, 'lock'),
      JSON.stringify({ ...JSON.parse(readFileSync(path.join(own, 'lock'), 'utf8')), pid: 2 ** 22 + 12345 }),
    );
    assert.equal((await verifyEvidence(dir)).problems[0]?.code, 'torn-line');
    const { writer: next, recovered } = await joinIncident(at.root, 'a', at.options);
    assert.deepEqual(
      recovered.map(({ event }) => [event.interrupted, event.output.length, event.torn?.bytes, event.sealed]),
      [[['r2'], 1, 8, true]],
    );
    assert.match(
      recovered[0]!.message,
      /^Cell 1 was interrupted when the window .*; a torn last line of 8 bytes was set aside\./,
    );
    await next.close();
    const { ok, problems } = await verifyEvidence(dir);
    assert.ok(ok, JSON.stringify(problems));
    assert.deepEqual(readdirSync(own).sort(), ['checkpoint', 'log.jsonl']);
    await stdout.end().catch(() => {});
  });

  it('goes on in another folder when its own vanished, and loses no event', async () => {
    const other = path.join(at.base, 'other');
    const asked: string[] = [];
    const writer = await openIncident(
      at.root,
      { id: 'a', title: 't' },
      {
        ...at.options,
        fallback: (error) => {
          asked.push(error.message);
          return Promise.resolve(other);
        },
      },
    );
    await runCell(writer, 'r1');
    const stdout = writer.output('r2', 'stdout');
    stdout.write(Buffer.from('before\n'), 1);
    rmSync(at.root, { recursive: true });
    await writer.append({ type: 'note', text: 'still here' });
    const shown = Buffer.concat([
      stdout.write(Buffer.from('after\n'), 2),
      (await stdout.end()).rest,
    ]).toString();
    await writer.closeIncident();
    assert.equal(asked.length, 1, asked.join('\n'));
    assert.equal(shown, 'after\n');
    const { events, writers } = await readIncident(path.join(other, 'a'));
    assert.equal(writers.length, 2, 'the old log was carried over');
    const types = events.map(({ event }) => event.type);
    assert.ok(types.includes('incident.opened') && types.includes('note'));
    const output = events.map(({ event }) => event).findLast((event) => event.type === 'output.blob');
    assert.ok(output?.type === 'output.blob');
    assert.equal(readFileSync(path.join(other, 'a', 'blobs', output.blob.sha256), 'utf8'), 'before\nafter\n');
  });

  it('refuses to go on where nothing can be written and no other folder is given', async () => {
    const file = path.join(at.base, 'file');
    writeFileSync(file, '');
    await assert.rejects(openIncident(path.join(file, 'root'), { id: 'a', title: 't' }, at.options), {
      code: 'evidence-unwritable',
      message: /can not be written/,
    });
    const moved = await openIncident(
      path.join(file, 'root'),
      { id: 'a', title: 't' },
      { ...at.options, fallback: async () => path.join(at.base, 'other') },
    );
    assert.ok(moved.incidentDir.startsWith(path.join(at.base, 'other')));
    await moved.close();
    const writer = await openIncident(at.root, { id: 'b', title: 't' }, at.options);
    rmSync(at.root, { recursive: true });
    await assert.rejects(writer.append({ type: 'note', text: 'x' }), { code: 'evidence-unwritable' });
  });

  it('falls back from a read-only folder', async function () {
    if (process.getuid?.() === 0) this.skip();
    mkdirSync(at.root);
    chmodSync(at.root, 0o500);
    const writer = await openIncident(
      at.root,
      { id: 'a', title: 't' },
      { ...at.options, fallback: async () => path.join(at.base, 'other') },
    );
    await writer.close();
    assert.ok((await verifyEvidence(path.join(at.base, 'other', 'a'))).ok);
  });

  it('tells a clock that was set', async () => {
    let shift = 0;
    const clock = { now: () => Date.now() + shift, monotonicMs: () => performance.now() };
    const writer = await openIncident(at.root, { id: 'a', title: 't' }, { ...at.options, clock });
    shift = -3_600_000;
    await writer.append({ type: 'note', text: 'an hour earlier' });
    await writer.close();
    const { events } = await readIncident(path.join(at.root, 'a'));
    const jump = events.map(({ event }) => event).find((event) => event.type === 'clock.jumped');
    assert.ok(jump?.type === 'clock.jumped' && Math.abs(jump.byMs + 3_600_000) < 1000);
    assert.equal(events.at(-2)?.event.type, 'note', 'the order of the log is kept');
    assert.ok((await verifyEvidence(path.join(at.root, 'a'))).ok);
  });
});
