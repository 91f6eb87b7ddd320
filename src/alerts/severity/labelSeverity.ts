// A label line: `**Severity**: High`, `Severity: P1 (Critical)`, `Priority: P2`.

import { ownReach, type SeverityDeclaration, type SeverityMatcher, widenedReach } from '../declaration.ts';
import { isSeverityText, readSeverityWord } from './readSeverityWord.ts';

const label = /^(?:alert\s+)?(severity|sev|priority|urgency)(?:\s+level)?\s*[:=–—]\s*(\S.*)$/i;

export const matchLabelSeverity: SeverityMatcher = (context) => {
  const found: SeverityDeclaration[] = [];
  for (const { line, text } of context.outline.texts) {
    const match = label.exec(text);
    if (!match || context.inScale(line)) continue;
    const word = readSeverityWord(match[2]!);
    // Only "severity" may hold a word that is known to nobody; a priority of "best effort" is none.
    if (!word || (!/^sev/i.test(match[1]!) && !isSeverityText(word))) continue;
    const reach = widenedReach(context, line);
    found.push({ ...word, via: 'label', line, reach, own: ownReach(context, line), strength: 1 });
  }
  return found;
};
