// The document as the matchers read it: headings with their reach, lines of prose, list items, tables and
// fences, each with its line. Text in fences and in HTML comments is never prose.

/** `endLine` is the first line after the heading's whole section, deeper headings included. */
export interface OutlineHeading {
  readonly level: number;
  readonly text: string;
  readonly line: number;
  readonly endLine: number;
  readonly parent: OutlineHeading | undefined;
  /** Its place among the headings. */
  readonly index: number;
}

/** One source line of prose, its markup gone; `code` holds its code spans. */
export interface OutlineText {
  readonly line: number;
  readonly text: string;
  readonly code: readonly string[];
}

/** A list item: its own first line, and all lines below it. */
export interface OutlineItem {
  readonly line: number;
  readonly endLine: number;
  readonly depth: number;
  /** Which list it is of. */
  readonly list: number;
  readonly text: string;
}

export interface OutlineTable {
  readonly line: number;
  readonly header: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

export interface OutlineFence {
  readonly line: number;
  readonly endLine: number;
  /** First word of the info string, lower case. */
  readonly language: string;
  readonly text: string;
}

/** A link or image with its target as the parser gives it. */
export interface OutlineLink {
  readonly line: number;
  readonly href: string;
}

/** Code that is in no fence: an indented block, an HTML block, a run of backticks alone on its line. */
export interface OutlineBlock {
  readonly kind: 'indented' | 'html' | 'one-line';
  readonly line: number;
  readonly endLine: number;
}

export interface DocumentOutline {
  readonly lineCount: number;
  readonly headings: readonly OutlineHeading[];
  readonly texts: readonly OutlineText[];
  readonly items: readonly OutlineItem[];
  readonly tables: readonly OutlineTable[];
  readonly fences: readonly OutlineFence[];
  readonly links: readonly OutlineLink[];
  readonly blocks: readonly OutlineBlock[];
  /** `id` and `name` attributes of HTML in it. */
  readonly ids: readonly string[];
}

/** The innermost heading whose section holds `line`: the last one at or above it, since sections nest. */
export function headingAt(outline: DocumentOutline, line: number): OutlineHeading | undefined {
  return outline.headings[firstAfter(outline.headings, line) - 1];
}

/** The prose from `start` to before `end`. */
export function textsBetween(outline: DocumentOutline, start: number, end: number): readonly OutlineText[] {
  return outline.texts.slice(firstAfter(outline.texts, start - 1), firstAfter(outline.texts, end - 1));
}

/** Index of the first entry below `line`; entries are in the order of their lines. */
export function firstAfter(entries: readonly { readonly line: number }[], line: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.line <= line) low = middle + 1;
    else high = middle;
  }
  return low;
}
