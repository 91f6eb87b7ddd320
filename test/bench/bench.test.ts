// The arithmetic that every limit hangs on.

import assert from 'node:assert/strict';
import { keepsLimit, measurePairs, median } from './bench.ts';

describe('benchmarks', () => {
  it('take the middle of their rounds', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.throws(() => median([]), RangeError);
  });

  it('measure both sides of a ratio as often, and throw the first pair away', async () => {
    const order: string[] = [];
    const { ratio, subjectMs, baseMs } = await measurePairs(
      () => order.push('subject'),
      () => order.push('base'),
      { pairs: 3 },
    );
    assert.equal(order.join(' '), 'subject base base subject subject base base subject');
    assert.ok(ratio >= 0 && subjectMs >= 0 && baseMs >= 0);
  });

  it('know which side of a limit is good', () => {
    assert.equal(keepsLimit({ limit: 3 }, 3), true);
    assert.equal(keepsLimit({ limit: 3 }, 3.1), false);
    assert.equal(keepsLimit({ limit: 3, higherIsBetter: true }, 2.9), false);
  });
});
