// A notebook as an editor holds it: plain values only, so that it survives JSON and any channel.

export interface CellShape {
  readonly kind: 'markup' | 'code';
  readonly languageId: string;
  readonly value: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface NotebookShape {
  readonly cells: readonly CellShape[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * What a cell's metadata holds after `toNotebook`. All are strings: editors compare metadata by reference. A cell
 * that was inserted, pasted, split or copied has none of them, or only `info`.
 */
export interface CellMetadata {
  /** The cell's slice of the source (`DocumentCell.raw`). */
  readonly raw: string;
  /** How the slice divides (`encodeLayout`). */
  readonly layout: string;
  /** The cell's index when the document was read. */
  readonly at: string;
  /** List indent or quote prefix that a fence right behind this cell has, or would have. */
  readonly after?: string;
  /** `yes` where no blank line stands before the cell. */
  readonly tight?: string;
}

/** What the notebook's metadata holds after `toNotebook`. */
export interface NotebookMetadata {
  readonly preamble: string;
  readonly lineEnding: 'lf' | 'crlf' | 'cr';
  /** How many cells there were. */
  readonly cells: string;
  /** Info strings and comments of its fences (`encodeHeads`). */
  readonly heads: string;
}

export function stringOf(metadata: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = metadata[key];
  return typeof value === 'string' ? value : undefined;
}
