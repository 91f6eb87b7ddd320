import assert from 'node:assert/strict';
import { comparePatches } from './patchAgainstKubectl.ts';

describe('patches of the practice cluster', function () {
  this.timeout(120_000);

  it('give what kubectl patch --local gives', async () => {
    const { compared, refused } = await comparePatches(1, 41);
    assert.equal(compared, 40);
    assert.ok(refused < 10, `${refused} of 40 patches were refused: the cases are poor`);
  });

  it('order a list as kubectl does where an element is deleted and others are new', async () => {
    assert.equal((await comparePatches(488, 489)).compared, 1);
  });
});
