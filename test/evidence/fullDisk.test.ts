// A disk that is full, or becomes read-only, while cells run: a real one of half a mebibyte, in memory. Mounting
// takes root; elsewhere these are passed over.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readIncident } from '../../src/evidence/read/readIncident.ts';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { joinIncident, openIncident } from '../../src/evidence/write/openIncident.ts';
import { type Place, place, runCell } from './support.ts';

const run = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

describe('a disk of half a mebibyte', function () {
  this.timeout(30_000);
  let at: Place;
  beforeEach(function () {
    at = place();
    mkdirSync(at.root);
    if (run('mount', '-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', at.root)) return;
    at.remove();
    this.skip();
  });
  afterEach(() => {
    run('umount', '--lazy', at.root);
    at.remove();
  });

  it('that fills up: the incident goes on elsewhere and holds all that was shown', async () => {
    const other = path.join(at.base, 'other');
    const asked: string[] = [];
    const options = {
      ...at.options,
      fallback: async (error: Error) => {
        asked.push(error.message);
        return other;
      },
    };
    const writer = await openIncident(at.root, { id: 'a', title: 'full' }, options);
    const shown = new Map<string, string>();
    const acknowledged: number[] = [];
    for (let index = 0; index < 40; index += 1) {
      const name = `run-${index}`;
      const late: Buffer[] = [];
      await writer.append({ type: 'cell.intent', run: name, cell: { index }, source: 'x', risk: 'read' });
      const output = writer.output(name, 'stdout', (bytes) => late.push(Buffer.from(bytes)));
      const now = [...Array(20).keys()].map((line) =>
        Buffer.from(output.write(Buffer.from(`${index} ${line} ${'y'.repeat(1500)}\n`), line)),
      );
      const { rest } = await output.end();
      shown.set(name, Buffer.concat([...now, ...late, Buffer.from(rest)]).toString());
      await writer.append({ type: 'cell.result', run: name, ok: true, durationMs: 1 });
      acknowledged.push(index);
    }
    await writer.closeIncident();
    assert.match(asked.join('\n'), /ENOSPC/);
    assert.equal(asked.length, 1);
    const kept = new Map<string, string>();
    const results: string[] = [];
    // What was recorded before stays where it was; the log that goes on says where that is.
    for (const dir of [path.join(at.root, 'a'), path.join(other, 'a')]) {
      const { ok, problems } = await verifyEvidence(dir);
      assert.ok(ok, JSON.stringify(problems));
      const { events, unread } = await readIncident(dir);
      assert.deepEqual(unread, []);
      for (const { event } of events) {
        if (event.type === 'cell.result') results.push(event.run);
        if (event.type === 'output.blob')
          kept.set(event.run, readFileSync(path.join(dir, 'blobs', event.blob.sha256), 'utf8'));
      }
    }
    assert.deepEqual(results, [...shown.keys()]);
    for (const [name, text] of shown) assert.equal(kept.get(name), text, name);
    const [joined] = (await readIncident(path.join(other, 'a'))).events;
    assert.ok(joined?.event.type === 'incident.joined');
    assert.equal(joined.event.fallback?.folder, path.join(at.root, 'a'));
  });

  it('that fills up with nowhere else to go: says so, and what was recorded stands', async () => {
    const writer = await openIncident(at.root, { id: 'a', title: 'full' }, at.options);
    let recorded = 0;
    await assert.rejects(
      async () => {
        for (;;) {
          await writer.append({ type: 'note', text: 'z'.repeat(20_000) });
          recorded += 1;
        }
      },
      { code: 'evidence-unwritable', message: /ENOSPC/ },
    );
    assert.ok(recorded > 10);
    const { events, unread } = await readIncident(path.join(at.root, 'a'));
    assert.deepEqual(unread, []);
    assert.equal(events.filter(({ event }) => event.type === 'note').length, recorded);
    const { problems } = await verifyEvidence(path.join(at.root, 'a'));
    assert.deepEqual(problems, []);
  });

  it('that fills up under an output, with nowhere else to go: all that was shown of it is in the evidence', async () => {
    for (const spare of [0, 24]) {
      const id = `a-${spare}`;
      const writer = await openIncident(at.root, { id, title: 'full' }, at.options);
      await writer.append({ type: 'cell.intent', run: 'r1', cell: { index: 0 }, source: 'x', risk: 'read' });
      const output = writer.output('r1', 'stdout');
      // Lines that leave room for events behind them, and lines that fill the disk to its last byte.
      const line = Buffer.from(`${'y'.repeat(spare > 0 ? 8000 : 99)}\n`);
      let shown = '';
      for (let at = 0; ; at += 1) {
        const now = Buffer.from(output.write(line, at)).toString();
        if (now === '') break;
        shown += now;
      }
      await assert.rejects(output.end(), { code: 'evidence-unwritable', message: /ENOSPC/ });
      await writer.close().catch(() => {});
      run('mount', '-o', 'remount,size=8m', at.root);
      const lock = path.join(at.root, id, 'writers', writer.writer, 'lock');
      if (existsSync(lock)) {
        // As once the process has ended.
        const told = JSON.parse(readFileSync(lock, 'utf8'));
        writeFileSync(lock, JSON.stringify({ ...told, pid: 2 ** 22 + 12345 }));
      }
      const next = await joinIncident(at.root, id, at.options);
      await next.writer.close();
      const dir = path.join(at.root, id);
      const { events } = await readIncident(dir);
      const blobs = events.flatMap(({ event }) =>
        event.type === 'output.blob'
          ? [event.blob]
          : event.type === 'writer.recovered'
            ? event.output.map((one) => one.blob)
            : [],
      );
      assert.equal(
        blobs.map(({ sha256 }) => readFileSync(path.join(dir, 'blobs', sha256), 'utf8')).join(),
        shown,
      );
      assert.deepEqual((await verifyEvidence(dir)).problems, []);
      run('mount', '-o', 'remount,size=1m', at.root);
    }
  });

  it('that is read-only: says so, or goes on elsewhere', async () => {
    const writer = await openIncident(at.root, { id: 'a', title: 'ro' }, at.options);
    await runCell(writer, 'r1');
    await writer.close();
    assert.ok(run('mount', '-o', 'remount,ro', at.root));
    await assert.rejects(joinIncident(at.root, 'a', at.options), {
      code: 'evidence-unwritable',
      message: /EROFS/,
    });
    const other = path.join(at.base, 'other');
    const joined = await joinIncident(at.root, 'a', { ...at.options, fallback: async () => other });
    await runCell(joined.writer, 'r2');
    await joined.writer.close();
    assert.equal(joined.writer.incidentDir, path.join(other, 'a'));
    for (const dir of [path.join(at.root, 'a'), path.join(other, 'a')])
      assert.deepEqual((await verifyEvidence(dir)).problems, []);
  });
});
