// The variables that a session has besides the user's own: those of the runbook's `.env`, and the incident's. Which
// they are is told in the README.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { mayFileSet } from '../shell/fileVariables.ts';
import type { IncidentStatus } from './incidentStatus.ts';

/** What files of the repository (`.env`, front matter) set, and the names of what is not taken from them. */
export interface FileVariables {
  readonly taken: Record<string, string>;
  readonly left: readonly string[];
}

export function fileVariables(given: Readonly<Record<string, string | undefined>> = {}): FileVariables {
  const taken: Record<string, string> = {};
  const left: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (mayFileSet(name, value)) taken[name] = value;
    else left.push(name);
  }
  return { taken, left };
}

/** What is said beside the first cell. */
export function leftVariablesNotices(left: readonly string[]): string[] {
  if (left.length === 0) return [];
  const them = left.length === 1 ? 'it' : 'them';
  return [
    `Not taken from the runbook or its .env: ${left.join(', ')}. No file may say what runs or where calls go; set ${them} where VS Code or runbook is started.`,
  ];
}

const mostBytes = 256 * 1024;

/** Of the `.env` in the runbook's folder, as it stands there; none where there is no such file, or none that can be read. */
export async function dotEnv(folder: string): Promise<NodeJS.Dict<string>> {
  const text = await readFile(path.join(folder, '.env'), 'utf8').catch(() => '');
  if (text.length > mostBytes) return {};
  return parseEnv(text);
}

/** Those that are there whatever the incident is. */
export const incidentVariableNames = ['RUNBOOK_INCIDENT', 'RUNBOOK_INCIDENT_TITLE'] as const;

type Known = Pick<IncidentStatus, 'id' | 'title' | 'severity' | 'alert' | 'labels'>;

/** A label `pod` is `RUNBOOK_ALERT_LABEL_POD`. */
export function incidentVariables({ id, title, severity, alert, labels }: Known): Record<string, string> {
  const own = Object.entries(labels).map(([name, value]) => [
    `RUNBOOK_ALERT_LABEL_${name.replace(/\W/g, '_').toUpperCase()}`,
    value,
  ]);
  return {
    RUNBOOK_INCIDENT: id,
    RUNBOOK_INCIDENT_TITLE: title,
    ...(severity ? { RUNBOOK_SEVERITY: severity } : {}),
    ...(alert ? { RUNBOOK_ALERT: alert } : {}),
    ...Object.fromEntries(own),
  };
}
