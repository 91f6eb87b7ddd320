// The severity of an incident on the scale that its runbook lays down: its level, and how soon to respond.

import type { DocumentAlerts, SeverityLevel } from '../alerts/documentAlerts.ts';
import { generalLevel, normaliseToken } from '../alerts/severity/severityWord.ts';
import type { IncidentLevel } from '../guard/decide.ts';

export interface SeverityChoice {
  /** As the scale writes it. */
  readonly raw: string;
  readonly level: IncidentLevel;
  readonly label: string | null;
  /** Milliseconds; null where no time is told. */
  readonly responseMs: number | null;
  readonly escalation: string | null;
  /** Milliseconds after which it is due; null where no time is told. */
  readonly escalationMs: number | null;
}

const general: readonly SeverityChoice[] = [
  { raw: 'critical', level: 1, label: null, responseMs: null, escalation: null, escalationMs: null },
  { raw: 'high', level: 2, label: null, responseMs: null, escalation: null, escalationMs: null },
  { raw: 'medium', level: 3, label: null, responseMs: null, escalation: null, escalationMs: null },
  { raw: 'low', level: 4, label: null, responseMs: null, escalation: null, escalationMs: null },
];

/** What there is to choose from: the document's own scale, or the general words where it has none. */
export function severityChoices(declarations: Pick<DocumentAlerts, 'scales'>): readonly SeverityChoice[] {
  const [scale] = declarations.scales;
  return scale ? scale.levels.map(choiceOf) : general;
}

/**
 * The level that a word has in this runbook. A word that nothing maps has none: it is never lowered by a guess,
 * and `null` lets the policy ask as for no incident, which is stricter.
 */
export function severityOf(word: string, declarations: Pick<DocumentAlerts, 'scales'>): SeverityChoice {
  const wanted = normaliseToken(word);
  for (const scale of declarations.scales) {
    const found = scale.levels.find(
      (level) =>
        normaliseToken(level.raw) === wanted || level.label?.toLowerCase() === word.trim().toLowerCase(),
    );
    if (found) return choiceOf(found);
  }
  return {
    raw: word,
    level: generalLevel(word),
    label: null,
    responseMs: null,
    escalation: null,
    escalationMs: null,
  };
}

const choiceOf = ({
  raw,
  level,
  label,
  responseMs,
  escalation,
  escalationMs,
}: SeverityLevel): SeverityChoice => ({
  raw,
  level,
  label,
  responseMs,
  escalation,
  escalationMs,
});
