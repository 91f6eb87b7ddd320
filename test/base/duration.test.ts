import assert from 'node:assert/strict';
import { formatDuration, parseDuration } from '../../src/base/duration.ts';

describe('duration', () => {
  it('reads what people write', () => {
    assert.equal(parseDuration('90s'), 90_000);
    assert.equal(parseDuration('1h30m'), 5_400_000);
    assert.equal(parseDuration('500ms'), 500);
    assert.equal(parseDuration('2'), 2000);
    assert.equal(parseDuration('soon'), undefined);
    assert.equal(parseDuration(''), undefined);
    assert.equal(parseDuration('5m!'), undefined);
  });

  it('writes what people read', () => {
    assert.equal(formatDuration(340), '340 ms');
    assert.equal(formatDuration(2400), '2.4 s');
    assert.equal(formatDuration(30_000), '30 s');
    assert.equal(formatDuration(999.7), '1.0 s');
    assert.equal(formatDuration(59_980), '1 min');
    assert.equal(formatDuration(185_000), '3 min 05 s');
    assert.equal(formatDuration(300_000), '5 min');
    assert.equal(formatDuration(7_500_000), '2 h 05 min');
    assert.equal(formatDuration(86_400_000), '24 h');
    assert.equal(formatDuration(5_450_400_000), '63 d 02 h');
  });
});
