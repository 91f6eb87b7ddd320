import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import type { RunbookError } from '../../src/base/runbookError.ts';
import { addAddendum } from '../../src/evidence/keep/addAddendum.ts';
import { archiveIncident } from '../../src/evidence/keep/archiveIncident.ts';
import {
  eraseBlob,
  holdIncident,
  prunable,
  prunedIncidents,
  pruneIncident,
} from '../../src/evidence/keep/keeping.ts';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { openIncident } from '../../src/evidence/write/openIncident.ts';
import { incidentStatus, listIncidents } from '../../src/incident/incidentStatus.ts';
import { type Place, place, runCell, smallIncident } from './support.ts';

describe('keeping evidence', () => {
  let at: Place;
  beforeEach(() => {
    at = place();
  });
  afterEach(() => at.remove());

  it('lists what is there', async () => {
    assert.deepEqual(await listIncidents(at.root), []);
    await smallIncident(at);
    const open = await openIncident(at.root, { id: 'inc-2', title: 'Still open' }, at.options);
    await runCell(open, 'r');
    const [second, first] = await listIncidents(at.root);
    assert.deepEqual(
      [first!.id, first!.runs, first!.people, first!.severity],
      ['inc-1', { done: 1, failed: 0, open: 0 }, ['ada@laptop'], 'P1'],
    );
    assert.ok(first!.closedAt && !second!.closedAt);
    await open.close();
  });

  it('reads a log again only when it has grown', async () => {
    const open = await openIncident(at.root, { id: 'inc-2', title: 'Open' }, at.options);
    const before = await incidentStatus(open.incidentDir);
    assert.equal(await incidentStatus(open.incidentDir), before);
    await open.append({ type: 'note', text: 'seen' });
    assert.equal((await incidentStatus(open.incidentDir)).notes[0]!.text, 'seen');
    await open.close();
  });

  it('erases a blob for cause: the log still verifies, and says so', async () => {
    const { dir } = await smallIncident(at);
    const [blob] = readdirSync(path.join(dir, 'blobs'));
    await eraseBlob(at.root, 'inc-1', blob!, 'held a name', at.options);
    const { ok, problems, unproven } = await verifyEvidence(dir);
    assert.ok(ok, JSON.stringify(problems));
    assert.match(unproven.join('\n'), new RegExp(`${blob}.*erased for cause: held a name`));
    await assert.rejects(eraseBlob(at.root, 'inc-1', blob!, 'again', at.options), { code: 'blob-unknown' });
  });

  it('prunes what is closed and old, never what is held or open, and remembers it', async () => {
    const { dir } = await smallIncident(at);
    const later = Date.now() + 40 * 24 * 60 * 60 * 1000;
    assert.deepEqual(
      (await prunable(at.root, 30, later)).map(({ id }) => id),
      ['inc-1'],
    );
    assert.deepEqual(await prunable(at.root, 30), []);
    await holdIncident(at.root, 'inc-1', true, 'lawsuit', at.options);
    assert.deepEqual(await prunable(at.root, 30, later), []);
    await assert.rejects(pruneIncident(at.root, 'inc-1', 'old', at.options), { code: 'incident-held' });
    await holdIncident(at.root, 'inc-1', false, 'settled', at.options);
    assert.ok((await verifyEvidence(dir)).ok);
    await pruneIncident(at.root, 'inc-1', 'older than 30 days', at.options);
    assert.ok(!existsSync(dir));
    const [pruned] = await prunedIncidents(at.root);
    assert.deepEqual(
      [pruned!.pruned, pruned!.title, pruned!.reason],
      ['inc-1', 'Frontend down', 'older than 30 days'],
    );
    assert.ok(pruned!.writers[0]!.key.startsWith('runbook-notebooks/inc-1/'));
    assert.ok((await verifyEvidence(path.join(at.root, 'keeping'))).ok);
    const open = await openIncident(at.root, { id: 'inc-2', title: 't' }, at.options);
    await assert.rejects(pruneIncident(at.root, 'inc-2', 'x', at.options), { code: 'incident-open' });
    await open.close();
  });

  it('prunes no incident whose archive lacks what came later, unless that is wanted', async function () {
    this.timeout(30_000);
    await smallIncident(at);
    const later = Date.now() + 40 * 24 * 60 * 60 * 1000;
    const lacks = async (): Promise<string[] | undefined> =>
      (await prunable(at.root, 30, later))[0]!.outdated?.lacks.map(({ event }) => event.type);
    assert.equal(await lacks(), undefined, 'without an archive there is none that lacks anything');
    const archive = path.join(at.base, 'archive');
    const pack = await archiveIncident(at.root, 'inc-1', archive, at.options);
    assert.equal(await lacks(), undefined, 'what keeping itself writes is no loss');
    await addAddendum(at.root, 'inc-1', { title: 'RCA', text: 'It was DNS.', files: [] }, at.options);
    assert.deepEqual(await lacks(), ['addendum']);
    await assert.rejects(pruneIncident(at.root, 'inc-1', 'old', at.options), (error: RunbookError) => {
      assert.equal(error.code, 'archive-outdated');
      assert.match(error.message, new RegExp(`${pack.file}.*lacks 1 event \\(addendum\\)`));
      return true;
    });
    await archiveIncident(at.root, 'inc-1', archive, at.options);
    assert.equal(await lacks(), undefined, 'archived again');

    // From a machine whose clock is behind: later all the same, by what the archive holds.
    const behind = { ...at.options, clock: { ...systemClock, now: () => Date.now() - 3_600_000 } };
    await addAddendum(at.root, 'inc-1', { title: 'Behind', text: 'x', files: [] }, behind);
    assert.deepEqual(await lacks(), ['addendum']);
    await pruneIncident(at.root, 'inc-1', 'old', { ...at.options, withOutdatedArchive: true });
    assert.ok(!existsSync(path.join(at.root, 'inc-1')));
  });

  it('adds the RCA after the close, signed, and archives', async function () {
    this.timeout(30_000);
    const { dir } = await smallIncident(at);
    const rca = path.join(at.base, 'rca.md');
    writeFileSync(rca, '# RCA\nIt was DNS. password=hunter2hunter2\n');
    const sealed = await addAddendum(at.root, 'inc-1', { title: 'RCA', files: [rca] }, at.options);
    assert.ok((await verifyEvidence(dir, { checkpoints: [sealed.note] })).ok);
    const pack = await archiveIncident(at.root, 'inc-1', path.join(at.base, 'archive'), at.options);
    assert.ok((await verifyEvidence(pack.file, { checkpoints: [sealed.note] })).ok);
  });
});
