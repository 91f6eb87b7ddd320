// The variables that a session has besides the user's own: those of the runbook's `.env`, and the incident's. Which
// they are is told in the README.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import type { IncidentStatus } from './incidentStatus.ts';

/** They decide how bash and programs start, before any cell: a file of the repository has no say in that. */
const notFromFile =
  /^(?:BASH_ENV|ENV|BASH_FUNC_.*|BASHOPTS|SHELLOPTS|PROMPT_COMMAND|IFS|PS4|LD_.*|DYLD_.*|NODE_OPTIONS|RUNBOOK_.*)$/;

const mostBytes = 256 * 1024;

/** Of the `.env` in the runbook's folder; none where there is no such file, or none that can be read. */
export async function dotEnv(folder: string): Promise<Record<string, string>> {
  const text = await readFile(path.join(folder, '.env'), 'utf8').catch(() => '');
  if (text.length > mostBytes) return {};
  return Object.fromEntries(
    Object.entries(parseEnv(text)).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !notFromFile.test(entry[0]),
    ),
  );
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
