// An incident from elsewhere, where it meets what is written here: nothing of one's own is replaced, nothing is left
// lying about, and several who receive it at once do each other no harm.

import assert from 'node:assert/strict';
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '../../src/evidence/format/canonicalJson.ts';
import { leafHash } from '../../src/evidence/format/merkle.ts';
import { verifyEvidence } from '../../src/evidence/read/verifyEvidence.ts';
import { joinIncident, openIncident } from '../../src/evidence/write/openIncident.ts';
import { receiveBundle } from '../../src/incident/receiveBundle.ts';
import { type Place, place, runCell } from '../evidence/support.ts';

describe('an incident that is received', () => {
  let at: Place;
  beforeEach(() => {
    at = place();
  });
  afterEach(() => at.remove());

  const stray = (dir: string): string[] =>
    readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => /part|receiving/.test(name));

  it('comes whole to several who receive it at once, and leaves no drafts', async () => {
    const writer = await openIncident(at.root, { id: 'inc', title: 't' }, at.options);
    for (let run = 0; run < 5; run += 1) await runCell(writer, `r${run}`, `output ${run}\n`);
    await writer.close();
    const there = path.join(at.base, 'there');
    const from = path.join(at.root, 'inc');
    await Promise.all(Array.from({ length: 4 }, () => receiveBundle(from, there)));
    assert.deepEqual((await verifyEvidence(path.join(there, 'inc'))).problems, []);
    assert.deepEqual(stray(there), []);
    assert.deepEqual(await receiveBundle(from, there), { id: 'inc', writers: 0, blobs: 0 });

    // Cut short between a log and its seal, it is made whole by the next time.
    const [own] = readdirSync(path.join(there, 'inc/writers'));
    rmSync(path.join(there, 'inc/writers', own!, 'checkpoint'));
    assert.equal((await receiveBundle(from, there)).writers, 1);
    assert.deepEqual((await verifyEvidence(path.join(there, 'inc'))).problems, []);
  });

  it('adds nothing to a log whose writer is here', async () => {
    const writer = await openIncident(at.root, { id: 'inc', title: 't' }, at.options);
    await runCell(writer, 'r1');
    const made = path.join(at.base, 'made/inc');
    cpSync(path.join(at.root, 'inc'), made, { recursive: true });
    const log = path.join(made, 'writers', writer.writer, 'log.jsonl');
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    const prev = leafHash(Buffer.from(lines.at(-1)!)).toString('base64');
    const time = new Date().toISOString();
    const event = { v: 1, seq: lines.length, time, type: 'note', text: 'never said', prev };
    appendFileSync(log, `${canonicalJson(event)}\n`);
    assert.ok((await verifyEvidence(made)).ok, 'what is not sealed proves nothing, and is no error');

    await assert.rejects(receiveBundle(made, at.root), { code: 'bundle-conflict' });
    await writer.append({ type: 'note', text: 'said' });
    await writer.close();
    const { problems } = await verifyEvidence(path.join(at.root, 'inc'));
    assert.deepEqual(problems, []);
    const own = readFileSync(path.join(at.root, 'inc/writers', writer.writer, 'log.jsonl'), 'utf8');
    assert.ok(own.includes('"said"') && !own.includes('never said'));
  });

  it('is verified as it is taken over, though it is written to meanwhile', async () => {
    const writer = await openIncident(at.root, { id: 'inc', title: 't' }, at.options);
    const there = path.join(at.base, 'there');
    let goesOn = true;
    const writing = (async () => {
      for (let count = 0; goesOn; count += 1) {
        await writer.append({ type: 'note', text: `note ${count}` });
        if (count % 5 === 0) await writer.checkpoint();
        if (count % 9 === 0) await (await joinIncident(at.root, 'inc', at.options)).writer.close();
      }
    })();
    try {
      for (let count = 0; count < 5; count += 1) {
        await receiveBundle(path.join(at.root, 'inc'), there);
        assert.deepEqual((await verifyEvidence(path.join(there, 'inc'))).problems, []);
      }
    } finally {
      goesOn = false;
      await writing;
      await writer.close();
    }
  });
});
