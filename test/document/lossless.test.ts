import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { bytesOf, textOf } from '../../src/document/byteText.ts';
import { parseInfo } from '../../src/document/infoString.ts';
import { isExecutableTag } from '../../src/document/languages.ts';
import { fromNotebook, toNotebook } from '../../src/document/notebook.ts';
import type { NotebookShape } from '../../src/document/notebookShape.ts';
import { parseDocument } from '../../src/document/parseDocument.ts';
import { printDocument } from '../../src/document/printDocument.ts';
import { corpusFiles, corpusMissing } from './corpus.ts';
import { markdownText } from './markdownText.ts';
import { runs } from './propertyRuns.ts';

function staysTheSame(bytes: Uint8Array): void {
  const document = parseDocument(bytes);
  assert.deepEqual(printDocument(document), bytes, 'printed');
  const overTheWire = JSON.parse(JSON.stringify(toNotebook(bytes))) as NotebookShape;
  assert.deepEqual(fromNotebook(overTheWire), bytes, 'through the notebook');
  let line = 0;
  for (const cell of document.cells) {
    assert.ok(cell.lines[0] >= line && cell.lines[1] > cell.lines[0], `lines ${cell.lines} after ${line}`);
    line = cell.lines[1];
  }
}

/** What plain markdown-it, parser and renderer of many editors, takes for the content of each executable fence. */
function fencesOfMarkdownIt(text: string): string[] {
  const markdown = new MarkdownIt('commonmark');
  Object.assign(markdown.options, { maxNesting: 300 });
  return markdown
    .parse(text, {})
    .filter((token) => token.type === 'fence' && isExecutableTag(parseInfo(token.info).tag.toLowerCase()))
    .map((token) => token.content.replace(/\n$/, ''));
}

describe('a document', function () {
  this.timeout(120_000);

  it('comes back from any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), staysTheSame), runs(500));
  });

  it('comes back from any Markdown', () => {
    fc.assert(
      fc.property(markdownText, (text) => staysTheSame(new TextEncoder().encode(text))),
      runs(600),
    );
  });

  it('shows the content that CommonMark gives its fences', () => {
    fc.assert(
      fc.property(markdownText, (text) => {
        const source = textOf(new TextEncoder().encode(text));
        fc.pre(!/^\ufeff?(---|\+\+\+|\{)/.test(source));
        const cells = parseDocument(bytesOf(source)).cells.filter((cell) => cell.kind === 'code');
        const shown = cells.map((cell) => cell.text.replaceAll('\0', '\ufffd'));
        const expected = fencesOfMarkdownIt(source.replace(/^\ufeff/, ''));
        assert.deepEqual(
          shown,
          expected.map((content) => content.replace(/^\ufeff/, '')),
        );
      }),
      runs(600),
    );
  });

  for (const [what, bytes] of Object.entries({
    'no bytes': [],
    'a byte order mark': [0xef, 0xbb, 0xbf],
    'a byte order mark before a fence': [0xef, 0xbb, 0xbf, ...Buffer.from('```sh\nls\n```\n')],
    'blank lines only': [...Buffer.from('\n \n\t\r\n')],
    'a lone CR at the end': [...Buffer.from('a\r')],
    'a fence without an end': [...Buffer.from('```sh')],
    'UTF-16': [0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00],
  })) {
    it(`comes back from ${what}`, () => staysTheSame(Uint8Array.from(bytes)));
  }

  it('comes back from deep nesting', () => {
    for (const opening of ['> ', '- ', '1. ', '> - ']) {
      staysTheSame(new TextEncoder().encode(`${opening.repeat(400)}\`\`\`sh\nls\n`));
    }
  });

  it('comes back from every real runbook', function () {
    if (corpusMissing) {
      console.log(`      skipped: ${corpusMissing}`);
      this.skip();
    }
    const files = corpusFiles();
    assert.ok(files.length > 50, `only ${files.length} files`);
    for (const { bytes } of files) staysTheSame(bytes);
  });
});
