// What `runbook incident …` says and refuses, where it matters who and when.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { reviewCells } from '../../src/editor/review/reviewCells.ts';
import { reportHtml } from '../../src/evidence/pack/reportHtml.ts';
import { openReview } from '../../src/incident/review/openReview.ts';

const program = path.resolve('dist/cli/runbook.js');

describe('runbook incident', function () {
  this.timeout(120_000);
  const base = mkdtempSync(path.join(tmpdir(), 'runbook-incident-'));
  const evidence = path.join(base, 'evidence');
  after(() => rmSync(base, { recursive: true, force: true }));

  const runbook = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((resolve) =>
      execFile(
        process.execPath,
        [program, 'incident', ...args, '--evidence', evidence],
        { env: { ...process.env, XDG_STATE_HOME: path.join(base, 'state') } },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
      ),
    );

  it('says of a take-over that it was another than the one it was handed to, and refuses nobody', async () => {
    await runbook('open', '--title', 'Queue', '--id', 'queue', '--commander', 'ada');
    await runbook('handover', 'queue', 'look', 'at', 'it', '--to', 'Grace');
    const bob = await runbook('join', 'queue', '--take-over', '--as', 'bob');
    assert.equal(bob.code, 0, bob.stderr);
    assert.match(bob.stderr, /You took over as bob, in the place of Grace: the log says so/);
    assert.match(bob.stdout, /^commander bob, in the place of Grace$/m);
    const { stdout } = await runbook('status', 'queue', '--json');
    const { from, to, by } = JSON.parse(stdout).takenOver;
    assert.deepEqual([from, to, by], ['ada', 'Grace', 'bob']);

    // However the name is written, it is the one who was named.
    await runbook('handover', 'queue', 'go', 'on', '--to', 'Grace');
    const grace = await runbook('join', 'queue', '--take-over', '--as', ' grace');
    assert.doesNotMatch(grace.stderr, /in the place of/);
    assert.match(grace.stdout, /^commander grace$/m);

    const review = await openReview(path.join(evidence, 'queue'));
    try {
      const told = (await reviewCells(review)).map(({ value }) => value).join('\n');
      assert.match(told, /handed over by ada to Grace, taken over by bob in their place · /);
      assert.match(told, /handed over by bob to Grace, taken over by grace · /);
      assert.match(told, /bob took over from ada, who had handed it over to Grace/);
      const report = await reportHtml(review.content, review.verification);
      assert.match(report, /handed over by ada to Grace, taken over by bob in their place <a/);
    } finally {
      review.close();
    }
  });

  it('prunes no incident whose archive lacks an addendum, says which, and takes a word for it', async () => {
    await runbook('open', '--title', 'Old', '--id', 'old');
    await runbook('close', 'old', '--summary', 'done');
    await runbook('archive', 'old', '--to', path.join(base, 'archive'));
    await runbook('addendum', 'old', '--title', 'RCA', '--text', 'It was DNS.');
    const prune = (...more: string[]) => runbook('prune', '--older-than', '0', '--reason', 'age', ...more);
    const kept = await prune('--yes');
    assert.equal(kept.code, 1);
    assert.match(
      kept.stderr,
      /kept old: its archive \S+old\.zip lacks 1 event \(addendum\) recorded since\. Archive it again, or add --outdated-archives/,
    );
    assert.match((await runbook('status', 'old')).stdout, /^old /);
    const gone = await prune('--yes', '--outdated-archives');
    assert.equal(gone.code, 0, gone.stderr);
    assert.match(gone.stdout, /^pruned {2}old .*LOST: 1 event \(addendum\)/m);
  });
});
