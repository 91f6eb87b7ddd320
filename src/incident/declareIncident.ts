// What people say of an incident while it runs: its title, severity and commander, notes, its end. Each is an
// event, and the incident's state is read back from the events alone.

import { refuseClosedElsewhere } from './closedElsewhere.ts';
import type { Incident } from './incident.ts';
import type { Declaration } from './incidentStatus.ts';

/** Also turns the ad-hoc session of somebody who only ran a cell into an incident, with all that it recorded. */
export async function declareIncident(incident: Incident, declaration: Declaration): Promise<void> {
  await refuseClosedElsewhere(incident);
  const told = Object.entries(declaration).filter(([, value]) => value !== undefined && value !== '');
  await incident.writer.append({
    type: 'note',
    text: told
      .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : listed(value)}`)
      .join(', '),
    about: 'incident',
    extra: Object.fromEntries(told),
  });
}

const listed = (texts: Readonly<Record<string, string>>): string =>
  Object.entries(texts)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

export async function noteIncident(incident: Incident, text: string): Promise<void> {
  await refuseClosedElsewhere(incident);
  await incident.writer.append({ type: 'note', text });
}

/** What is left to be done once the incident is over, a note each. */
export async function noteFollowUps(incident: Incident, lines: readonly string[]): Promise<void> {
  for (const text of lines) await incident.writer.append({ type: 'note', text, about: 'follow-up' });
}
