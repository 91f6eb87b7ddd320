// A later version of a document, read with what is known of the earlier one: nobody can tell it from a fresh reading.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { textOf } from '../../src/document/byteText.ts';
import { markdownBlocks, plainLines } from '../../src/document/markdownBlocks.ts';
import { type DocumentReading, readDocument } from '../../src/document/parseDocument.ts';
import { rereadDocument } from '../../src/document/rereadDocument.ts';
import { lineStartsOf } from '../../src/document/sourceLines.ts';
import { corpusFiles, corpusMissing } from './corpus.ts';
import { markdownText } from './markdownText.ts';
import { runs } from './propertyRuns.ts';

function isAsFresh(before: DocumentReading, source: string): DocumentReading {
  const reread = rereadDocument(before, source);
  const fresh = readDocument(source);
  assert.deepEqual(reread, fresh);
  const shares = ({ document: { cells } }: DocumentReading): boolean[] =>
    cells.map((cell, index) => cell.headings === cells[index - 1]?.headings);
  assert.deepEqual(shares(reread), shares(fresh), 'cells under one heading share its titles');
  return reread;
}

const splices = fc.array(fc.tuple(fc.nat(), fc.nat(40), markdownText), { minLength: 1, maxLength: 3 });

describe('reading a document again', function () {
  this.timeout(120_000);

  it('gives what a fresh reading gives, for any change of any Markdown', () => {
    const sections = fc.array(markdownText, { maxLength: 6 }).map((texts) => texts.join('\n\n# Next\n\n'));
    fc.assert(
      fc.property(sections, splices, (text, edits) => {
        let reading = readDocument(textOf(new TextEncoder().encode(text)));
        for (const [at, removed, put] of edits) {
          const from = at % (reading.source.length + 1);
          const next = reading.source.slice(0, from) + put + reading.source.slice(from + removed);
          reading = isAsFresh(reading, textOf(new TextEncoder().encode(next)));
        }
      }),
      runs(1500),
    );
  });

  it('gives the same after lines of real runbooks went or came', function () {
    if (corpusMissing) {
      console.log(`      skipped: ${corpusMissing}`);
      this.skip();
    }
    for (const { bytes } of corpusFiles()) {
      const source = textOf(bytes);
      const reading = readDocument(source);
      const lines = source.split('\n');
      for (let line = 0; line < lines.length; line += 1 + (lines.length >> 3)) {
        isAsFresh(reading, lines.toSpliced(line, 1).join('\n'));
        isAsFresh(reading, lines.toSpliced(line, 0, '```bash', 'ls').join('\n'));
        isAsFresh(reading, lines.toSpliced(line, 0, '', 'words').join('\n'));
      }
    }
  });

  it('keeps the cells that the change does not touch', () => {
    const source = `# A\n\n\`\`\`bash\nls\n\`\`\`\n\n# B\n\n\`\`\`bash\npwd\n\`\`\`\n`;
    const before = readDocument(source);
    const after = rereadDocument(before, source.replace('ls', 'ls -l'));
    assert.deepEqual(
      after.document.cells.map((cell, index) => cell === before.document.cells[index]),
      [true, false, true, true],
    );
    assert.equal(after.document.cells[1]!.text, 'ls -l');
  });

  it('sees what a change leaves open', () => {
    const source = '# A\n\nwords\n\n# B\n\n```bash\nls\n```\n';
    const before = readDocument(source);
    for (const open of ['```yaml', '<!--', '<div>', '<!-- {timeout=5m} -->'])
      isAsFresh(before, source.replace('words', open));
    isAsFresh(before, source.replace('words\n\n', 'words'));
    isAsFresh(readDocument('---\n\nwords\n\n# B\n'), '---\n\na: b\n---\n# B\n');
  });
});

describe('a long text', () => {
  it('has the same blocks when it is parsed in pieces', () => {
    const sections = fc.array(markdownText, { maxLength: 8 }).map((texts) => texts.join('\n# Next\n'));
    fc.assert(
      fc.property(sections, fc.integer({ min: 1, max: 60 }), (source, length) => {
        const text = plainLines(source);
        const starts = lineStartsOf(text);
        const whole = markdownBlocks(text, starts, Number.POSITIVE_INFINITY);
        assert.deepEqual(markdownBlocks(text, starts, length), whole);
      }),
      runs(1500),
    );
  });
});
