// Where each cell begins and ends: a partition of the document's lines, nothing left out, nothing twice.

import { isAttributeComment } from './cellAttributes.ts';
import { parseInfo } from './infoString.ts';
import { isExecutableTag } from './languages.ts';
import type { FenceBlock, HtmlBlock, MarkdownBlocks } from './markdownBlocks.ts';

/** Line numbers of the body text. `[start, end)` is shown, `[end, next)` are the blank lines after. */
export interface CellSpan {
  /** First line of the cell, an attribute comment included. */
  start: number;
  /** Line of the fence's opening marker; `start` for Markdown. */
  shown: number;
  end: number;
  next: number;
  tag: string;
  fence?: FenceBlock;
}

export interface Cut {
  /** Lines before the first cell. */
  readonly leading: number;
  readonly spans: readonly CellSpan[];
}

export function cutIntoCells(
  blocks: MarkdownBlocks,
  lineCount: number,
  line: (index: number) => string,
): Cut {
  const spans: CellSpan[] = [];
  const headings = blocks.headings.filter((heading) => !heading.inQuote);
  let leading = 0;
  let heading = 0;
  let html = 0;

  const addMarkup = (from: number, to: number): void => {
    let start = from;
    while (start < to && isGap(line(start), spans.length > 0)) start++;
    const last = spans.at(-1);
    if (last) last.next = start;
    else leading = start;
    if (start === to) return;
    let end = to;
    while (end > start + 1 && isGap(line(end - 1), true)) end--;
    spans.push({ start, shown: start, end, next: to, tag: 'markdown' });
  };
  const addSection = (from: number, to: number): void => {
    let start = from;
    for (; heading < headings.length && headings[heading]!.line < to; heading++) {
      const at = headings[heading]!.line;
      if (at <= start) continue;
      addMarkup(start, at);
      start = at;
    }
    addMarkup(start, to);
  };

  let at = 0;
  for (const fence of blocks.fences) {
    const tag = parseInfo(fence.info).tag.toLowerCase();
    if (!isExecutableTag(tag)) continue;
    for (; html < blocks.htmlBlocks.length && blocks.htmlBlocks[html]!.end <= fence.start; html++);
    const start = commentBefore(fence, blocks.htmlBlocks[html - 1], at, line);
    addSection(at, start);
    spans.push({ start, shown: fence.start, end: fence.end, next: fence.end, tag, fence });
    at = fence.end;
  }
  addSection(at, lineCount);
  return { leading, spans };
}

/** Blank, or inside a quote nothing but its prefix. */
function isGap(line: string, quoted: boolean): boolean {
  return quoted ? /^[ \t>]*[\r\n]*$/.test(line) : /^[ \t]*[\r\n]*$/.test(line);
}

function commentBefore(
  fence: FenceBlock,
  block: HtmlBlock | undefined,
  from: number,
  line: (index: number) => string,
): number {
  if (!block || block.start < from) return fence.start;
  let end = block.end;
  while (end > block.start && isGap(line(end - 1), true)) end--;
  for (let index = end; index < fence.start; index++) if (!isGap(line(index), true)) return fence.start;
  if (fence.start - end > 1) return fence.start;
  let comment = '';
  for (let index = block.start; index < end; index++)
    comment += `${line(index).replace(/^[ \t>]+|[\r\n]+$/g, '')} `;
  return isAttributeComment(comment) ? block.start : fence.start;
}
