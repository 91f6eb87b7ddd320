// Alerts for an overview: one entry a name, the worst severity first, with its instances.

import type { SeverityNumber } from '../documentAlerts.ts';
import { generalLevel } from '../severity/severityWord.ts';
import type { AlertSnapshot } from './alertSnapshot.ts';
import { type AlertInstance, allInstances } from './alertState.ts';

export interface ActiveAlert {
  readonly name: string;
  /** The worst `severity` label of its instances; null where they have none. */
  readonly severity: string | null;
  readonly level: SeverityNumber;
  /** Of the instance that is worst off. */
  readonly state: AlertInstance['state'];
  readonly instances: readonly AlertInstance[];
}

export function activeAlerts(snapshot: AlertSnapshot): ActiveAlert[] {
  const byName = new Map<string, AlertInstance[]>();
  for (const instance of allInstances(snapshot)) {
    const name = instance.labels.alertname ?? '';
    byName.set(name, [...(byName.get(name) ?? []), instance]);
  }
  return [...byName]
    .map(([name, instances]) => {
      const words = instances.flatMap(({ labels }) => labels.severity ?? []);
      const severity = words.sort((a, b) => rank(generalLevel(a)) - rank(generalLevel(b)))[0] ?? null;
      const level = severity === null ? null : generalLevel(severity);
      return { name, severity, level, state: instances[0]!.state, instances };
    })
    .sort((a, b) => rank(a.level) - rank(b.level) || a.name.localeCompare(b.name));
}

/** What nothing maps stands after what is known to be bad, and before nothing. */
function rank(level: SeverityNumber): number {
  return level ?? 5;
}
