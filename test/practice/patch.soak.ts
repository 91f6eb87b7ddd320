import assert from 'node:assert/strict';
import { comparePatches } from './patchAgainstKubectl.ts';

describe('500 patches of the practice cluster', function () {
  this.timeout(600_000);

  it('give what kubectl patch --local gives', async () => {
    const { compared, refused } = await comparePatches(1, 501);
    console.log(`      ${compared} patches compared, ${refused} refused by both`);
    assert.equal(compared, 500);
  });
});
