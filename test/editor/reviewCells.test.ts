import assert from 'node:assert/strict';
import { appendFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { type ReviewCell, reviewCells } from '../../src/editor/review/reviewCells.ts';
import { makePack } from '../../src/evidence/pack/makePack.ts';
import { incidentStatus } from '../../src/incident/incidentStatus.ts';
import { cellNow } from '../../src/incident/review/cellNow.ts';
import { noFilter, showsIncident, showsRun } from '../../src/incident/review/incidentFilter.ts';
import { openReview, type Review } from '../../src/incident/review/openReview.ts';
import { runsIn } from '../../src/incident/review/runIndex.ts';
import { runText } from '../../src/incident/review/runText.ts';
import { loadRunbook } from '../../src/incident/runbook.ts';
import { demoIncident } from '../evidence/demoIncident.ts';
import { type Place, place } from '../evidence/support.ts';

describe('the review of an incident', () => {
  let at: Place;
  let dir: string;
  let review: Review;
  let cells: ReviewCell[];
  before(async () => {
    at = place();
    ({ dir } = await demoIncident(at, '/work/frontend.runbook.md'));
    review = await openReview(dir);
    cells = await reviewCells(review);
  });
  after(() => {
    review.close();
    at.remove();
  });
  const above = (run: string): string =>
    cells.find((cell) => cell.run === run && cell.kind === 'markup')!.value;
  const code = (run: string): ReviewCell => cells.find((cell) => cell.run === run && cell.kind === 'code')!;

  it('begins with the verdict of a real verification', async () => {
    assert.match(cells[0]!.value, /✓ \*\*Verified\*\* at .* 34 events of 2 writers/);
    const [writer] = readdirSync(path.join(dir, 'writers'));
    const other = place();
    const { dir: broken } = await demoIncident(other, '/work/frontend.runbook.md');
    const [name] = readdirSync(path.join(broken, 'writers'));
    appendFileSync(path.join(broken, 'writers', name!, 'log.jsonl'), '{}\n');
    const opened = await openReview(broken);
    assert.match((await reviewCells(opened))[0]!.value, /✗ \*\*DOES NOT VERIFY\*\*/);
    opened.close();
    other.remove();
    assert.ok(writer);
  });

  it('shows each run with its cell as it was, who, where, how it ended and what it said', () => {
    assert.match(above('r-logs'), /^## ✗ .* Logs/);
    assert.match(above('r-logs'), /\*\*ada@laptop\*\* ran it on `practice\/shop` \(counts as production\)/);
    assert.match(above('r-logs'), /failed with exit status 1 after/);
    assert.match(
      above('r-logs'),
      /As it was run:\n\n```bash\nkubectl logs deploy\/frontend -n shop --previous/,
    );
    assert.match(code('r-logs').value, /-n <namespace> --previous/);
    assert.match(code('r-logs').outputs![0]!.text, /previous terminated container/);
    assert.equal(code('r-logs').ran!.ok, false);
  });

  it('tells question, answer, approval and gate, and shows objects as diffs', () => {
    const told = above('r-undo');
    assert.match(told, /Asked \(type-name\): Run “Roll back”\? \*\*yes\*\*.*: ada asked for it/);
    assert.match(told, /Approval: \*\*approved\*\* by ada/);
    assert.match(told, /`kubectl rollout undo deploy\/frontend -n shop` \(change\): shown before/);
    const diff = cells.find((cell) => cell.change === 0)!;
    assert.equal(diff.language, 'diff');
    assert.match(diff.value, /-\s+image: shop\/frontend:2\.1\.0\n\+\s+image: shop\/frontend:2\.0\.4/);
  });

  it('lets nothing of the evidence be more than words', () => {
    const all = cells.filter(({ kind }) => kind === 'markup').map(({ value }) => value);
    assert.ok(all.some((value) => value.includes('evil.example')));
    for (const value of all) assert.doesNotMatch(value, /(?<!\\)!\[|(?<!\\)\]\(|(?<!\\)<img/);
  });

  it('reads a pack as it reads a folder', async () => {
    const file = path.join(at.base, 'demo.zip');
    await makePack(at.root, 'demo-1', file, at.options);
    const pack = await openReview(file);
    try {
      assert.ok(pack.verification.ok, JSON.stringify(pack.verification.problems));
      const again = await reviewCells(pack);
      const runs = (list: ReviewCell[]) => list.filter(({ run }) => run !== undefined);
      assert.deepEqual(runs(again), runs(cells));
    } finally {
      pack.close();
    }
  });

  it('filters by severity, alert, person, failure and change', async () => {
    const incident = await incidentStatus(dir);
    const runs = await runsIn(dir);
    const shows = (filter: object): boolean => showsIncident({ ...noFilter, ...filter }, incident, runs);
    assert.deepEqual(
      [{ severities: ['P1'] }, { alerts: ['FrontendDown'] }, { people: ['grace@desk'] }].map(shows),
      [true, true, true],
    );
    assert.deepEqual([{ severities: ['P2'] }, { alerts: ['Other'] }, { people: ['eve@x'] }].map(shows), [
      false,
      false,
      false,
    ]);
    const only = (filter: object): string[] =>
      runs.filter((run) => showsRun({ ...noFilter, ...filter }, run)).map(({ run }) => run);
    assert.deepEqual(only({ failed: true }), ['r-logs']);
    assert.deepEqual(only({ changes: true }), ['r-undo']);
    assert.deepEqual(only({ people: ['grace@desk'] }), ['r-undo']);
    assert.ok(shows({ failed: true, changes: false }) && !shows({ failed: true, changes: true }));
  });

  it('finds the cell of a run in the runbook of today, changed or not', () => {
    const text = (command: string) =>
      Buffer.from(`# Frontend\n\n## Look\n\n\`\`\`bash\n${command}\n\`\`\`\n`);
    const [look] = review.runs;
    const same = loadRunbook(text('kubectl get pods -n shop'), '/work/frontend.runbook.md');
    assert.equal(cellNow(same, look!)?.isSame, true);
    const changed = loadRunbook(text('kubectl get pods -n shop -o wide'), '/work/frontend.runbook.md');
    assert.equal(cellNow(changed, look!)?.isSame, false);
    assert.equal(
      cellNow(loadRunbook(Buffer.from('# Other\n'), '/work/frontend.runbook.md'), look!),
      undefined,
    );
  });

  it('puts two runs of a cell side by side as texts', () => {
    const [one, other] = review.runs.filter(({ cell }) => cell.headings?.at(-1) === 'Look');
    const texts = [runText(one!, 'out 1'), runText(other!, 'out 2')];
    assert.match(texts[0]!, /kubectl get pods -n shop\n\n# output\nout 1/);
    assert.notEqual(texts[0], texts[1]);
  });
});
