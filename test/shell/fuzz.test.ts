// Any text: no throw; a wrapper: never a lower class; a deadline: unknown.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assess } from '../../src/shell/assess.ts';
import { compareRisk } from '../../src/shell/risk.ts';
import type { ShellParser } from '../../src/shell/shellParser.ts';
import { shellParser } from './shellParser.ts';
import { commands, options, wrappers } from './wrapping.ts';

describe('assess, fuzzed', function () {
  this.timeout(120_000);
  let parser: ShellParser;
  before(async () => {
    parser = await shellParser();
  });

  it('has enough commands to wrap', () => assert.ok(commands.length > 150, String(commands.length)));

  it('never rates a wrapped command lower', () => {
    const command = fc.constantFrom(...commands);
    const wrapper = fc.constantFrom(...wrappers);
    fc.assert(
      fc.property(command, wrapper, fc.option(wrapper), (inner, wrap, outer) => {
        const text = wrap(inner);
        const least = assess(parser, inner, options).risk;
        const found = assess(parser, text, options).risk;
        assert.ok(compareRisk(found, least) >= 0, `${least} fell to ${found}: ${text}`);
        // A second wrapper around a first without quotes or lines of its own.
        if (!outer || /['"\n`]/.test(text) || /[|;&<>(){}#!]|^(time|if|for|while|case|X=)/.test(text)) return;
        const twice = assess(parser, outer(text), options).risk;
        assert.ok(compareRisk(twice, least) >= 0, `${least} fell to ${twice}: ${outer(text)}`);
      }),
      { numRuns: 1000 },
    );
  });

  it('throws for no text', () => {
    const bits = fc.constantFrom(
      '$(',
      ')',
      '`',
      '"',
      "'",
      '<<EOF\n',
      'EOF\n',
      '{',
      '}',
      '|',
      '&&',
      ';',
      '\n',
      '<x>',
      '${',
      'rm ',
      'kubectl ',
      '-n ',
      '[',
      ']',
      '\\',
      '#',
      '$X',
      '((',
      '))',
      'if ',
      'fi',
      'do ',
      'done',
      'case ',
      'esac',
      '\0',
      '\uE000',
      '𝒳',
      '\r',
      '=',
      'f() ',
      'psql -c ',
      'aws ',
      'git ',
      'find . -exec ',
      'tar ',
      'sed ',
      'xargs -I{} ',
      '--',
      'bash -c ',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.array(bits, { maxLength: 25 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (one) => {
        const found = assess(parser, one, options);
        for (const { lines } of found.steps) assert.ok(lines[0] < lines[1]);
        for (const { start, end, text: said } of found.placeholders)
          assert.equal(one.replaceAll('\0', '\uFFFD').replaceAll('\uE000', '\uFFFD').slice(start, end), said);
      }),
      { numRuns: 1200 },
    );
  });

  it('gives unknown for what it can not finish in time', () => {
    const long = `${'for i in 1 2; do '.repeat(400)}kubectl get pods; ${'done; '.repeat(400)}`;
    const found = assess(parser, long, { deadlineMs: 30 });
    assert.ok(compareRisk(found.risk, 'unknown') >= 0, found.risk);
    const nested = `${'bash -c \'eval "'.repeat(12)}ls`;
    assert.ok(compareRisk(assess(parser, nested, options).risk, 'unknown') >= 0);
    const many = 'kubectl get pods\n'.repeat(9000);
    const slow = assess(parser, many, { deadlineMs: 100 });
    assert.ok(slow.risk === 'unknown' && slow.deadlineHit);
  });
});
