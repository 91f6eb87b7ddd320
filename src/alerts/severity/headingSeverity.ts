// A heading that tells it: `##### Severity: critical`, `## P1: Database down`, or `## Severity` with the word below.

import {
  type SeverityDeclaration,
  type SeverityMatcher,
  siblingReach,
  widenedReach,
} from '../declaration.ts';
import { isSeverityText, readSeverityWord } from './readSeverityWord.ts';
import { readLevelToken } from './severityWord.ts';

const said = /^(?:alert\s+)?severity\s*[:=–—-]\s*(\S.*)$/i;

export const matchHeadingSeverity: SeverityMatcher = (context) => {
  const found: SeverityDeclaration[] = [];
  for (const heading of context.outline.headings) {
    if (context.inScale(heading.line)) continue;
    const own = { line: heading.line, endLine: heading.endLine };
    const base = { via: 'heading' as const, line: heading.line, own, strength: 1 as const };
    const match = said.exec(heading.text);
    const word = match ? readSeverityWord(match[1]!) : null;
    if (word) {
      const reach = siblingReach(context, heading, (other) => said.test(other.text));
      found.push({ ...base, ...word, reach });
      continue;
    }
    const token = readLevelToken(heading.text);
    if (token && /^(P|SEV|SEVERITY|PRIORITY)$/.test(token.family) && /^\s*[:)\]–—-]/.test(token.rest)) {
      found.push({ ...base, raw: token.raw, label: null, reach: own });
      continue;
    }
    if (!/^(alert\s+)?severity$/i.test(heading.text)) continue;
    const below = context.outline.texts.find(({ line, text }) => line > heading.line && text !== '');
    const told = below && below.line < heading.endLine ? readSeverityWord(below.text) : null;
    if (told && isSeverityText(told) && below!.text.split(/\s+/).length <= 4)
      found.push({ ...base, ...told, line: below!.line, reach: widenedReach(context, heading.line) });
  }
  return found;
};
