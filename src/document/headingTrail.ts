// The headings above a line, outermost first. Headings inside quotes are somebody's words, not the document's parts.

import { headingText } from './headingText.ts';
import type { HeadingBlock } from './markdownBlocks.ts';

const noHeadings: readonly string[] = [];

/** Asked with growing lines. Cells below the same heading share one array. */
export class HeadingTrail {
  #next = 0;
  readonly #stack: { level: number; title: string }[] = [];
  #titles: readonly string[] = noHeadings;

  constructor(private readonly headings: readonly HeadingBlock[]) {}

  /** Titles in force at `line`, a heading on the line itself included. */
  at(line: number): readonly string[] {
    let changed = false;
    for (; this.#next < this.headings.length && this.headings[this.#next]!.line <= line; this.#next++) {
      const { level, source, inQuote } = this.headings[this.#next]!;
      if (inQuote) continue;
      while (this.#stack.length > 0 && this.#stack.at(-1)!.level >= level) this.#stack.pop();
      this.#stack.push({ level, title: headingText(source) });
      changed = true;
    }
    if (changed) this.#titles = this.#stack.map((heading) => heading.title);
    return this.#titles;
  }
}
