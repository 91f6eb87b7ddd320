// The variables that a session has besides the user's own: those of the runbook's `.env`, and the incident's. Which
// they are is told in the README.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { environmentGaps, isLoader } from '../shell/loaders.ts';
import type { IncidentStatus } from './incidentStatus.ts';

/**
 * They decide how bash and programs start, which programs those are, what configures them and where calls go, before
 * any cell and any question: a file of the repository has no say in that.
 */
const notFromFile =
  /^(?:BASHOPTS|SHELLOPTS|IFS|RUNBOOK_.*|KUBECONFIG|KUBERNETES_.*|HELM_(?:KUBE.*|.*_HOME|BIN)|HOME|XDG_.*|AWS_CONFIG_FILE|DOCKER_(?:CONFIG|HOST|CONTEXT)|CLOUDSDK_CONFIG|AZURE_.*_DIR|GNUPGHOME|ANSIBLE_.*|KREW_ROOT)$/;

/** Variables that a file of the repository (`.env`, front matter) may set, of those that it names. */
export function fileVariables(
  given: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const isAllowed = (name: string, value: string): boolean =>
    /^[A-Za-z_]\w*$/.test(name) &&
    !notFromFile.test(name) &&
    environmentGaps([name]).length === 0 &&
    !isLoader(`${name}=${value}`);
  return Object.fromEntries(
    Object.entries(given).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && isAllowed(entry[0], entry[1]),
    ),
  );
}

const mostBytes = 256 * 1024;

/** Of the `.env` in the runbook's folder; none where there is no such file, or none that can be read. */
export async function dotEnv(folder: string): Promise<Record<string, string>> {
  const text = await readFile(path.join(folder, '.env'), 'utf8').catch(() => '');
  if (text.length > mostBytes) return {};
  return fileVariables(parseEnv(text));
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
