// `severity: high` in the front matter.

import { documentReach, type SeverityMatcher } from '../declaration.ts';
import { readSeverityWord } from './readSeverityWord.ts';

export const matchFrontMatterSeverity: SeverityMatcher = (context) => {
  const value = context.settings.severity;
  if (value === undefined) return [];
  const word = readSeverityWord(value) ?? { raw: value, label: null };
  const reach = documentReach(context);
  return [{ ...word, via: 'front-matter', line: 0, reach, own: reach, strength: 1 }];
};
