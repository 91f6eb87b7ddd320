// Prose: "fires at critical severity", "with a severity of `warning`", "this is a P1 alert".

import { ownReach, type SeverityDeclaration, type SeverityMatcher, widenedReach } from '../declaration.ts';
import { headingAt } from '../outline/documentOutline.ts';

const word = '(critical|high|warning|medium|info|low|P[0-5]|SEV-?[0-5]|S[1-4])';
const forms = [
  new RegExp(
    `\\b(?:fires?|fired|firing|raised|triggered|triggers|alerts?)\\b[^.]{0,60}?\\b(?:at|with|as)\\s+(?:an?\\s+|the\\s+)?["'\`]?${word}["'\`]?[ -](?:severity|level|priority)`,
    'i',
  ),
  new RegExp(
    `\\b(?:fires?|raised|triggered|triggers|alert)\\b[^.]{0,60}?\\bseverity\\s+(?:of|is|level)?\\s*(?:is\\s+)?["'\`]?${word}\\b`,
    'i',
  ),
  new RegExp(
    `\\bthis\\s+(?:alert\\s+)?is\\s+an?\\s+["'\`]?${word}["'\`]?[ -]?(?:severity\\s+)?(?:alert|incident|page|issue|severity)`,
    'i',
  ),
];
/** Prose that speaks of other alerts, or of conditions, declares nothing. */
const ofOthers =
  /\b(if|when|whenever|unless|in case|other|another|any|all|each|every|either|may|might|could)\b/i;

/** Counts only where the section says one word: two differ by conditions that nobody can read here. */
export const matchProseSeverity: SeverityMatcher = (context) => {
  const bySection = new Map<number, SeverityDeclaration[]>();
  for (const { line, text } of context.outline.texts) {
    if (context.inScale(line) || ofOthers.test(text)) continue;
    const raw = forms.map((form) => form.exec(text)?.[1]).find((found) => found !== undefined);
    if (!raw) continue;
    const section = headingAt(context.outline, line)?.line ?? -1;
    const reach = widenedReach(context, line);
    const own = ownReach(context, line);
    const one: SeverityDeclaration = { raw, label: null, via: 'prose', line, reach, own, strength: 2 };
    bySection.set(section, [...(bySection.get(section) ?? []), one]);
  }
  return [...bySection.values()].flatMap((found) =>
    new Set(found.map(({ raw }) => raw.toLowerCase())).size === 1 ? [found[0]!] : [],
  );
};
