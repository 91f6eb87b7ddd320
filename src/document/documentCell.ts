// The shapes that the document room hands out.

import type { Problem } from '../base/problem.ts';
import type { CellAttributes } from './cellAttributes.ts';
import type { CellLayout } from './cellLayout.ts';
import type { DocumentSettings } from './frontMatter.ts';

export interface DocumentCell {
  readonly kind: 'markup' | 'code';
  /** The fence's tag in lower case; `markdown` for markup. */
  readonly language: string;
  /** What an editor shows: without list indent, quote prefix and markers; lines joined by LF, no final newline. */
  readonly text: string;
  /**
   * The source from this cell's first line (an attribute comment before the fence included) up to the next cell's.
   * The preamble and all cells' `raw`, one after the other, are the file.
   */
  readonly raw: string;
  readonly layout: CellLayout;
  /** `[start, end)` from 0: the fence with its markers, or the Markdown without the blank lines after it. */
  readonly lines: readonly [number, number];
  /** The line of the first line of `text`, for problems and breakpoints. */
  readonly textLine: number;
  /** Titles of the headings above and of its own, outermost first. */
  readonly headings: readonly string[];
  readonly executable: boolean;
  /** Why a code cell is not executable: a sentence for people. */
  readonly reason?: string;
  readonly attributes: CellAttributes;
  /** What stands behind the fence's marker, as typed. */
  readonly infoString?: string;
  /** Untagged fences in this Markdown that hold commands: never run, but offered to become a cell. */
  readonly offers?: readonly FenceOffer[];
}

export interface FenceOffer {
  /** `[start, end)` in the file, markers included. */
  readonly lines: readonly [number, number];
  /** The tag that would make it a cell. */
  readonly tag: 'bash' | 'console';
  readonly text: string;
}

export interface RunbookDocument {
  /** Byte order mark, front matter and blank lines before the first cell. */
  readonly preamble: string;
  readonly cells: readonly DocumentCell[];
  readonly settings: DocumentSettings;
  readonly problems: readonly Problem[];
}
