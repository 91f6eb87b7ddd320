// A scale as a reader of headings, lists or tables found it, before its levels are ranked.

import type { SeverityScale } from '../documentAlerts.ts';
import { spokenDuration } from '../spokenDuration.ts';
import type { LevelDetails } from './levelDetails.ts';
import type { LevelHead } from './levelHead.ts';
import { rankLevels } from './rankLevels.ts';

export interface LevelDraft {
  readonly head: LevelHead;
  readonly line: number;
  readonly details: LevelDetails;
}

export interface ScaleDraft {
  readonly name: string;
  readonly line: number;
  readonly endLine: number;
  readonly levels: readonly LevelDraft[];
}

/** Enough for a scale: two levels of one family with different ranks; `S` needs S1 and S2, since S3 alone is Amazon's. */
export function isScale(levels: readonly LevelDraft[]): boolean {
  if (levels.length < 2) return false;
  const families = new Set(levels.map(({ head }) => head.family));
  const raws = new Set(levels.map(({ head }) => head.raw.toLowerCase()));
  if (families.size !== 1 || raws.size !== levels.length) return false;
  if (families.has('S')) return ['s1', 's2'].every((raw) => raws.has(raw));
  return true;
}

export function finishScale(draft: ScaleDraft): SeverityScale {
  const times = draft.levels.map(({ details }) =>
    details.responseText === null ? null : spokenDuration(details.responseText),
  );
  const ranked = rankLevels(
    draft.levels.map(({ head }, index) => ({ ...head, responseMs: times[index] ?? null })),
  );
  return {
    name: draft.name,
    line: draft.line,
    levels: draft.levels.map(({ head, line, details }, index) => {
      // In a scale of escalation the note beside the label says who is told.
      const escalation = details.escalation ?? (/escalat/i.test(draft.name) ? head.note : null);
      return {
        raw: head.raw,
        level: ranked[index] ?? null,
        label: head.label,
        responseMs: times[index] ?? null,
        responseText: details.responseText,
        escalation,
        escalationMs: escalation === null ? null : spokenDuration(escalation),
        definition: details.definition,
        examples: details.examples,
        line,
      };
    }),
  };
}
