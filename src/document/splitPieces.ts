// A cell that an editor split: its upper part is the old cell with less text, the other parts are new. The upper
// part comes with the line feed of its last line, which a person would not type as an empty line; the others are
// of the same language.

import { shownText } from './cellLayout.ts';
import { parseInfo } from './infoString.ts';
import { languageIdOf } from './languages.ts';
import type { Piece } from './notebookPieces.ts';

export function splitPieces(pieces: readonly Piece[]): Piece[] {
  const split = [...pieces];
  for (let index = 0; index + 1 < split.length; index++) {
    const upper = split[index]!;
    const lower = split[index + 1]!;
    if (!areParts(upper, lower)) continue;
    if (upper.value.endsWith('\n')) split[index] = { ...upper, value: upper.value.slice(0, -1) };
    const tag = upper.tag || parseInfo(upper.head?.info ?? '').tag;
    const isSame = tag !== '' && languageIdOf(tag) === lower.shape.languageId;
    const head = lower.head ?? (isSame ? { info: tag, lead: [] } : undefined);
    const partOf = upper.partOf ?? upper.at;
    split[index + 1] = { ...lower, ...(head ? { head } : {}), ...(partOf < 0 ? {} : { partOf }) };
  }
  return split;
}

function areParts(upper: Piece, lower: Piece): boolean {
  if (upper.shape.kind !== 'code' || lower.shape.kind !== 'code' || lower.state !== 'new') return false;
  if (upper.state === 'new') return upper.value.endsWith('\n');
  if (upper.state !== 'edited') return false;
  const old = shownText(upper.sliced!);
  return old.startsWith(upper.value) || (lower.value !== '' && old.endsWith(lower.value));
}
