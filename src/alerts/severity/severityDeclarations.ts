// All severities that a document tells: by the matchers, by the rules and tables that name its alerts, and at last by
// the alerts' own names.

import type { AlertDeclaration, MatchContext, SeverityDeclaration } from '../declaration.ts';
import { severityMatchers } from './severityMatchers.ts';

export function severityDeclarations(
  context: MatchContext,
  alerts: readonly AlertDeclaration[],
): SeverityDeclaration[] {
  const told = severityMatchers.flatMap((match) => match(context));
  const ofAlerts = alerts.flatMap(({ severity, reach }) =>
    severity ? [{ ...severity, reach, own: reach, strength: 1 as const }] : [],
  );
  return [...narrowWhereTheyDiffer(told), ...ofAlerts, ...alerts.flatMap(ofName)];
}

/** Two sections, each with its own severity, that both reached further: neither speaks for the whole. */
function narrowWhereTheyDiffer(told: readonly SeverityDeclaration[]): SeverityDeclaration[] {
  const words = new Map<string, Set<string>>();
  const sections = new Map<string, Set<number>>();
  for (const { reach, own, raw } of told) {
    const key = `${reach.line} ${reach.endLine}`;
    words.set(key, (words.get(key) ?? new Set()).add(raw.toLowerCase()));
    sections.set(key, (sections.get(key) ?? new Set()).add(own.line));
  }
  return told.map((one) => {
    const key = `${one.reach.line} ${one.reach.endLine}`;
    return words.get(key)!.size > 1 && sections.get(key)!.size > 1 ? { ...one, reach: one.own } : one;
  });
}

/** `VolumeFillingUpCritical`; "High" and "Low" at a name's end are what it measures. */
function ofName({ name, reach, line, tier }: AlertDeclaration): SeverityDeclaration[] {
  const raw = /[a-z0-9_-](Critical|Warning|Info)$|[_-](critical|warning|info|[sS][1-4]|[pP][0-4])$/.exec(
    name,
  );
  if (!raw || tier === 'mentioned') return [];
  const word = raw[1] ?? raw[2]!;
  return [
    {
      raw: word,
      label: null,
      via: 'name-suffix',
      reach,
      own: reach,
      strength: 3,
      ...(line !== undefined && { line }),
    },
  ];
}
