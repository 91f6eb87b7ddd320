import assert from 'node:assert/strict';
import { ownLines } from '../../src/editor/ownLines.ts';

/** Without the colours. */
const shown = (text: string): string => ownLines(text).replaceAll(/\u001b\[\d+m/g, '');

describe('lines of our own in a cell', () => {
  it('stand behind a bar, each as long as can be read', () => {
    assert.equal(shown('Held, not run'), '┃ Held, not run\n');
    const words = `${'word '.repeat(50)}end`;
    const lines = shown(words).trimEnd().split('\n');
    assert.equal(lines.length, 3);
    assert.ok(lines.every((line) => line.length <= 98));
    assert.equal(lines.map((line) => line.slice(2)).join(' '), words);
  });

  it('keep a long path in one piece, and the lines of a text', () => {
    const path = `/tmp/${'x'.repeat(200)}`;
    assert.equal(shown(`see ${path} now`), `┃ see\n┃ ${path}\n┃ now\n`);
    assert.equal(shown('one\ntwo'), '┃ one\n┃ two\n');
    assert.equal(shown(''), '┃ \n');
  });
});
