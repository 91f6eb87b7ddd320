// Every change that a stranger must be able to see, made to a small incident.

import assert from 'node:assert/strict';
import path from 'node:path';
import { canonicalJson } from '../../src/evidence/format/canonicalJson.ts';
import { originOf, printCheckpoint } from '../../src/evidence/format/checkpoint.ts';
import { type SigningKey, signingKey } from '../../src/evidence/format/keys.ts';
import { GrowingTree, leafHash } from '../../src/evidence/format/merkle.ts';
import { printVerifierKey, signNote, verifierKey } from '../../src/evidence/format/signedNote.ts';
import { readSeen } from '../../src/evidence/read/readSeen.ts';
import type { Verification } from '../../src/evidence/read/verification.ts';
import { verifyIncident } from '../../src/evidence/read/verifyIncident.ts';
import { joinIncident } from '../../src/evidence/write/openIncident.ts';
import { type Files, loadFiles, memorySource } from './memorySource.ts';
import { type Place, place, runCell, smallIncident } from './support.ts';

const check = (files: Files, trust = {}): Promise<Verification> =>
  verifyIncident(memorySource('inc-1', files), trust);

describe('a tampered incident', () => {
  let at: Place;
  let files: Files;
  let log: string;
  let note: string;
  let lines: string[];
  let closing: { readonly note: string; readonly key: string };

  before(async () => {
    at = place();
    closing = await smallIncident(at);
    files = loadFiles(path.join(at.root, 'inc-1'));
    log = [...files.keys()].find((name) => name.endsWith('log.jsonl'))!;
    note = log.replace('log.jsonl', 'checkpoint');
    lines = files.get(log)!.toString('utf8').trimEnd().split('\n');
  });
  after(() => at.remove());

  const changed = (name: string, bytes: Buffer | string | undefined): Files => {
    const copy = new Map(files);
    if (bytes === undefined) copy.delete(name);
    else copy.set(name, Buffer.from(bytes));
    return copy;
  };
  const withLines = (changedLines: readonly string[]): Files =>
    changed(log, changedLines.map((line) => `${line}\n`).join(''));

  it('verifies before it is touched, and says what it can not prove', async () => {
    const { ok, problems, unproven, events, blobs } = await check(files);
    assert.deepEqual(problems, []);
    assert.ok(ok);
    assert.equal(events, lines.length);
    assert.equal(blobs, 2);
    assert.match(unproven.join('\n'), /no checkpoint that was handed out earlier was given/);
    const trusted = await check(files, { checkpoints: [closing.note], keys: [closing.key] });
    assert.deepEqual(trusted.problems, []);
    assert.deepEqual(trusted.unproven, []);
  });

  it('is caught at every byte of its log, with the event named', async function () {
    this.timeout(120_000);
    const bytes = files.get(log)!;
    let seq = 0;
    for (let index = 0; index < bytes.length; index += 1) {
      const copy = Buffer.from(bytes);
      copy[index] = copy[index]! ^ (1 << (index % 8));
      const { ok, problems } = await check(changed(log, copy));
      assert.ok(!ok, `byte ${index} was not missed`);
      const first = problems[0]!;
      const near = bytes[index] === 10 ? [seq, seq + 1] : [seq, seq - 1];
      assert.ok(near.includes(first.seq), `byte ${index} of event ${seq}: ${JSON.stringify(first)}`);
      if (bytes[index] === 10) seq += 1;
    }
  });

  it('is caught at every byte of its checkpoint', async () => {
    const bytes = files.get(note)!;
    for (let index = 0; index < bytes.length; index += 1) {
      for (const bit of [1, 32]) {
        const copy = Buffer.from(bytes);
        copy[index] = copy[index]! ^ bit;
        assert.ok(!(await check(changed(note, copy))).ok, `byte ${index} of the checkpoint`);
      }
    }
  });

  it('is caught with one byte of any blob, a longer, a shorter and a missing blob', async () => {
    for (const name of [...files.keys()].filter((one) => one.startsWith('blobs/'))) {
      const bytes = files.get(name)!;
      const flipped = Buffer.from(bytes);
      flipped[0] = flipped[0]! ^ 1;
      for (const [other, code] of [
        [flipped, 'blob-changed'],
        [Buffer.concat([bytes, bytes]), 'blob-size'],
        [bytes.subarray(1), 'blob-size'],
        [undefined, 'blob-missing'],
      ] as const) {
        const { problems } = await check(changed(name, other));
        assert.equal(problems[0]?.code, code);
        assert.match(lines[problems[0]!.seq]!, /output\.blob/, 'the event that points at it is named');
      }
    }
  });

  it('is caught when a line is dropped, doubled, swapped, edited or the log is cut', async () => {
    const last = lines.length - 1;
    const middle = lines.length >> 1;
    for (const index of [0, middle, last]) {
      const dropped = await check(withLines(lines.toSpliced(index, 1)));
      assert.equal(dropped.problems[0]?.seq, index, `dropped ${index}`);
      const doubled = await check(withLines(lines.toSpliced(index, 0, lines[index]!)));
      assert.equal(doubled.problems[0]?.seq, index + 1, `doubled ${index}`);
      const edited = await check(
        withLines(lines.with(index, lines[index]!.replace(/"time":"2/, '"time":"3'))),
      );
      assert.equal(edited.problems[0]?.seq, index, `edited ${index}`);
      const cut = await check(withLines(lines.slice(index + 1)));
      assert.ok(!cut.ok, `head cut at ${index}`);
      const tail = await check(withLines(lines.slice(0, index)));
      assert.equal(tail.problems[0]?.seq, index, `tail cut at ${index}`);
    }
    const swapped = await check(withLines(lines.with(2, lines[3]!).with(3, lines[2]!)));
    assert.equal(swapped.problems[0]?.seq, 2);
    assert.match(swapped.problems[0]!.message, /Event 2/);
  });

  it('is caught with a line that is long, not ended, not canonical, of another version or type', async () => {
    const cases: [string, string][] = [
      [lines.join('\n'), 'torn-line'],
      [`${lines.join('\n')}\n${'x'.repeat(5 * 1024 * 1024)}\n`, 'line-too-long'],
      [`${lines.with(1, lines[1]!.replace('{', '{ ')).join('\n')}\n`, 'not-canonical'],
      [`${lines.with(1, lines[1]!.replace('"v":1', '"v":1,"v":1')).join('\n')}\n`, 'not-canonical'],
      [`${lines.with(1, lines[1]!.replace('"v":1', '"v":2')).join('\n')}\n`, 'unknown-version'],
      [
        `${lines.with(1, lines[1]!.replace(/"type":"[^"]+"/, '"type":"cell.magic"')).join('\n')}\n`,
        'unknown-version',
      ],
      [`${lines.with(1, '['.repeat(1_000_000)).join('\n')}\n`, 'not-json'],
    ];
    for (const [text, code] of cases) assert.equal((await check(changed(log, text))).problems[0]?.code, code);
  });

  it('is caught with a file that has no place in it', async () => {
    for (const name of ['notes.txt', 'blobs/abc', `${log}.bak`, 'writers/x/y/z']) {
      assert.equal((await check(changed(name, 'x'))).problems[0]?.code, 'unknown-file', name);
    }
  });

  /** What the holder of a key can do: write the lines anew, chained and sealed. */
  const rebuilt = (events: readonly Record<string, unknown>[], key: SigningKey): Files => {
    const tree = new GrowingTree();
    const written: string[] = [];
    let prev: string | undefined;
    const origin = originOf('inc-1', String(events[0]!.writer));
    events.forEach((event, seq) => {
      const { prev: _, ...rest } = event;
      if (seq === 0) rest.key = printVerifierKey(verifierKey(origin, key.publicKey));
      const line = canonicalJson({ ...rest, seq, ...(prev ? { prev } : {}) });
      const hash = leafHash(Buffer.from(line));
      prev = hash.toString('base64');
      tree.append(hash);
      written.push(`${line}\n`);
    });
    const copy = changed(log, written.join(''));
    const text = printCheckpoint({ origin, size: tree.size, root: tree.root() });
    return copy.set(note, Buffer.from(signNote(text, origin, key)));
  };

  it('is caught when it was written anew, by what was handed out earlier, and listed as unproven without', async () => {
    const key = signingKey();
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const forged = rebuilt(
      events.map((event) => (event.type === 'note' ? { ...event, text: 'Nothing happened.' } : event)),
      key,
    );
    const alone = await check(forged);
    assert.deepEqual(alone.problems, [], 'a consistent log of another key can not be told from a true one');
    assert.match(alone.unproven.join('\n'), /could have written its log anew/);
    const withNote = await check(forged, { checkpoints: [closing.note] });
    assert.equal(withNote.problems[0]?.code, 'other-key');
    const withKey = await check(forged, { keys: [closing.key] });
    assert.equal(withKey.problems[0]?.code, 'unknown-key');
  });

  it('is caught when its own key wrote it anew, or an old checkpoint came back with its cut log', async () => {
    const key = signingKey();
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const genuine = rebuilt(events, key);
    const handedOut = genuine.get(note)!.toString();
    assert.deepEqual((await check(genuine, { checkpoints: [handedOut] })).problems, []);
    const anew = rebuilt(
      events.map((event) => (event.type === 'note' ? { ...event, text: 'x' } : event)),
      key,
    );
    assert.equal((await check(anew)).ok, true);
    assert.equal((await check(anew, { checkpoints: [handedOut] })).problems[0]?.code, 'rewritten');
    const early = events.findIndex((event) => event.type === 'checkpoint') + 1;
    const old = rebuilt(events.slice(0, early), key);
    assert.equal((await check(old)).ok, true);
    assert.match((await check(old)).unproven.join('\n'), /not closed/);
    assert.equal((await check(old, { checkpoints: [handedOut] })).problems[0]?.code, 'cut-tail');
  });

  it('is caught by another writer that saw a log that is gone, cut or written anew', async () => {
    const two = place();
    try {
      await smallIncident(two);
      const dir = path.join(two.root, 'inc-1');
      const { writer } = await joinIncident(two.root, 'inc-1', {
        ...two.options,
        actor: { user: 'grace', host: 'desk' },
      });
      await runCell(writer, 'g1');
      await writer.close();
      const both = loadFiles(dir);
      assert.deepEqual((await check(both)).problems, []);
      const [seen] = await readSeen(dir, writer.writer);
      const first = `writers/${seen!.writer}`;
      const without = new Map([...both].filter(([name]) => !name.startsWith(first)));
      assert.deepEqual(
        new Set((await check(without)).problems.map(({ code }) => code)),
        new Set(['writer-missing', 'never-opened']),
      );
    } finally {
      two.remove();
    }
  });
});
