// Editors forget what a cell was when they split it, or cut and paste it: the new cells have text only. The
// notebook itself remembers the heads of its fences, so that such a cell gets its tag, its attributes and the
// comment before it back.

import { parseInfo } from './infoString.ts';
import { languageIdOf, plainText } from './languages.ts';
import type { CellShape } from './notebookShape.ts';
import { withoutEnding } from './sourceLines.ts';

export interface FenceHead {
  /** The info string. */
  readonly info: string;
  /** Lines of an attribute comment, without the fence's prefix. */
  readonly lead: readonly string[];
}

interface KnownHead extends FenceHead {
  /** The cell's index when the document was read. */
  readonly at: number;
  /** Of its body. */
  readonly firstLine: string;
}

/** One string for the notebook's metadata; plain `bash` fences are left out. */
export function encodeHeads(heads: readonly KnownHead[]): string {
  const kept = heads.filter(({ info, lead }) => info !== 'bash' || lead.length > 0);
  return JSON.stringify(kept.map(({ at, info, lead, firstLine }) => [at, info, lead, firstLine]));
}

/** None for anything that `encodeHeads` did not write. */
export function decodeHeads(text: string): KnownHead[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.flatMap(headOf) : [];
  } catch {
    return [];
  }
}

function headOf(value: unknown): KnownHead[] {
  if (!Array.isArray(value)) return [];
  const [at, info, lead, firstLine] = value as unknown[];
  const isText = (one: unknown): one is string => typeof one === 'string' && !/[\r\n]/.test(one);
  if (typeof at !== 'number' || !isText(info) || !isText(firstLine)) return [];
  if (!Array.isArray(lead) || !lead.every(isText)) return [];
  return [{ at, info, lead, firstLine }];
}

export const leadOf = (lines: readonly string[]): string[] =>
  lines.map((line) => withoutEnding(line).replace(/^[ \t>]+/, ''));

/**
 * For each new code cell the head of the cell that it was: one that is gone and began with the same line. New
 * cells right behind it are its other parts: they bear its tag and no attributes.
 *
 * @param isNew whether a cell has no source of its own
 * @param isGone whether the cell with an index of old is not there any more
 */
export function lostHeads(
  heads: readonly KnownHead[],
  cells: readonly CellShape[],
  isNew: (index: number) => boolean,
  isGone: (at: number) => boolean,
): Map<number, FenceHead> {
  const found = new Map<number, FenceHead>();
  const gone = heads.filter(({ at }) => isGone(at));
  let above: KnownHead | undefined;
  cells.forEach((cell, index) => {
    if (gone.length === 0 && !above) return;
    if (cell.kind !== 'code' || !isNew(index)) above = undefined;
    else {
      const own = gone.findIndex((head) => fits(head, cell) && head.firstLine === firstLineOf(cell));
      if (own >= 0) [above] = gone.splice(own, 1);
      if (!above || !fits(above, cell)) return;
      found.set(index, own >= 0 ? above : { info: parseInfo(above.info).tag, lead: [] });
    }
  });
  return found;
}

export const firstLineOf = ({ value }: Pick<CellShape, 'value'>): string => /^[^\r\n]*/.exec(value)![0];

function fits({ info }: FenceHead, { languageId }: CellShape): boolean {
  return languageId === plainText || languageId === languageIdOf(parseInfo(info).tag.toLowerCase());
}
