import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bytesOf, textOf } from '../../src/document/byteText.ts';
import { runs } from './propertyRuns.ts';

const roundTrip = (bytes: Uint8Array): void => {
  const text = textOf(bytes);
  assert.deepEqual(bytesOf(JSON.parse(JSON.stringify(text)) as string), bytes);
  assert.equal(
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text)),
    text,
    'not a well-formed string',
  );
};

describe('bytes as text', function () {
  this.timeout(120_000);

  it('come back, whatever they are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), roundTrip), runs(600));
  });

  it('come back when they nearly are UTF-8', () => {
    const pieces = [
      [0x41], [0xc3, 0xa9], [0xc0, 0x80], [0xe2, 0x82, 0xac], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xed, 0x9f, 0xbf],
      [0xf0, 0x9f, 0x98, 0x80], [0xf4, 0x8f, 0xbe, 0x80], [0xf4, 0x8f, 0xbf, 0xbf], [0xf4, 0x8f, 0xbd, 0xbf],
      [0xf4, 0x90, 0x80, 0x80], [0xf0, 0x8f, 0xbf, 0xbf], [0xef, 0xbb, 0xbf], [0x80], [0xff], [0xe2, 0x82], [0xf0, 0x9f], [0x0d],
      [0x0a], [0x00],
    ]; // biome-ignore format: a table
    const nearly = fc
      .array(fc.constantFrom(...pieces), { maxLength: 12 })
      .map((all) => Uint8Array.from(all.flat()));
    fc.assert(fc.property(nearly, roundTrip), runs(600));
  });

  it('are plain text where they are UTF-8', () => {
    assert.equal(textOf(new TextEncoder().encode('é€😀\ufeffx')), 'é€😀\ufeffx');
  });

  it('stand in for a byte that is none', () => {
    assert.equal(textOf(Uint8Array.of(0x61, 0xff, 0x62)), 'a\u{10FFFF}b');
    assert.equal(textOf(Uint8Array.of(0x80)), '\u{10FF80}');
  });
});
