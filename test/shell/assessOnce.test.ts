// A text is assessed once, however often it is asked for.

import assert from 'node:assert/strict';
import { assess } from '../../src/shell/assess.ts';
import { assessOnce } from '../../src/shell/assessOnce.ts';
import { shellParser } from './shellParser.ts';

describe('assessing once', () => {
  it('gives what assess gives, and for the same text the same object', async () => {
    const parser = await shellParser();
    const text = 'kubectl delete pod web-1 && kubectl get pods';
    const first = assessOnce(parser, text);
    assert.deepEqual({ ...first, tookMs: 0 }, { ...assess(parser, text), tookMs: 0 });
    assert.equal(assessOnce(parser, `${text}`), first);
    assert.notEqual(assessOnce(parser, `${text} -A`), first);
  });
});
