// Where an incident stands, folded from its events: what lists, reports, packs and the status bar say of it, so
// that all of them say the same.

import type { Incident } from './readIncident.ts';
import { RunCounter, type RunCounts } from './runCounter.ts';
import { type TakeOver, takeOversOf } from './takeOvers.ts';

export interface IncidentNote {
  /** RFC 3339. */
  readonly time: string;
  readonly by: string;
  readonly text: string;
}

export interface IncidentFacts {
  readonly title: string;
  /** As last told; the raw word. */
  readonly severity: string | undefined;
  readonly alert: string | undefined;
  /** Started by running a cell, without anybody declaring an incident. */
  readonly adHoc: boolean;
  /** The fault of the practice cluster, where it is a drill. */
  readonly drill: string | undefined;
  readonly commander: string | undefined;
  /** The last time that somebody took over what was handed on. */
  readonly takenOver: TakeOver | undefined;
  /** Of its alert; empty where none are told. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339, as all times here. */
  readonly opened: string | undefined;
  readonly closed: string | undefined;
  readonly summary: string | undefined;
  /** When anything was last recorded. */
  readonly last: string | undefined;
  /** `user@host`, each once, in the order they came. */
  readonly people: readonly string[];
  readonly runs: RunCounts;
  /** Objects of a cluster that were seen to change. */
  readonly changes: number;
  /** Names of alerts that the incident, its cells or their states tell of. */
  readonly alerts: readonly string[];
  readonly notes: readonly IncidentNote[];
  /** Under legal hold: may not be pruned, and no blob of it erased. */
  readonly held: boolean;
  /** Where it was archived to, last. */
  readonly archived: string | undefined;
  /** The event that each of these rests on: `writer#seq`. */
  readonly cites: Readonly<Partial<Record<'opened' | 'severity' | 'closed', string>>>;
}

/** What a declaration or a change of it says, kept in the `extra` of a note about the incident itself. */
export interface Declaration {
  readonly title?: string;
  readonly severity?: string;
  readonly alert?: string;
  readonly commander?: string;
  /** Of the alert that it answers to, as they were when it began. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

type Told = Declaration & { readonly adHoc?: boolean };

/** Never throws: what the events don't say is undefined. */
export function factsOf(incident: Incident): IncidentFacts {
  let told: Told = {};
  const people = new Map<string, string>();
  const alerts = new Set<string>();
  const notes: IncidentNote[] = [];
  const runs = new RunCounter();
  let opened: string | undefined;
  let closed: { time: string; summary: string | undefined } | undefined;
  let changes = 0;
  let held = false;
  let archived: string | undefined;
  let drill: string | undefined;
  const cites: { opened?: string; severity?: string; closed?: string } = {};
  for (const { writer, event } of incident.events) {
    runs.see(event);
    const cite = `${writer}#${event.seq}`;
    switch (event.type) {
      case 'incident.opened':
        opened ??= event.time;
        cites.opened ??= cite;
        if (event.severity !== undefined) cites.severity = cite;
        told = { ...told, ...defined(event), ...defined((event.extra ?? {}) as Told) };
        drill ??= textsOf(event.extra).drill;
        people.set(writer, `${event.actor.user}@${event.actor.host}`);
        break;
      case 'incident.joined':
        people.set(writer, `${event.actor.user}@${event.actor.host}`);
        break;
      case 'incident.closed':
        closed = { time: event.time, summary: event.summary };
        cites.closed = cite;
        break;
      case 'incident.reopened':
        closed = undefined;
        break;
      case 'note':
        notes.push({ time: event.time, by: event.by ?? people.get(writer) ?? writer, text: event.text });
        if (event.about === 'incident') {
          const more = defined((event.extra ?? {}) as Told);
          told = { ...told, ...more, adHoc: false };
          if (more.severity !== undefined) cites.severity = cite;
        }
        break;
      case 'handover':
        // Who takes over says so themselves, in a note.
        told = { ...told, commander: event.from };
        break;
      case 'object.after':
        changes += 1;
        break;
      case 'cell.intent':
        for (const alert of event.alerts ?? []) alerts.add(alert);
        break;
      case 'alert.state':
        alerts.add(event.alert);
        break;
      case 'incident.held':
        held = event.on;
        break;
      case 'incident.archived':
        archived = event.to;
        break;
      default:
    }
  }
  if (told.alert) alerts.add(told.alert);
  return {
    title: told.title ?? incident.id,
    severity: told.severity,
    alert: told.alert,
    adHoc: told.adHoc ?? false,
    drill,
    commander: told.commander,
    takenOver: takeOversOf(incident).at(-1),
    labels: told.labels ?? {},
    annotations: told.annotations ?? {},
    opened: opened ?? incident.events[0]?.event.time,
    closed: closed?.time,
    summary: closed?.summary,
    last: incident.events.at(-1)?.event.time,
    people: [...new Set(people.values())],
    runs: runs.counts,
    changes,
    alerts: [...alerts],
    notes,
    held,
    archived,
    cites,
  };
}

/** Only what is text where text is meant: `extra` is whatever a log holds. */
function defined({ title, severity, alert, commander, adHoc, labels, annotations }: Told): Told {
  const words = Object.entries({ title, severity, alert, commander }).filter(
    ([, value]) => typeof value === 'string',
  );
  const maps = Object.entries({ labels, annotations }).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(words),
    ...Object.fromEntries(maps.map(([name, value]) => [name, textsOf(value)])),
    ...(typeof adHoc === 'boolean' ? { adHoc } : {}),
  };
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, one]) => typeof one === 'string'));
}
