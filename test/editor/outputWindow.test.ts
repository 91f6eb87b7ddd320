import assert from 'node:assert/strict';
import fc from 'fast-check';
import { collapseProgress, OutputWindow } from '../../src/editor/outputWindow.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const shown = (window: OutputWindow): string => {
  const { head, omitted, tail } = window.picture();
  const middle = omitted ? `[${omitted.bytes} B ${omitted.lines} L]` : '';
  return head.map((one) => one.text).join('') + middle + tail.map((one) => one.text).join('');
};

describe('the output window', () => {
  it('shows all of a small output, streams apart', () => {
    const window = new OutputWindow(1000);
    window.push('stdout', bytes('one\n'));
    window.push('stdout', bytes('two\n'));
    window.push('stderr', bytes('bad\n'));
    assert.deepEqual(window.picture(), {
      head: [
        { stream: 'stdout', text: 'one\ntwo\n' },
        { stream: 'stderr', text: 'bad\n' },
      ],
      omitted: undefined,
      tail: [],
    });
  });

  it('keeps head and tail and counts what it leaves out', () => {
    const window = new OutputWindow(20);
    for (let line = 0; line < 100; line++) window.push('stdout', bytes(`${String(line).padStart(4)}\n`));
    assert.equal(shown(window), '   0\n   1\n[480 B 96 L]  98\n  99\n');
  });

  it('loses no byte from its count, however the output is cut into chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 60 }),
        fc.integer({ min: 2, max: 200 }),
        (chunks, limit) => {
          const window = new OutputWindow(limit);
          let total = 0;
          const ascii = chunks.map((chunk) => chunk.map((byte) => (byte % 16 === 0 ? 10 : 97)));
          for (const chunk of ascii) {
            window.push('stdout', chunk);
            total += chunk.length;
          }
          const { head, omitted, tail } = window.picture();
          const held = [...head, ...tail].reduce((sum, one) => sum + one.text.length, 0);
          assert.equal(held + (omitted?.bytes ?? 0), total);
          assert.ok(held <= limit);
          const whole = Buffer.concat(ascii).toString();
          assert.ok(whole.startsWith(head.map((one) => one.text).join('')));
          assert.ok(whole.endsWith(tail.map((one) => one.text).join('')));
        },
      ),
    );
  });

  it('keeps lines of our own where they came, and all of them', () => {
    const window = new OutputWindow(20);
    window.push('stdout', bytes('one\n'));
    window.note('first');
    for (let line = 0; line < 100; line++) window.push('stdout', bytes(`${String(line).padStart(5)}\n`));
    window.note('second');
    window.push('stdout', bytes('end\n'));
    const { head, omitted, tail } = window.picture();
    assert.deepEqual(
      head.map(({ stream, text }) => [stream, text]),
      [
        ['stdout', 'one\n'],
        ['note', 'first'],
        ['stdout', '    0\n'],
      ],
    );
    assert.deepEqual(omitted, { bytes: 588, lines: 98 });
    assert.deepEqual(
      tail.map(({ stream, text }) => [stream, text]),
      [
        ['stdout', '   99\n'],
        ['note', 'second'],
        ['stdout', 'end\n'],
      ],
    );
  });

  it('decodes a character that was cut between chunks', () => {
    const window = new OutputWindow(1000);
    const euro = bytes('€');
    window.push('stdout', euro.subarray(0, 1));
    window.push('stdout', euro.subarray(1));
    assert.equal(shown(window), '€');
  });

  it('collapses progress lines to their last state', () => {
    assert.equal(collapseProgress('10%\r50%\r100%\ndone\r\n'), '100%\ndone\n');
    assert.equal(collapseProgress('a\r\nb\r\n'), 'a\nb\n');
    assert.equal(collapseProgress('10%\r50%\r'), '50%');
  });
});
