// How a cell's raw slice divides into what an editor shows and what stays out of sight: list indent and quote
// prefix, fence markers, blank lines after. With it a slice can be read again without the document around it.

import { linesOf, normalized, withoutEnding } from './sourceLines.ts';

export interface CellLayout {
  readonly kind: 'markup' | 'code';
  /** Lines of an attribute comment before the fence. */
  readonly lead: number;
  /** Characters before the opening marker on its line. */
  readonly openColumn: number;
  /** Whether the fence has its closing line. */
  readonly closed: boolean;
  /** Blank lines (or lines of a quote's bare prefix) after the cell, up to the next. */
  readonly gap: number;
  /**
   * What is cut from the front of each body line: 4 × characters + spaces put in their stead (0–3, where a tab
   * is cut in the middle). Empty: nothing is cut from any line.
   */
  readonly cuts: readonly number[];
}

/** A raw slice taken apart. Lines carry their endings. */
export interface SlicedCell {
  readonly layout: CellLayout;
  readonly lead: readonly string[];
  readonly open: string;
  readonly body: readonly string[];
  readonly close: string;
  readonly gap: readonly string[];
}

/** Undefined when the layout does not fit the slice: then the slice is not to be trusted. */
export function sliceCell(raw: string, layout: CellLayout): SlicedCell | undefined {
  const lines = linesOf(raw);
  const isCode = layout.kind === 'code';
  const bodyStart = isCode ? layout.lead + 1 : 0;
  const gapStart = lines.length - layout.gap;
  const bodyEnd = layout.closed ? gapStart - 1 : gapStart;
  if (bodyEnd < bodyStart || gapStart > lines.length) return undefined;
  if (layout.cuts.length > 0 && layout.cuts.length !== bodyEnd - bodyStart) return undefined;
  return {
    layout,
    lead: lines.slice(0, isCode ? layout.lead : 0),
    open: isCode ? lines[layout.lead]! : '',
    body: lines.slice(bodyStart, bodyEnd),
    close: layout.closed ? lines[bodyEnd]! : '',
    gap: lines.slice(gapStart),
  };
}

/** The body as an editor shows it: prefixes cut, lines joined by LF, no final newline. */
export function shownText(sliced: SlicedCell): string {
  return normalized(shownLines(sliced).join('\n'));
}

/** The body's lines as an editor shows them, without their endings. */
export function shownLines({ body, layout }: SlicedCell): string[] {
  if (layout.cuts.length === 0) return body.map(withoutEnding);
  return body.map((line, index) => {
    const cut = layout.cuts[index]!;
    return ' '.repeat(cut & 3) + withoutEnding(line).slice(cut >> 2);
  });
}

/** One short string: what the notebook's metadata can hold (values there must be primitives). */
export function encodeLayout(layout: CellLayout): string {
  const runs: string[] = [];
  for (let at = 0; at < layout.cuts.length; ) {
    let end = at + 1;
    while (end < layout.cuts.length && layout.cuts[end] === layout.cuts[at]) end++;
    runs.push(`${layout.cuts[at]}*${end - at}`);
    at = end;
  }
  const { kind, lead, openColumn, closed, gap } = layout;
  return [kind, lead, openColumn, closed ? 'closed' : 'open', gap, runs.join(' ')].join(',');
}

/** Undefined for anything that `encodeLayout` did not write. */
export function decodeLayout(text: string): CellLayout | undefined {
  const match = /^(markup|code),(\d{1,9}),(\d{1,9}),(closed|open),(\d{1,9}),([\d* ]*)$/.exec(text);
  if (!match) return undefined;
  const cuts: number[] = [];
  for (const run of match[6] ? match[6].split(' ') : []) {
    const [cut, times] = run.split('*').map(Number);
    if (cut === undefined || times === undefined || !(cuts.length + times < 1e7)) return undefined;
    for (let n = 0; n < times; n++) cuts.push(cut);
  }
  return {
    kind: match[1] as 'markup' | 'code',
    lead: Number(match[2]),
    openColumn: Number(match[3]),
    closed: match[4] === 'closed',
    gap: Number(match[5]),
    cuts,
  };
}
