// A heading that tells it: `##### Severity: critical`, `## P1: Database down`, `## DiskFull (critical)`, or
// `## Severity` with the word below.

import { isHumpedName, titleName } from '../alertName.ts';
import {
  type SeverityDeclaration,
  type SeverityMatcher,
  siblingReach,
  widenedReach,
} from '../declaration.ts';
import { isSeverityText, readSeverityWord } from './readSeverityWord.ts';
import { readLevelToken } from './severityWord.ts';

/** What stands behind an alert's name: `(critical)`, `[P2]`, `- warning`. */
const behindName = /\S\s*(?:[([]\s*([\w -]+?)\s*[)\]]|\s[–—-]\s+([\w-]+))$/;
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
    const behind = isHumpedName(titleName(heading.text)) ? behindName.exec(heading.text) : null;
    const level = behind && readSeverityWord(behind[1] ?? behind[2]!);
    if (level && isSeverityText(level)) {
      found.push({ ...base, ...level, reach: own });
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
