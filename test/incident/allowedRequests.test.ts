// A yes to a displayed curl covers the request that it says, and no other one to the same address.

import assert from 'node:assert/strict';
import { Allowances } from '../../src/guard/allowances.ts';
import type { GuardState } from '../../src/incident/consent.ts';
import { allowRequests } from '../../src/incident/httpDoor.ts';
import { assess } from '../../src/shell/assess.ts';
import { shellParser } from '../shell/shellParser.ts';

describe('the requests of a displayed curl', () => {
  const url = 'http://es:9200/orders';
  const coveredBy = async (text: string): Promise<string[]> => {
    const allowances = new Allowances();
    const { commands } = assess(await shellParser(), text);
    allowRequests(commands, { allowances } as GuardState);
    return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) =>
      allowances.covers({ tool: 'http', args: [method, url], cwd: '' }),
    );
  };

  it('are covered with their method only', async () => {
    assert.deepEqual(await coveredBy(`curl -s ${url}`), ['GET']);
    assert.deepEqual(await coveredBy(`curl -d '{}' ${url}`), ['POST']);
    assert.deepEqual(await coveredBy(`curl -XDELETE ${url}`), ['DELETE']);
    assert.deepEqual(await coveredBy(`wget --method=put ${url}`), ['PUT']);
    assert.deepEqual(await coveredBy(`curl -X "$METHOD" ${url}`), []);
  });
});
