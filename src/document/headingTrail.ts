// The headings above a line, outermost first. Headings inside quotes are somebody's words, not the document's parts.

export interface TitledHeading {
  readonly line: number;
  readonly level: number;
  /** Plain text. */
  readonly title: string;
}

const noHeadings: readonly string[] = [];

/** Asked with growing lines. Cells below the same heading share one array. */
export class HeadingTrail {
  #next = 0;
  readonly #stack: TitledHeading[] = [];
  #titles: readonly string[] = noHeadings;

  constructor(private readonly headings: readonly TitledHeading[]) {}

  /** Titles in force at `line`, a heading on the line itself included. */
  at(line: number): readonly string[] {
    let changed = false;
    for (; this.#next < this.headings.length && this.headings[this.#next]!.line <= line; this.#next++) {
      const heading = this.headings[this.#next]!;
      while (this.#stack.length > 0 && this.#stack.at(-1)!.level >= heading.level) this.#stack.pop();
      this.#stack.push(heading);
      changed = true;
    }
    if (changed) this.#titles = this.#stack.map((heading) => heading.title);
    return this.#titles;
  }
}
