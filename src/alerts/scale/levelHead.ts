// The head of one level of a scale: `P0 - Critical`, `SEV-1 (Critical)`, `Level 1: Warning (Team Notification)`,
// `Critical`.

import { levelWord, readLevelToken } from '../severity/severityWord.ts';

export interface LevelHead {
  readonly raw: string;
  readonly family: string;
  readonly rank: number | null;
  readonly label: string | null;
  /** What the head tells besides: a note in brackets, or words after the label. */
  readonly note: string | null;
}

/** Null where the text is no level's head; `P0 scenarios: …` is none, since a word follows the token. */
export function readLevelHead(text: string): LevelHead | null {
  const token = readLevelToken(text);
  if (!token) return wordHead(text);
  const rest = token.rest.trim();
  if (rest !== '' && !/^([:(/=,.–—-]|\[)/.test(rest)) return null;
  const parts = rest
    .replace(/^[\s:/=,.–—-]+/, '')
    .split(/[()[\]:;,.–—]|\s-\s/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const label = parts[0] && isLabel(parts[0]) ? parts[0] : null;
  const note = (label ? parts.slice(1) : parts).join(' ') || null;
  return { raw: token.raw, family: token.family, rank: token.rank, label, note };
}

function wordHead(text: string): LevelHead | null {
  const match = /^\s*([A-Za-z]+)\s*(?:$|[:(–—-]\s*(.*))/.exec(text);
  if (!match || !levelWord.test(match[1]!)) return null;
  const note = match[2]?.replace(/\)\s*$/, '').trim() || null;
  return { raw: match[1]!, family: 'WORD', rank: null, label: match[1]!, note };
}

/** A label is a level's word, alone or with a word beside it (`Critical impact`), never a sentence. */
function isLabel(text: string): boolean {
  const wordsOf = text.split(/\s+/);
  return wordsOf.length <= 2 && wordsOf.some((word) => levelWord.test(word));
}
