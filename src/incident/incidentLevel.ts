// How bad an incident is, as the guard takes it: the level that its severity has on the scale of its runbook.

import type { DocumentAlerts } from '../alerts/documentAlerts.ts';
import type { IncidentLevel } from '../guard/decide.ts';
import { severityOf } from './incidentSeverity.ts';
import { incidentStatus } from './incidentStatus.ts';

/**
 * @param folder the incident's own folder
 * @returns null where it has no severity, where nothing maps its word, or where nobody declared it: the policy then
 *   asks as for no incident, which is stricter
 */
export async function incidentLevel(
  folder: string,
  declarations: Pick<DocumentAlerts, 'scales'>,
): Promise<IncidentLevel> {
  const { severity, adHoc } = await incidentStatus(folder);
  return severity && !adHoc ? severityOf(severity, declarations).level : null;
}
