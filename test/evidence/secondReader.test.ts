// A reader in another language, written from the format's document alone, must say the same of every mutation.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { verifyIncident } from '../../src/evidence/read/verifyIncident.ts';
import { joinIncident } from '../../src/evidence/write/openIncident.ts';
import { type Files, loadFiles, memorySource } from './memorySource.ts';
import { type Place, place, runCell, smallIncident } from './support.ts';

type Mutation = Record<string, string | null>;
const reader = path.join(import.meta.dirname, 'reader.py');
const python = spawnSync('python3', ['--version']);

describe('the second reader', function () {
  this.timeout(180_000);
  let at: Place;
  let dir: string;
  let files: Files;
  before(async function () {
    if (python.status !== 0) {
      console.log('      python3 is not here: the second reader can not run');
      this.skip();
    }
    at = place();
    ({ dir } = await smallIncident(at));
    const { writer } = await joinIncident(at.root, 'inc-1', {
      ...at.options,
      actor: { user: 'grace', host: 'desk', groups: ['sre'] },
    });
    await runCell(writer, 'g/1', 'größe\n');
    await writer.append({
      type: 'http.call',
      method: 'GET',
      url: 'http://x/',
      decision: 'run',
      status: 200,
      durationMs: 0.1 + 0.2,
      extra: { small: 1e-7, large: 1e21, é: '\u2028\u0001' },
    });
    await writer.append({
      type: 'object.before',
      object: { kind: 'Pod', name: 'x' },
      ...((await writer.putJson({ a: 1 })).blob && { blob: (await writer.putJson({ a: 1 })).blob }),
    });
    await writer.append({
      type: 'addendum',
      title: 'RCA',
      files: [{ name: 'rca.md', blob: (await writer.putText('# DNS')).blob }],
    });
    await writer.close();
    files = loadFiles(dir);
  });
  after(() => at?.remove());

  it('agrees on the untouched incident and on every mutation of it', async () => {
    const mutations = [...allMutations(files)];
    const answer = spawnSync('python3', [reader, '--mutations', dir], {
      input: mutations.map(({ change }) => `${JSON.stringify(change)}\n`).join(''),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    assert.equal(answer.status, 0, answer.stderr);
    const said = answer.stdout
      .trimEnd()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            ok: boolean;
            events: number;
            problems: { writer: string; seq: number; code: string }[];
          },
      );
    assert.equal(said.length, mutations.length);
    let caught = 0;
    for (const [index, { name, change, expectOk }] of mutations.entries()) {
      const ours = await verifyIncident(memorySource('inc-1', mutated(files, change)), {});
      const theirs = said[index]!;
      assert.equal(ours.ok, theirs.ok, `${name}: ${JSON.stringify([ours.problems, theirs.problems])}`);
      assert.equal(ours.ok, expectOk, `${name}: ${JSON.stringify(ours.problems)}`);
      if (ours.ok) continue;
      caught += 1;
      const first = ours.problems.find(({ writer }) => writer) ?? ours.problems[0]!;
      const same = theirs.problems.some(({ writer, seq }) => writer === first.writer && seq === first.seq);
      assert.ok(same, `${name}: ${JSON.stringify([first, theirs.problems])}`);
    }
    console.log(`      ${mutations.length} mutations, ${caught} caught by both`);
  });
});

function mutated(files: Files, change: Mutation): Files {
  const copy = new Map(files);
  for (const [name, bytes] of Object.entries(change)) {
    if (bytes === null) copy.delete(name);
    else copy.set(name, Buffer.from(bytes, 'base64'));
  }
  return copy;
}

function* allMutations(files: Files): Iterable<{ name: string; change: Mutation; expectOk: boolean }> {
  const base64 = (text: Buffer | string): string => Buffer.from(text).toString('base64');
  yield { name: 'none', change: {}, expectOk: true };
  for (const [name, bytes] of files) {
    const step = name.endsWith('log.jsonl') ? 61 : 17;
    for (let index = 0; index < bytes.length; index += step) {
      const copy = Buffer.from(bytes);
      copy[index] = copy[index]! ^ (1 << (index % 7));
      yield { name: `${name} byte ${index}`, change: { [name]: base64(copy) }, expectOk: false };
    }
    yield { name: `${name} gone`, change: { [name]: null }, expectOk: false };
    yield { name: `${name} empty`, change: { [name]: '' }, expectOk: false };
    yield {
      name: `${name} longer`,
      change: { [name]: base64(Buffer.concat([bytes, Buffer.from('x\n')])) },
      expectOk: false,
    };
    if (!name.endsWith('log.jsonl')) continue;
    const lines = bytes.toString().trimEnd().split('\n');
    const write = (changed: readonly string[]): Mutation => ({
      [name]: base64(changed.map((line) => `${line}\n`).join('')),
    });
    for (let index = 0; index < lines.length; index += 1) {
      yield { name: `${name} drop ${index}`, change: write(lines.toSpliced(index, 1)), expectOk: false };
      yield {
        name: `${name} double ${index}`,
        change: write(lines.toSpliced(index, 0, lines[index]!)),
        expectOk: false,
      };
      yield { name: `${name} cut ${index}`, change: write(lines.slice(0, index)), expectOk: false };
      yield { name: `${name} head ${index}`, change: write(lines.slice(index + 1)), expectOk: false };
      yield {
        name: `${name} edit ${index}`,
        change: write(lines.with(index, lines[index]!.replace('"time":"2', '"time":"1'))),
        expectOk: false,
      };
      const next = (index + 1) % lines.length;
      yield {
        name: `${name} swap ${index}`,
        change: write(lines.with(index, lines[next]!).with(next, lines[index]!)),
        expectOk: false,
      };
      for (const [from, to] of [
        ['"v":1', '"v":2'],
        ['"v":1', '"v":1.0'],
        ['"type":"', '"type":"x'],
        ['{', '{"a":1,'],
        ['"seq":', '"seq": '],
        ['"time":"', '"time":"+'],
      ]) {
        yield {
          name: `${name} ${from} to ${to} in ${index}`,
          change: write(lines.with(index, lines[index]!.replace(from!, to!))),
          expectOk: false,
        };
      }
    }
  }
  const sha256 = createHash('sha256').update('x').digest('hex');
  yield { name: 'a blob nobody names', change: { [`blobs/${sha256}`]: base64('x') }, expectOk: true };
  yield {
    name: 'a blob nobody names, of other bytes',
    change: { [`blobs/${'0'.repeat(64)}`]: base64('x') },
    expectOk: false,
  };
  yield { name: 'a stray file', change: { 'README.md': base64('x') }, expectOk: false };
  yield { name: 'an open stream', change: { 'writers/w/open/r.0.stdout': base64('x') }, expectOk: true };
}
