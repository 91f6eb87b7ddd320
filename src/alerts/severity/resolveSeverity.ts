// A severity's word to a level: by the document's own scales, else by the general words, else not at all.

import type { SeverityWord } from '../declaration.ts';
import type { CellSeverity, SeverityNumber, SeverityScale } from '../documentAlerts.ts';
import { generalLevel, normaliseToken } from './severityWord.ts';

/** Of several words (`warning or critical`) the worst: a severity is never lowered. */
export function resolveSeverity(word: SeverityWord, scales: readonly SeverityScale[]): CellSeverity {
  let level: SeverityNumber = null;
  let scale: string | null = null;
  for (const part of [
    ...word.raw.split(/\s*(?:,|\/|\||\bor\b|\band\b)\s*/),
    ...(word.label ? [word.label] : []),
  ]) {
    const found = levelOf(part, scales);
    if (found.level !== null && (level === null || found.level < level)) ({ level, scale } = found);
    // A token that the document's scale maps needs no label to help it.
    if (found.scale !== null && part === word.raw) break;
  }
  return {
    raw: word.raw,
    level,
    scale,
    via: word.via,
    ...(word.line !== undefined && { line: word.line }),
  };
}

/** Level of one word: by `scales` where one of them has it, else by the general words, else null. */
export function levelOf(
  part: string,
  scales: readonly SeverityScale[],
): { level: SeverityNumber; scale: string | null } {
  const token = normaliseToken(part);
  for (const matches of [
    (level: SeverityScale['levels'][number]) => normaliseToken(level.raw) === token,
    (level: SeverityScale['levels'][number]) => level.label?.toLowerCase() === token,
  ]) {
    for (const scale of scales) {
      const level = scale.levels.find(matches);
      if (level && level.level !== null) return { level: level.level, scale: scale.name };
    }
  }
  return { level: generalLevel(part), scale: null };
}
