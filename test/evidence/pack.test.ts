// A pack is accepted by a generic BagIt reader, verifies, and no change of it goes unseen.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { unzipSync, zipSync } from 'fflate';
import { addAddendum } from '../../src/evidence/keep/addAddendum.ts';
import { makePack } from '../../src/evidence/pack/makePack.ts';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { openIncident } from '../../src/evidence/write/openIncident.ts';
import { type Place, place, runCell, smallIncident } from './support.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes!).toString('utf8');

describe('a pack', function () {
  this.timeout(60_000);
  let at: Place;
  let file: string;
  let made: Awaited<ReturnType<typeof makePack>>;
  let entries: Record<string, Uint8Array>;

  before(async () => {
    at = place();
    const writer = await openIncident(
      at.root,
      { id: 'inc-1', title: 'Frontend <down> & out', severity: 'P1', alert: 'FrontendDown' },
      at.options,
    );
    await writer.append({ type: 'alert.state', alert: 'FrontendDown', state: 'firing' });
    await runCell(writer, 'run-1', '\x1b[31mred\x1b[0m <script>alert(1)</script>\n', 'oops\n');
    await writer.append({
      type: 'object.before',
      run: 'run-1',
      object: { kind: 'Deployment', namespace: 'aureus', name: 'frontend' },
      blob: (await writer.putJson({ spec: { replicas: 1 } })).blob,
    });
    await writer.append({
      type: 'object.after',
      run: 'run-1',
      object: { kind: 'Deployment', namespace: 'aureus', name: 'frontend' },
      blob: (await writer.putJson({ spec: { replicas: 3 } })).blob,
    });
    await writer.append({
      type: 'approval',
      request: 'r1',
      decision: 'approved',
      by: 'grace',
      covers: ['kubectl scale'],
    });
    await writer.append({ type: 'note', text: 'Scaled | it\nup' });
    await writer.closeIncident('It was DNS.');
    file = path.join(at.base, 'out', 'inc-1.zip');
    made = await makePack(at.root, 'inc-1', file, at.options);
    entries = unzipSync(readFileSync(file));
  });
  after(() => at.remove());

  const repacked = async (change: (files: Record<string, Uint8Array>) => void, name = 'changed.zip') => {
    const files = Object.fromEntries(
      Object.entries(entries).map(([key, bytes]) => [key, Uint8Array.from(bytes)]),
    );
    change(files);
    const to = path.join(at.base, name);
    writeFileSync(to, zipSync(files, { level: 1 }));
    return verifyEvidence(to);
  };
  /** What someone does who knows the format and has no key. */
  const withManifests = (files: Record<string, Uint8Array>): void => {
    const line = (name: string): string => `${sha256(files[`inc-1/${name}`]!)}  ${name}\n`;
    const names = Object.keys(files).map((name) => name.slice('inc-1/'.length));
    files['inc-1/manifest-sha256.txt'] = Buffer.from(
      names
        .filter((name) => name.startsWith('data/'))
        .sort()
        .map(line)
        .join(''),
    );
    files['inc-1/tagmanifest-sha256.txt'] = Buffer.from(
      ['bag-info.txt', 'bagit.txt', 'manifest-sha256.txt'].map(line).join(''),
    );
  };

  it('verifies, alone and with the checkpoint that was handed out', async () => {
    const alone = await verifyEvidence(file);
    assert.deepEqual(alone.problems, []);
    assert.ok(alone.events > 10 && alone.blobs >= 4);
    const trusted = await verifyEvidence(file, { checkpoints: [made.note] });
    assert.deepEqual(trusted.problems, []);
    assert.equal((await verifyEvidence(path.join(at.root, 'inc-1'), { checkpoints: [made.note] })).ok, true);
  });

  it('is a complete and valid bag', () => {
    assert.equal(
      text(entries['inc-1/bagit.txt']),
      'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
    );
    for (const name of ['manifest-sha256.txt', 'tagmanifest-sha256.txt']) {
      const lines = text(entries[`inc-1/${name}`]).trimEnd().split('\n');
      for (const line of lines) {
        const [hash, listed] = line.split('  ');
        assert.equal(sha256(entries[`inc-1/${listed}`]!), hash, listed);
      }
      if (name.startsWith('manifest'))
        assert.equal(
          lines.length,
          Object.keys(entries).filter((entry) => entry.startsWith('inc-1/data/')).length,
        );
    }
    const [, oxum] = /Payload-Oxum: (.+)/.exec(text(entries['inc-1/bag-info.txt']))!;
    const payload = Object.entries(entries).filter(([name]) => name.startsWith('inc-1/data/'));
    assert.equal(oxum, `${payload.reduce((sum, [, bytes]) => sum + bytes.length, 0)}.${payload.length}`);
  });

  it('is valid to a checker that knows BagIt and nothing of incidents', async function () {
    const python = spawnSync('python3', ['--version']);
    if (python.error) return this.skip();
    const folder = path.join(at.base, 'bag');
    for (const [name, bytes] of Object.entries(entries)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), bytes);
    }
    const check = (): string =>
      spawnSync('python3', [path.join(import.meta.dirname, 'bag.py'), path.join(folder, 'inc-1')], {
        encoding: 'utf8',
      }).stdout.trim();
    assert.equal(check(), 'valid');
    writeFileSync(path.join(folder, 'inc-1/data/rca.md'), 'another');
    assert.match(check(), /rca\.md has another digest/);
  });

  it('holds what people read, each claim with its event', () => {
    assert.match(
      text(entries['inc-1/data/timeline.md']),
      /\| grace \| Approval r1: approved \| ada-laptop-[0-9a-f]+#\d+ \|/,
    );
    assert.match(
      text(entries['inc-1/data/impact-assessment.md']),
      /Alert FrontendDown was firing at .* \(ada-laptop-[0-9a-f]+#\d+\)/,
    );
    assert.match(text(entries['inc-1/data/rca.md']), /To fill in: the cause/);
    for (const draft of ['impact-assessment.md', 'rca.md']) {
      const claims = text(entries[`inc-1/data/${draft}`])
        .split('\n')
        .filter(
          (line) =>
            /^\s*- /.test(line) && !/To fill in|none is recorded|no cluster|Objects changed: $/.test(line),
        );
      assert.ok(claims.length >= 4, draft);
      for (const claim of claims) assert.match(claim, /\(ada-laptop-[0-9a-f]+#\d+\)|Every cell/, claim);
    }
    const [change] = JSON.parse(text(entries['inc-1/data/changes.json'])) as {
      object: string;
      diff: string;
    }[];
    assert.equal(change!.object, 'Deployment aureus/frontend');
    assert.match(change!.diff, /^-\s+"replicas": 1$[\s\S]*^\+\s+"replicas": 3$/m);
    assert.equal((JSON.parse(text(entries['inc-1/data/approvals.json'])) as unknown[]).length, 1);
    assert.ok(
      Object.keys(entries).some((name) => /^inc-1\/data\/logs\/echo-hello-\d{8}T\d{6}\.log$/.test(name)),
      Object.keys(entries).join('\n'),
    );
  });

  it('has a report that needs nothing else and lets no output speak as markup', () => {
    const report = text(entries['inc-1/data/report.html']);
    assert.match(report, /<title>Frontend &#60;down&#62; &#38; out/);
    assert.ok(!report.includes('<script'), 'output is text');
    assert.match(report, /<span class="c-red">red<\/span>/);
    assert.ok(!/(?:src|href)="(?!#)/.test(report), 'nothing is fetched');
    assert.match(report, /✓ verified when this report was made/);
    assert.match(report, /<html lang="en">[\s\S]*<main>[\s\S]*<h2 id="timeline">/);
  });

  it('shows every change of any of its files', async () => {
    for (const name of Object.keys(entries)) {
      const flipped = await repacked((files) => {
        files[name]![files[name]!.length >> 1]! ^= 1;
      });
      assert.ok(!flipped.ok, `${name} changed`);
      const gone = await repacked((files) => {
        delete files[name];
      });
      assert.ok(!gone.ok, `${name} gone`);
    }
    assert.ok(
      !(
        await repacked((files) => {
          files['inc-1/data/extra.txt'] = Buffer.from('x');
        })
      ).ok,
    );
    assert.ok(
      !(
        await repacked((files) => {
          files['inc-1/extra.txt'] = Buffer.from('x');
        })
      ).ok,
    );
  });

  it('shows an edited report with its manifest remade', async () => {
    const { problems } = await repacked((files) => {
      files['inc-1/data/report.html'] = Buffer.from(
        text(files['inc-1/data/report.html']).replace('It was DNS.', 'Nobody was hurt.'),
      );
      withManifests(files);
    });
    assert.equal(problems[0]?.code, 'seal');
    assert.match(problems[0]!.message, /manifest made anew/);
  });

  it('shows the pack of another incident under its name, and is told apart by a checkpoint', async () => {
    const other = place();
    try {
      await smallIncident(other);
      const swapped = path.join(other.base, 'inc-1.zip');
      await makePack(other.root, 'inc-1', swapped, other.options);
      assert.ok((await verifyEvidence(swapped)).ok, 'it is a good pack of its own');
      assert.equal(
        (await verifyEvidence(swapped, { checkpoints: [made.note] })).problems[0]?.code,
        'other-checkpoint',
      );
      assert.equal(
        (await verifyEvidence(swapped, { keys: [made.verifierKey] })).problems[0]?.code,
        'unknown-key',
      );
    } finally {
      other.remove();
    }
  });

  it('is refused when it is hostile, in bounded time', async () => {
    const bad = (
      name: string,
      bytes = 'x',
    ): Promise<{ problems: readonly { code: string; message: string }[] }> =>
      repacked((files) => {
        files[name] = Buffer.from(bytes);
      });
    for (const name of [
      '../evil',
      '/etc/evil',
      'inc-1/../../evil',
      'inc-1\\evil',
      'C:/evil',
      'inc-1/a//b',
      'inc-1/./b',
      'other/x',
      `inc-1/${'d/'.repeat(40)}x`,
      `inc-1/${'n'.repeat(600)}`,
      'inc-1/BAGIT.txt',
    ]) {
      const { problems } = await bad(name);
      assert.equal(problems[0]?.code, 'pack-refused', `${name}: ${JSON.stringify(problems)}`);
    }
    const garbage = path.join(at.base, 'garbage.zip');
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('PK'),
      Buffer.alloc(100_000, 0x50),
      readFileSync(file).subarray(0, -30),
      readFileSync(file).subarray(30),
    ]) {
      writeFileSync(garbage, bytes);
      assert.equal((await verifyEvidence(garbage)).problems[0]?.code, 'pack-refused');
    }
    // A directory that claims more than its bytes can hold.
    const bomb = Buffer.from(readFileSync(file));
    const central = bomb.indexOf(Buffer.from('504b0102', 'hex'));
    bomb.writeUInt32LE(0xfffffff0, central + 24);
    writeFileSync(garbage, bomb);
    assert.equal((await verifyEvidence(garbage)).ok, false);
    // Links.
    const link = Buffer.from(readFileSync(file));
    link.writeUInt32LE(0o120777 * 0x10000, central + 38);
    writeFileSync(garbage, link);
    assert.match((await verifyEvidence(garbage)).problems[0]!.message, /link or a device/);
    await assert.rejects(verifyEvidence(path.join(at.base, 'absent')), { code: 'evidence-unreadable' });
    mkdirSync(path.join(at.base, 'empty'));
    assert.equal((await verifyEvidence(path.join(at.base, 'empty'))).problems[0]?.code, 'no-log');
  });

  it('is made and verifies while others write, seal and join: of all logs as they stood at one moment', async () => {
    const live = place();
    const writer = await openIncident(live.root, { id: 'inc-2', title: 'Going on' }, live.options);
    await runCell(writer, 'run-1');
    let goesOn = true;
    const writing = (async () => {
      for (let count = 1; goesOn; count += 1) {
        await writer.append({ type: 'alert.state', alert: 'FrontendDown', state: `seen ${count} times` });
        if (count % 7 === 0) await writer.checkpoint();
        if (count % 11 === 0)
          await addAddendum(live.root, 'inc-2', { title: 'And', text: 'so on', files: [] }, live.options);
        await delay(1);
      }
    })();
    try {
      for (let count = 0; count < 5; count += 1) {
        const { file: out } = await makePack(
          live.root,
          'inc-2',
          path.join(live.base, 'live.zip'),
          live.options,
        );
        assert.deepEqual((await verifyEvidence(out)).problems, []);
        assert.deepEqual((await verifyEvidence(path.join(live.root, 'inc-2'))).problems, []);
      }
    } finally {
      goesOn = false;
      await writing;
      await writer.close();
      live.remove();
    }
  });
});
