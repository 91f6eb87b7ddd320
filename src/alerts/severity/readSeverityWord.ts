// The severity that a label's value, a table's cell or a heading tells: its word kept as it stands.

import { levelWord, readLevelToken } from './severityWord.ts';

export interface SeverityText {
  readonly raw: string;
  readonly label: string | null;
}

/** Null for a template (`[P0/P1/P2]`, `<severity>`) and for prose; an unknown word of one or two is kept. */
export function readSeverityWord(value: string): SeverityText | null {
  const text = value
    .trim()
    .replace(/^["'`*_]+|["'`*_.]+$/g, '')
    .trim();
  if (text === '' || /^[[<{$]/.test(text)) return null;
  const token = readLevelToken(text);
  if (token) {
    const label = /[A-Za-z]+/.exec(token.rest)?.[0] ?? null;
    return { raw: token.raw, label: label && levelWord.test(label) ? label : null };
  }
  const first = /^[A-Za-z]+/.exec(text)?.[0] ?? '';
  const several = text.split(/\s*(?:,|\/|\||\bor\b|\band\b|→|->)\s*/);
  if (several.length > 1 && several.every((part) => levelWord.test(part.trim())))
    return { raw: text, label: null };
  if (levelWord.test(first)) return { raw: first, label: null };
  return /^[A-Za-z][\w-]*(\s[A-Za-z][\w-]*)?$/.test(text) ? { raw: text, label: null } : null;
}

/** Is the text a severity's word, rather than any word? */
export function isSeverityText(text: SeverityText): boolean {
  return levelWord.test(text.raw) || readLevelToken(text.raw) !== null;
}
