// A line that repeats over and over is looked at once: what is found must be the same as when all of it is.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NeedleScanner } from '../../src/evidence/redact/needleScanner.ts';

const needles = ['abc', 'bca', 'token=', 'aaaa\nb'];

function hits(text: string): string[] {
  const found: string[] = [];
  const scanner = new NeedleScanner(needles.map((needle, tag) => ({ text: needle, exact: true, tag })));
  const bytes = Buffer.from(text);
  scanner.scan(bytes, 0, bytes.length, (start, end, tag) => found.push(`${start}-${end} ${tag}`));
  return found.sort();
}

function naive(text: string): string[] {
  return needles
    .flatMap((needle, tag) => {
      const found: string[] = [];
      for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1))
        found.push(`${at}-${at + needle.length} ${tag}`);
      return found;
    })
    .sort();
}

describe('lines that repeat', () => {
  it('hide no needle: within them, over their ends, at the beginning or the end of all', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '='), maxLength: 12 });
    fc.assert(
      fc.property(letters, letters, letters, (line, before, after) => {
        const text = `${before}${`${line}\n`.repeat(Math.ceil(5000 / (line.length + 1)))}${after}`;
        assert.deepEqual(hits(text), naive(text));
      }),
      { numRuns: 300 },
    );
  });

  it('are told from lines that only begin so', () => {
    const text = `${'AAAA\n'.repeat(2000)}token=\n`;
    assert.deepEqual(hits(text), ['10000-10006 2']);
  });
});
