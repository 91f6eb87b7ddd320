// An assessment is a function of the text: an editor asks for the same cell's again and again (status items, lint,
// details, "does it run beside the others"), and reads it once.

import { type Assessment, assess } from './assess.ts';
import type { ShellParser } from './shellParser.ts';

/** Characters of all texts whose assessments are kept; those asked for longest ago go first. */
const keptCharacters = 4_000_000;

interface Kept {
  readonly byText: Map<string, Assessment>;
  characters: number;
}

const kept = new WeakMap<ShellParser, Kept>();

/** What `assess(parser, text)` gives. One that hit its deadline is not kept: another try may see more. */
export function assessOnce(parser: ShellParser, text: string): Assessment {
  const cache = kept.get(parser) ?? { byText: new Map(), characters: 0 };
  kept.set(parser, cache);
  const known = cache.byText.get(text);
  if (known) {
    cache.byText.delete(text);
    cache.byText.set(text, known);
    return known;
  }
  const assessment = assess(parser, text);
  if (assessment.deadlineHit || text.length > keptCharacters) return assessment;
  cache.byText.set(text, assessment);
  cache.characters += text.length;
  for (const oldest of cache.byText.keys()) {
    if (cache.characters <= keptCharacters) break;
    cache.byText.delete(oldest);
    cache.characters -= oldest.length;
  }
  return assessment;
}
