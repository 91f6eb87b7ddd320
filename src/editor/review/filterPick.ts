// Choosing a filter: one list with all that the incidents of this machine offer, several at once.

import * as vscode from 'vscode';
import type { IncidentStatus } from '../../incident/incidentStatus.ts';
import type { IncidentFilter } from '../../incident/review/incidentFilter.ts';

interface Row extends vscode.QuickPickItem {
  readonly facet?: 'severities' | 'alerts' | 'people' | 'failed' | 'changes';
  readonly value?: string;
}

/** undefined where it was dismissed. */
export async function pickFilter(
  incidents: readonly IncidentStatus[],
  now: IncidentFilter,
): Promise<IncidentFilter | undefined> {
  const rows: Row[] = [
    { label: '$(error) Failed runs', facet: 'failed', picked: now.failed },
    { label: '$(edit) Changes', facet: 'changes', picked: now.changes },
  ];
  const section = (
    title: string,
    facet: 'severities' | 'alerts' | 'people',
    icon: string,
    values: readonly string[],
  ): void => {
    const all = [...new Set([...values, ...now[facet]])].sort();
    if (all.length > 0) rows.push({ label: title, kind: vscode.QuickPickItemKind.Separator });
    for (const value of all)
      rows.push({ label: `$(${icon}) ${value}`, facet, value, picked: now[facet].includes(value) });
  };
  const severities = incidents.flatMap(({ severity }) => severity ?? []);
  section('Severity', 'severities', 'warning', severities);
  section(
    'Alert',
    'alerts',
    'bell',
    incidents.flatMap(({ alerts }) => alerts),
  );
  section(
    'Person',
    'people',
    'person',
    incidents.flatMap(({ people }) => people),
  );
  const picked = await vscode.window.showQuickPick(rows, {
    title: 'Show Which Incidents?',
    placeHolder: 'Nothing chosen shows all',
    canPickMany: true,
  });
  if (!picked) return undefined;
  const values = (facet: Row['facet']): string[] =>
    picked.flatMap((row) => (row.facet === facet && row.value !== undefined ? [row.value] : []));
  return {
    severities: values('severities'),
    alerts: values('alerts'),
    people: values('people'),
    failed: picked.some(({ facet }) => facet === 'failed'),
    changes: picked.some(({ facet }) => facet === 'changes'),
  };
}

export function filterText({ severities, alerts, people, failed, changes }: IncidentFilter): string {
  return [
    ...(failed ? ['failed'] : []),
    ...(changes ? ['changes'] : []),
    ...severities,
    ...alerts,
    ...people,
  ].join(', ');
}
