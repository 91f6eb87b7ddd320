// What a run had put out when its host died is shown before anybody makes its writer whole.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readUnfinished, unfinishedOutput } from '../../src/incident/unfinishedOutput.ts';

describe('unfinished output', () => {
  let dir: string;
  let open: string;
  const recorded = { writer: 'w', writerEnded: false, run: 'r-1', blobs: [] };
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'unfinished-'));
    open = path.join(dir, 'writers/w/open');
    mkdirSync(open, { recursive: true });
    writeFileSync(path.join(open, 'r-1.0.stdout'), 'one\n');
    writeFileSync(path.join(open, 'r-1.0.stderr'), '');
    writeFileSync(path.join(open, 'r-10.0.stdout'), 'of another run\n');
    writeFileSync(path.join(open, 'part-abc'), 'x');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('is that of the run alone', async () => {
    const found = unfinishedOutput({ ...recorded, dir });
    assert.deepEqual(
      found.map(({ stream, bytes }) => [stream, bytes]),
      [['stdout', 4]],
    );
    writeFileSync(path.join(open, 'r-1.0.stdout'), 'one\nand what came later\n');
    const chunks: Uint8Array[] = [];
    for await (const chunk of readUnfinished(found[0]!)) chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).toString(), 'one\n');
  });

  it('is none where the writer has ended, or where the blob of it is recorded already', () => {
    assert.deepEqual(unfinishedOutput({ ...recorded, dir, writerEnded: true }), []);
    const blobs = [{ stream: 'stdout', blob: { sha256: 'a'.repeat(64), bytes: 4 } }] as const;
    assert.deepEqual(unfinishedOutput({ ...recorded, dir, blobs }), []);
    assert.deepEqual(unfinishedOutput({ ...recorded, dir: path.join(dir, 'nowhere') }), []);
  });

  it('is none behind a link, which leads anywhere in a folder from elsewhere', () => {
    rmSync(path.join(open, 'r-1.0.stdout'));
    symlinkSync('/etc/passwd', path.join(open, 'r-1.0.stdout'));
    assert.deepEqual(unfinishedOutput({ ...recorded, dir }), []);
  });
});
