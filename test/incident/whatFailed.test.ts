// The line that says what failed in a cell, from what bash tells of it.

import assert from 'node:assert/strict';
import { whatFailed } from '../../src/incident/cellOutcome.ts';
import { withSession } from '../kernel/harness.ts';

describe('what failed', () => {
  const told = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      withSession(async ({ run }) => resolve(whatFailed((await run(text)).result))).catch(reject);
    });

  it('names the stage of a pipeline whose status it is', async () => {
    assert.equal(await told('true | (exit 3)'), 'Failed: a command failed (3) on line 1.');
    assert.equal(await told('echo hi |\n  /usr/bin/env false\ntrue'), 'Failed: env failed (1) on line 2.');
  });

  it('names the one of a list that failed', async () => {
    assert.equal(await told('cd /tmp; ls /nowhere'), 'Failed: ls failed (2) on line 1.');
    assert.equal(await told('cd /tmp && true && ls /nowhere'), 'Failed: ls failed (2) on line 1.');
  });

  it('names a command once: not at each turn of a loop, and not what encloses it', async () => {
    const loop = 'for one in 1 2; do\n  ls /nowhere\ndone\nls /nowhere \\\n  /elsewhere';
    // bash 3.2 counts the lines of a loop otherwise.
    assert.match(await told(loop), /^Failed: ls failed \(2\) on line [12]; ls failed \(2\) on line [45]\.$/);
  });

  it('says of a search that it found nothing', async () => {
    assert.equal(await told('echo hi | grep ho\necho hi'), 'Failed: grep found nothing (1) on line 1.');
    assert.equal(await told('grep ho /nowhere\ntrue'), 'Failed: grep failed (2) on line 1.');
  });
});
