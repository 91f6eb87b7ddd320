import assert from 'node:assert/strict';
import { completePolicy } from '../../src/guard/completePolicy.ts';
import { consents } from '../../src/guard/decide.ts';
import { columns, rows } from '../../src/guard/policy.ts';
import { risks } from '../../src/shell/risk.ts';

/** `|` is the cursor. */
function at(text: string): string[] {
  const before = text.slice(0, text.indexOf('|'));
  const line = before.split('\n').length - 1;
  const character = before.length - before.lastIndexOf('\n') - 1;
  return completePolicy(text.replace('|', ''), { line, character }).map(({ label }) => label);
}

describe('completion in a policy', () => {
  it('knows the keys of each owner, and leaves out those that are there', () => {
    assert.ok(at('|').includes('targets'));
    assert.ok(!at('targets: []\n|').includes('targets'));
    assert.deepEqual(at('consent:\n  |'), [...rows]);
    assert.deepEqual(at('consent:\n  destroy:\n    |'), [...columns]);
    assert.ok(at('targets:\n  - |').includes('server'));
    const rest = at('targets:\n  - name: a\n    |\n');
    assert.ok(rest.includes('production') && !rest.includes('name'), rest.join());
    assert.ok(at('tools:\n  - command: ./x\n    |').includes('subcommands'));
  });

  it('knows the values of each key', () => {
    assert.deepEqual(at('consent:\n  destroy: |'), [...consents]);
    assert.deepEqual(at('consent:\n  destroy:\n    incident: ty|'), [...consents]);
    assert.deepEqual(at('targets:\n  - name: a\n    production: |'), ['true', 'false']);
    assert.deepEqual(at('tools:\n  - command: x\n    subcommands:\n      config deploy: |'), [...risks]);
    assert.deepEqual(at('tools:\n  - command: x\n    otherwise: |'), [...risks]);
    assert.deepEqual(at('targets:\n  - name: |'), []);
  });

  it('answers nothing for nonsense, and never throws', () => {
    for (const text of ['|', '- - - |', ':::|', 'a: b: |', '\t|', 'x:\n    y:\n  |z', '#|']) at(text);
    assert.deepEqual(at('nothing:\n  |'), []);
  });
});
