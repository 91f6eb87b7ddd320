// Every command of the tables in every wrapper: none is ever rated lower for it.

import assert from 'node:assert/strict';
import { assess } from '../../src/shell/assess.ts';
import { compareRisk } from '../../src/shell/risk.ts';
import { shellParser } from './shellParser.ts';
import { commands, options, wrappers } from './wrapping.ts';

describe('assess, each command in each wrapper', () => {
  it('never rates it lower', async () => {
    const parser = await shellParser();
    const lower: string[] = [];
    for (const inner of commands) {
      const least = assess(parser, inner, options).risk;
      for (const wrap of wrappers) {
        const found = assess(parser, wrap(inner), options).risk;
        if (compareRisk(found, least) < 0) lower.push(`${least} fell to ${found}: ${wrap(inner)}`);
      }
    }
    assert.deepEqual(lower, []);
  }).timeout(300_000);
});
