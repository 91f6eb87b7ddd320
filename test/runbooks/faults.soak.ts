import assert from 'node:assert/strict';
import { faults } from '../../src/practice/faults/faults.ts';
import { describeFaults, resolutions } from './faultRuns.ts';

describeFaults('each fault and its runbook', Object.keys(resolutions));

describe('the faults with a runbook', () => {
  it('are all that there are', () => {
    assert.deepEqual(Object.keys(resolutions).sort(), faults.map(({ id }) => id).sort());
  });
});
