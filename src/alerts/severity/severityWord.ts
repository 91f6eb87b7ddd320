// The general words of severity, and the tokens (P1, SEV-2, Severity 3) that only a scale gives a meaning.

import type { SeverityNumber } from '../documentAlerts.ts';

const generalWords: Record<string, SeverityNumber> = {
  critical: 1,
  high: 2,
  warning: 3,
  medium: 3,
  info: 4,
  low: 4,
};

/** Level of a word that needs no scale; null for every other word: nothing is guessed. */
export function generalLevel(word: string): SeverityNumber {
  return generalWords[word.trim().toLowerCase()] ?? null;
}

/** Words that name a level of some scale. */
export const levelWord =
  /^(critical|emergency|blocker|fatal|high|error|major|serious|severe|warning|warn|medium|moderate|normal|minor|low|info|informational|notice|none|cosmetic|trivial|page|ticket)$/i;

export interface LevelToken {
  /** As written, without what surrounds it: `SEV-1`. */
  readonly raw: string;
  /** `P`, `SEV`, `SEVERITY`, `PRIORITY`, `S`, `LEVEL`, `TIER`. */
  readonly family: string;
  readonly rank: number;
  /** What follows the token. */
  readonly rest: string;
}

/** Reads a leading `P0`, `SEV-1`, `Severity 1`, `Priority 2`, `S2`, `Level 3`. */
export function readLevelToken(text: string): LevelToken | null {
  const match = /^\s*((P|S|SEV|Severity|Priority|Prio|Level|Tier)[ _-]?([0-9]))(?![\w%.])/i.exec(text);
  if (!match) return null;
  const family = match[2]!.toUpperCase();
  if (family.length === 1 && match[2] !== family) return null;
  return { raw: match[1]!, family, rank: Number(match[3]), rest: text.slice(match[0].length) };
}

/** `SEV-1`, `sev 1` and `Severity 1` are one; so are `P1` and `Priority 1`. */
export function normaliseToken(text: string): string {
  const token = readLevelToken(text.trim());
  if (token?.rest.trim() !== '') return text.trim().toLowerCase();
  const family = token.family === 'SEVERITY' || token.family === 'S' ? 'SEV' : token.family;
  return `${family.startsWith('PRIO') ? 'P' : family}${token.rank}`.toLowerCase();
}
