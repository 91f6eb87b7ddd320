// A runbook's bytes → its cells, settings and problems. Every cell holds the slice of the source that it is made
// of; nothing is rebuilt.

import type { Problem } from '../base/problem.ts';
import { textOf } from './byteText.ts';
import { attributesOf } from './cellAttributes.ts';
import type { CellLayout } from './cellLayout.ts';
import { type CellSpan, cutIntoCells } from './cutIntoCells.ts';
import { cutLines } from './cutLines.ts';
import type { DocumentCell, RunbookDocument } from './documentCell.ts';
import { fenceOffers } from './fenceOffers.ts';
import { frontMatterOf, noFrontMatter } from './frontMatter.ts';
import { headingText } from './headingText.ts';
import { HeadingTrail, type TitledHeading } from './headingTrail.ts';
import { judgeCell } from './judgeCell.ts';
import { type MarkdownBlocks, markdownBlocks, plainLines, reachesEnd } from './markdownBlocks.ts';
import { markupCuts } from './markupCuts.ts';
import { endingOf, lineStartsOf, normalized } from './sourceLines.ts';

const byteOrderMark = '\ufeff';

/** Never throws; there is no input that it refuses. */
export function parseDocument(bytes: Uint8Array): RunbookDocument {
  return parseText(textOf(bytes));
}

/** The same for a text as `textOf` gives it. */
export function parseText(source: string): RunbookDocument {
  return readDocument(source).document;
}

/** A document with what it takes to read a later version of it without reading all again. */
export interface DocumentReading {
  readonly source: string;
  readonly document: RunbookDocument;
  /** By line of the file; none that stand in a quote. */
  readonly headings: readonly TitledHeading[];
  /** Whether a fence or an HTML block reaches the end, so that text behind it could become a part of it. */
  readonly endsOpen: boolean;
}

export function readDocument(source: string): DocumentReading {
  const mark = source.startsWith(byteOrderMark) ? 1 : 0;
  const whole = mark ? source.slice(1) : source;
  const wholeStarts = lineStartsOf(whole);
  const front =
    frontMatterOf((index) =>
      index + 1 < wholeStarts.length ? whole.slice(wholeStarts[index], wholeStarts[index + 1]) : undefined,
    ) ?? noFrontMatter;
  const body = front.lineCount ? whole.slice(wholeStarts[front.lineCount]) : whole;
  const starts = front.lineCount ? lineStartsOf(body) : wholeStarts;
  const plain = plainLines(body);
  const blocks = markdownBlocks(plain, plain.length === body.length ? starts : lineStartsOf(plain));
  const headings = blocks.headings
    .filter((heading) => !heading.inQuote)
    .map(({ line, level, source: text }) => ({
      line: line + front.lineCount,
      level,
      title: headingText(text),
    }));
  const reader = new CellReader(body, starts, blocks, headings, front.lineCount);
  const cells = reader.cells();
  const preamble = source.slice(0, mark + whole.length - body.length + starts[reader.leading]!);
  const problems = [...front.problems, ...reader.problems];
  const document: RunbookDocument = { preamble, cells, settings: front.settings, problems };
  // One blank line may stand between an attribute comment and its fence: the comment counts as open so far.
  const lineCount = starts.length - 1;
  const endsOpen = reachesEnd(blocks, lineCount) || (blocks.htmlBlocks.at(-1)?.end ?? -1) >= lineCount - 1;
  return { source, document, headings, endsOpen };
}

class CellReader {
  readonly problems: Problem[] = [];
  leading = 0;

  constructor(
    private readonly body: string,
    private readonly starts: readonly number[],
    private readonly blocks: MarkdownBlocks,
    private readonly headings: readonly TitledHeading[],
    private readonly firstLine: number,
  ) {}

  cells(): DocumentCell[] {
    const { leading, spans } = cutIntoCells(this.blocks, this.starts.length - 1, (index) => this.line(index));
    this.leading = leading;
    const trail = new HeadingTrail(this.headings);
    const cells: DocumentCell[] = [];
    let before: CellSpan | undefined;
    let fence = 0;
    for (const span of spans) {
      const headings = trail.at(this.firstLine + span.shown);
      if (span.fence) cells.push(this.codeCell(span, headings));
      else {
        const { fences } = this.blocks;
        while (fence < fences.length && fences[fence]!.end <= span.start) fence++;
        const from = fence;
        while (fence < fences.length && fences[fence]!.start < span.end) fence++;
        cells.push(this.markupCell(span, headings, before, from, fence));
      }
      before = span;
    }
    return cells;
  }

  private line(index: number): string {
    return this.body.slice(this.starts[index], this.starts[index + 1]);
  }

  private raw(span: CellSpan): string {
    return this.body.slice(this.starts[span.start], this.starts[span.next]);
  }

  /** Lines as shown: a plain slice wherever nothing is cut. */
  private shown(start: number, end: number, cuts: readonly number[]): string {
    if (start >= end) return '';
    if (cuts.length > 0) return normalized(cutLines(this.body, this.starts, start, end, cuts));
    const stop = this.starts[end]! - endingOf(this.line(end - 1)).length;
    return normalized(this.body.slice(this.starts[start], stop));
  }

  private codeCell(span: CellSpan, headings: readonly string[]): DocumentCell {
    const { start, end, closed, openColumn, info, cuts } = span.fence!;
    const layout: CellLayout = {
      kind: 'code',
      lead: span.shown - span.start,
      openColumn,
      closed,
      gap: span.next - span.end,
      cuts,
    };
    const text = this.shown(start + 1, closed ? end - 1 : end, cuts);
    const verdict = judgeCell(span.tag, text, closed);
    if (!closed) this.problems.push(this.unclosed(span));
    const comment = layout.lead ? this.commentOf(span) : '';
    return {
      kind: 'code',
      language: span.tag,
      text,
      raw: this.raw(span),
      layout,
      lines: [this.firstLine + start, this.firstLine + end],
      textLine: this.firstLine + start + 1,
      headings,
      ...verdict,
      attributes: attributesOf(info, comment),
      infoString: info,
    };
  }

  private commentOf(span: CellSpan): string {
    let comment = '';
    for (let index = span.start; index < span.shown; index++) {
      comment += `${this.line(index).replace(/^[ \t>]+|[\r\n]+$/g, '')} `;
    }
    return comment;
  }

  private markupCell(
    span: CellSpan,
    headings: readonly string[],
    before: CellSpan | undefined,
    firstFence: number,
    endFence: number,
  ): DocumentCell {
    const inQuote = before?.fence && this.line(before.shown).slice(0, before.fence.openColumn).includes('>');
    const indent = inQuote ? 0 : (before?.fence?.listIndent ?? 0);
    const lines = indent
      ? Array.from({ length: span.end - span.start }, (_, n) => this.line(span.start + n))
      : [];
    const cuts = markupCuts(lines, indent);
    const fences = this.blocks.fences.slice(firstFence, endFence);
    const offers = fenceOffers(fences, this.firstLine, (start, end, cut) => this.shown(start, end, cut));
    return {
      kind: 'markup',
      language: 'markdown',
      text: this.shown(span.start, span.end, cuts),
      raw: this.raw(span),
      layout: { kind: 'markup', lead: 0, openColumn: 0, closed: false, gap: span.next - span.end, cuts },
      lines: [this.firstLine + span.start, this.firstLine + span.end],
      textLine: this.firstLine + span.start,
      headings,
      executable: false,
      attributes: attributesOf(''),
      ...(offers.length ? { offers } : {}),
    };
  }

  private unclosed(span: CellSpan): Problem {
    const line = this.firstLine + span.shown;
    const text = this.line(span.shown).trim();
    const range = {
      line,
      character: span.fence!.openColumn,
      endLine: line,
      endCharacter: this.line(span.shown).trimEnd().length,
    };
    return { code: 'fence-unclosed', message: `\`${text}\` is never closed`, severity: 'warning', range };
  }
}
