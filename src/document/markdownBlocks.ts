// The block structure of a Markdown text by CommonMark's rules, from markdown-it's block parser alone: which
// lines are fences and headings, and where in each line of a fence the content starts. Inline Markdown is not
// parsed. Nothing here is rebuilt from tokens: all positions are of the source.

import MarkdownIt, { type StateBlock } from 'markdown-it';

export interface FenceBlock {
  /** Lines from 0, end excluded, markers included. */
  readonly start: number;
  readonly end: number;
  readonly closed: boolean;
  /** Characters before the opening marker, list marker and quote prefix included. */
  readonly openColumn: number;
  readonly markerLength: number;
  readonly info: string;
  /** Columns that the innermost list item asks of its content; 0 outside lists. */
  readonly listIndent: number;
  /** For each body line: see CellLayout.cuts. */
  readonly cuts: readonly number[];
}

export interface HeadingBlock {
  readonly line: number;
  readonly level: number;
  readonly source: string;
  readonly inQuote: boolean;
}

export interface HtmlBlock {
  readonly start: number;
  readonly end: number;
}

export interface MarkdownBlocks {
  readonly fences: readonly FenceBlock[];
  readonly headings: readonly HeadingBlock[];
  readonly htmlBlocks: readonly HtmlBlock[];
}

interface BlockEnvironment {
  readonly lineStarts: readonly number[];
  readonly firstLine: number;
  readonly fences: FenceBlock[];
}

const markdown = new MarkdownIt('commonmark');
Object.assign(markdown.options, { maxNesting: 300 });
markdown.block.ruler.at('fence', fenceRule, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });

/** Characters that are parsed at once: what markdown-it makes of them is let go before the next ones. */
const pieceLength = 1 << 14;

/**
 * `text` has LF line endings only and no NUL (see `plainLines`); `lineStarts` are its own, as of `lineStartsOf`.
 * A long text is parsed in pieces, so that time and memory grow with its length and no faster.
 */
export function markdownBlocks(
  text: string,
  lineStarts: readonly number[],
  length = pieceLength,
): MarkdownBlocks {
  const lineCount = lineStarts.length - 1;
  if (text.length <= length) return pieceBlocks(text, lineStarts, 0);
  const all = { fences: [] as FenceBlock[], headings: [] as HeadingBlock[], htmlBlocks: [] as HtmlBlock[] };
  for (let line = 0; line < lineCount; ) {
    let end = pieceEnd(text, lineStarts, line, length);
    let piece = pieceOf(text, lineStarts, line, end);
    for (let longer = 2 * length; end < lineCount && reachesEnd(piece, end); longer *= 2) {
      end = pieceEnd(text, lineStarts, line, longer);
      piece = pieceOf(text, lineStarts, line, end);
    }
    for (const fence of piece.fences) all.fences.push(fence);
    for (const heading of piece.headings) all.headings.push(heading);
    for (const block of piece.htmlBlocks) all.htmlBlocks.push(block);
    line = end;
  }
  return all;
}

/** Whether a fence or an HTML block would go on behind line `end`. */
export function reachesEnd({ fences, htmlBlocks }: MarkdownBlocks, end: number): boolean {
  const fence = fences.at(-1);
  const html = htmlBlocks.at(-1);
  return (
    (fence !== undefined && !fence.closed && fence.end >= end) || (html !== undefined && html.end >= end)
  );
}

/** A line that surely begins a new block, at least `length` characters on: a heading at the margin. */
function pieceEnd(text: string, lineStarts: readonly number[], line: number, length: number): number {
  const lineCount = lineStarts.length - 1;
  let low = line + 1;
  let high = lineCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lineStarts[middle]! < lineStarts[line]! + length) low = middle + 1;
    else high = middle;
  }
  const isHeading = (start: number): boolean =>
    text.charCodeAt(start) === 0x23 && /^#{1,6}[ \t\n]/.test(text.slice(start, start + 8));
  while (low < lineCount && !isHeading(lineStarts[low]!)) low++;
  return low;
}

function pieceOf(text: string, lineStarts: readonly number[], line: number, end: number): MarkdownBlocks {
  const from = lineStarts[line]!;
  const own = lineStarts.slice(line, end + 1).map((start) => start - from);
  return pieceBlocks(text.slice(from, lineStarts[end]), own, line);
}

/** @param firstLine of the piece in the text */
function pieceBlocks(text: string, lineStarts: readonly number[], firstLine: number): MarkdownBlocks {
  const environment: BlockEnvironment = { lineStarts, firstLine, fences: [] };
  const tokens: ReturnType<typeof markdown.parse> = [];
  markdown.block.parse(text, markdown, environment, tokens);
  const headings: HeadingBlock[] = [];
  const htmlBlocks: HtmlBlock[] = [];
  let quotes = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.type === 'blockquote_open') quotes++;
    else if (token.type === 'blockquote_close') quotes--;
    else if (token.type === 'heading_open') {
      headings.push({
        line: firstLine + token.map![0],
        level: Number(token.tag.slice(1)),
        source: tokens[at + 1]!.content,
        inQuote: quotes > 0,
      });
    } else if (token.type === 'html_block') {
      htmlBlocks.push({ start: firstLine + token.map![0], end: firstLine + token.map![1] });
    }
  }
  return { fences: environment.fences, headings, htmlBlocks };
}

/** The same lines with LF endings and without NUL, each line as long as before but for its ending. */
export function plainLines(text: string): string {
  const feeds = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return feeds.includes('\0') ? feeds.replaceAll('\0', '\ufffd') : feeds;
}

const backtick = 0x60;
const tilde = 0x7e;

/** CommonMark 0.31, 4.5, as a rule of markdown-it's that also notes where each line's content starts. */
function fenceRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (state.sCount[startLine]! - state.blkIndent >= 4) return false;
  const open = state.bMarks[startLine]! + state.tShift[startLine]!;
  const openEnd = state.eMarks[startLine]!;
  const marker = state.src.charCodeAt(open);
  if (marker !== backtick && marker !== tilde) return false;
  const infoStart = state.skipChars(open, marker);
  if (infoStart > openEnd || infoStart - open < 3) return false;
  const info = state.src.slice(infoStart, openEnd);
  if (marker === backtick && info.includes('`')) return false;
  if (silent) return true;

  const markerLength = infoStart - open;
  let line = startLine + 1;
  let closed = false;
  for (; line < endLine; line++) {
    const from = state.bMarks[line]! + state.tShift[line]!;
    const to = state.eMarks[line]!;
    if (from < to && state.sCount[line]! < state.blkIndent) break;
    if (isClosing(state, line, from, to, marker, markerLength)) {
      closed = true;
      break;
    }
  }
  state.line = closed ? line + 1 : line;
  const token = state.push('fence', 'code', 0);
  token.info = info;
  token.map = [startLine, state.line];
  const { lineStarts, firstLine, fences } = state.env as BlockEnvironment;
  fences.push({
    start: firstLine + startLine,
    end: firstLine + state.line,
    closed,
    openColumn: open - lineStarts[startLine]!,
    markerLength,
    info,
    listIndent: state.blkIndent,
    cuts: cutsOf(state, startLine + 1, line, state.sCount[startLine]!, lineStarts),
  });
  return true;
}

function isClosing(
  state: StateBlock,
  line: number,
  from: number,
  to: number,
  marker: number,
  length: number,
): boolean {
  if (state.src.charCodeAt(from) !== marker || from >= to) return false;
  if (state.sCount[line]! - state.blkIndent >= 4) return false;
  const after = state.skipChars(from, marker);
  return after - from >= length && state.skipSpaces(after) >= to;
}

const space = 0x20;
const tab = 0x09;

/** What is cut from each line so that `indent` columns are gone: the rule by which markdown-it makes content. */
function cutsOf(
  state: StateBlock,
  start: number,
  end: number,
  indent: number,
  lineStarts: readonly number[],
): number[] {
  const cuts: number[] = [];
  let any = false;
  for (let line = start; line < end; line++) {
    const lineStart = state.bMarks[line]!;
    const stop = state.eMarks[line]!;
    let column = 0;
    let at = lineStart;
    while (at < stop && column < indent) {
      const code = state.src.charCodeAt(at);
      if (code === tab) column += 4 - ((column + state.bsCount[line]!) % 4);
      else if (code === space || at - lineStart < state.tShift[line]!) column++;
      else break;
      at++;
    }
    const cut = 4 * (at - lineStarts[line]!) + Math.max(0, column - indent);
    if (cut > 0) any = true;
    cuts.push(cut);
  }
  return any ? cuts : [];
}
