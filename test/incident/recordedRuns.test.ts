// Which cell of the document a recorded run is of: told by its text, of which the log holds no credential.

import assert from 'node:assert/strict';
import { mayBeCutFrom } from '../../src/evidence/redact/commitment.ts';
import { lastRunsOf, recordedRuns } from '../../src/incident/recordedRuns.ts';
import { loadRunbook } from '../../src/incident/runbook.ts';
import { bash, withNotebook } from './sessionBench.ts';

describe('a recorded run', function () {
  this.timeout(60_000);

  it('is found for a cell whose text holds a credential', async () => {
    await withNotebook(async ({ run, incident }) => {
      const text = bash('export DB_PASSWORD="kX7vPq92LmZt"\necho ready');
      await run(text);
      const runs = await recordedRuns(incident.folder);
      assert.match(runs[0]!.source, /^export DB_PASSWORD="\[cut [^\]]+\]"\necho ready$/);
      const found = (written: string): number =>
        lastRunsOf(runs, 'test.runbook.md', loadRunbook(Buffer.from(written), '/test.runbook.md').cells).size;
      assert.equal(found(text), 1);
      assert.equal(found(text.replace('ready', 'edited')), 0);
      assert.equal(found(text.replace('# Test', '# Another')), 0);
    });
  });

  it('is compared around what was cut', () => {
    const mark = '[cut secret-value 0123456789ab]';
    for (const [cut, text, may] of [
      ['a b', 'a b', true],
      ['a b', 'a c', false],
      [`a ${mark} b`, 'a x b', true],
      [`a ${mark} b`, 'a  b', false],
      [`a ${mark} b`, 'a x b c', false],
      [mark, 'x', true],
      [mark, '', false],
      [`${mark}${mark}`, 'xy', true],
      [`${mark}${mark}`, 'x', false],
      [`a${mark}bb${mark}`, 'a1bb2', true],
      [`a${mark}b${mark}b`, 'a1b2b', true],
      [`a${mark}a`, 'a', false],
    ] as const) {
      assert.equal(mayBeCutFrom(cut, text), may, `${cut} of ${text}`);
    }
  });
});
