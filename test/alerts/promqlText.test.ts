// Cutting a cell into queries, comparisons at the top, and values in the place of placeholders.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fillPromql, promqlPlaceholders } from '../../src/alerts/promql/promqlPlaceholders.ts';
import { queriesOf, scanPromql, topComparison } from '../../src/alerts/promql/promqlScan.ts';

describe('PromQL texts', () => {
  const texts = (text: string): string[] => queriesOf(text).map((query) => query.text);

  it('are cut where a query ends, and nowhere else', () => {
    assert.deepEqual(texts('up'), ['up']);
    assert.deepEqual(texts('up\n\ndown\n'), ['up', 'down']);
    assert.deepEqual(texts('# one\nup\n# two\ndown'), ['up', 'down']);
    assert.deepEqual(texts('sum(\n\n  up\n\n)'), ['sum(\n  up\n)']);
    assert.deepEqual(texts('up\n\n/ down'), ['up\n/ down']);
    assert.deepEqual(texts('up /\n\n down'), ['up /\n down']);
    assert.deepEqual(texts('up{a="# no comment"} # one\n'), ['up{a="# no comment"}']);
    assert.deepEqual(texts(''), []);
    assert.deepEqual(
      queriesOf('\n\nup').map(({ line }) => line),
      [2],
    );
  });

  it('give their comparison with a number', () => {
    assert.deepEqual(topComparison('a / b > 0.05'), { left: 'a / b', comparison: '>', value: 0.05 });
    assert.deepEqual(topComparison('sum(a > 1) <= bool 2e3'), {
      left: 'sum(a > 1)',
      comparison: '<=',
      value: 2000,
    });
    for (const none of ['a', 'a > b', '5 > 3', 'a > 1 and b > 2', 'a{x=">1"}', 'a > 1 > 2', '> 1', 'a =~ 1'])
      assert.equal(topComparison(none), undefined, none);
  });

  it('tell what is left open', () => {
    const names = (text: string): string[] => promqlPlaceholders(text).map(({ name }) => name);
    assert.deepEqual(names('up{ns="$namespace", pod=~"<pod-name>.*", job="${job:regex}"}'), [
      'namespace',
      'pod-name',
      'job',
    ]);
    assert.deepEqual(names('label_replace(up, "a", "$1", "b", "(?P<x>.*)")'), []);
    assert.deepEqual(names('up < 5 # <comment>'), []);
    assert.deepEqual(names('a < b > c'), []);
  });

  it('take no value as a part of the query', () => {
    const put = (text: string, value: string) => fillPromql(text, new Map([['v', value]]));
    assert.equal(put('up{a="$v"}', 'x"} or up{b="').text, 'up{a="x\\"} or up{b=\\""}');
    assert.equal(put("up{a='<v>'}", "it's").text, "up{a='it\\'s'}");
    assert.equal(put('up{a="$v"}', 'a\\').text, 'up{a="a\\\\"}');
    assert.equal(put('rate(up[$v])', '5m').text, 'rate(up[5m])');
    assert.equal(put('$v', 'up or down').refused.length, 1);
    assert.equal(put('up{a=`$v`}', '`').refused.length, 1);
    assert.equal(put('up{a=~"(?P<v>.*)"}', 'x').text, 'up{a=~"(?P<v>.*)"}');
  });

  it('keep a value inside of its string, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('"', "'", '`'), (value, quote) => {
        const { text, refused } = fillPromql(`up{a=${quote}$v${quote}} + down`, new Map([['v', value]]));
        if (refused.length > 0) return;
        const { kind } = scanPromql(text);
        const end = text.lastIndexOf('} + down');
        assert.ok(
          kind.slice(6, end).every((one) => one === quote),
          text,
        );
        assert.ok(
          kind.slice(end).every((one) => one === 'code'),
          text,
        );
      }),
    );
  });
});
