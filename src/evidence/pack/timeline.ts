// The incident as a list of what happened, in words: the heart of timeline.md, of the drafts and of the report.

import { formatDuration } from '../../base/duration.ts';
import { oneLine } from '../../base/oneLine.ts';
import { severityName } from '../../base/severityName.ts';
import type { EventOf, EvidenceEvent } from '../events.ts';
import { lookOf, lookText, valuesText } from '../read/alertLook.ts';
import type { ReadEvent } from '../read/readIncident.ts';

export interface TimelineEntry {
  readonly time: string;
  readonly writer: string;
  readonly seq: number;
  /** Whoever the event names, or the writer's user. */
  readonly who: string;
  /** One line, no markup. */
  readonly text: string;
  readonly event: EvidenceEvent;
}

/** Types that are no news of their own: they belong to another event. */
const silent = new Set<string>([
  'output.frames',
  'output.blob',
  'checkpoint',
  'object.before',
  'gate.result',
  'clock.jumped',
]);

/** By the reason that the writer gave. */
const joinedFor: Readonly<Record<EventOf<'incident.joined'>['reason'], string>> = {
  join: '',
  reopen: ', to reopen it',
  fallback: ', in another folder',
  addendum: ', to add what was written later',
  pack: ', to pack it',
  keeping: ', to keep or prune it',
};

/** What a reader wants to see, in order. */
export function timelineOf(events: readonly ReadEvent[]): TimelineEntry[] {
  const users = new Map<string, string>();
  for (const { writer, event } of events) {
    if (event.type === 'incident.opened' || event.type === 'incident.joined')
      users.set(writer, event.actor.user);
  }
  const titles = new Map<string, string>();
  for (const { event } of events)
    if (event.type === 'cell.intent') titles.set(event.run, firstLine(event.source));
  return events
    .filter(({ event }) => !silent.has(event.type))
    .map(({ writer, event }) => ({
      time: event.time,
      writer,
      seq: event.seq,
      who: ('by' in event && event.by) || users.get(writer) || writer,
      text: told(event, titles),
      event,
    }));
}

/** How a claim names the event that it rests on: `writer#seq`. */
export function cite(entry: { readonly writer: string; readonly seq: number }): string {
  return `${entry.writer}#${entry.seq}`;
}

function told(event: EvidenceEvent, titles: ReadonlyMap<string, string>): string {
  const title = (run: string | undefined): string => `\`${(run && titles.get(run)) ?? run ?? 'a cell'}\``;
  switch (event.type) {
    case 'incident.opened':
      return `Opened the incident${event.title ? ` “${event.title}”` : ''}${event.severity ? `, ${severityName(event.severity).replace(/^Severity /, 'severity ')}` : ''}${event.alert ? `, alert ${event.alert}` : ''}`;
    case 'incident.joined':
      return `Joined the incident${joinedFor[event.reason]}${event.fallback ? `: ${event.fallback.folder} could not be written, ${event.fallback.error}` : ''}`;
    case 'incident.closed':
      return `Closed the incident${event.summary ? `: ${oneLine(event.summary)}` : ''}`;
    case 'incident.reopened':
      return `Reopened the incident: ${oneLine(event.reason)}`;
    case 'runbook.opened':
      return `Opened the runbook ${event.title ? `${event.title}, ` : ''}SHA-256 ${event.runbook.slice(0, 12)}…`;
    case 'runbook.amended':
      return `Amended the runbook ${event.runbook}`;
    case 'cell.intent':
      return `Ran ${title(event.run)} (${event.risk})${event.target?.context ? ` on ${event.target.context}` : ''}`;
    case 'cell.result':
      return `${title(event.run)} ${outcome(event)} after ${formatDuration(event.durationMs)}`;
    case 'cell.question':
      return `Was asked: ${oneLine(event.text)}`;
    case 'cell.answer':
      return `Answered: ${oneLine(event.answer)}`;
    case 'cell.choice':
      return `Chose ${oneLine(event.option)}`;
    case 'cell.skip':
      return `Skipped a cell: ${oneLine(event.reason)}`;
    case 'approval':
      return `Approval ${event.request}: ${event.decision}${event.reason ? `, ${oneLine(event.reason)}` : ''}`;
    case 'gate.call':
      return `\`${oneLine(event.argv.join(' '))}\` (${event.risk}): ${event.decision}`;
    case 'http.call':
      return `${event.method} ${event.url}: ${event.decision}${event.status === undefined ? '' : `, ${event.status}`}`;
    case 'capture':
      return `Captured ${oneLine(event.about)}${event.ok ? '' : ', which failed'}`;
    case 'object.after':
      return `Changed ${nameOf(event.object)}${event.absent ? ': it is gone' : ''}`;
    case 'artifact':
      return `Wrote ${event.path} (${event.bytes} bytes, ${event.kept})`;
    case 'alert.state': {
      const look = lookOf(event);
      if (!look) {
        const values = oneLine(valuesText(event));
        return `Alert ${event.alert} is ${event.state}${values ? `: ${values}` : ''}`;
      }
      const value = lookText(look);
      return `Alert ${event.alert} was ${event.state} ${look.when} ${title(look.run)}${value ? `: ${oneLine(value)}` : ''}`;
    }
    case 'note':
      return `Noted: ${oneLine(event.text)}`;
    case 'handover':
      return `Handed over from ${event.from} to ${event.to}: ${oneLine(event.text)}`;
    case 'addendum':
      return `Added “${oneLine(event.title)}”`;
    case 'pack.made':
      return `Made the pack ${event.name}`;
    case 'writer.recovered':
      return `Found ${event.writer} ended without closing: ${event.interrupted.length} cell(s) interrupted${event.torn ? ', a torn line set aside' : ''}`;
    case 'blob.erased':
      return `Erased the blob ${event.sha256.slice(0, 12)}: ${oneLine(event.reason)}`;
    default:
      return event.type;
  }
}

export function outcome(event: Extract<EvidenceEvent, { type: 'cell.result' }>): string {
  if (event.refused) return 'was refused';
  if (event.timedOut) return 'timed out';
  if (event.interrupted) return 'was interrupted';
  return event.ok
    ? 'succeeded'
    : `failed${event.exitCode === undefined ? '' : ` with exit status ${event.exitCode}`}`;
}

export function nameOf(object: {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}): string {
  return `${object.kind} ${object.namespace ? `${object.namespace}/` : ''}${object.name}`;
}

function firstLine(source: string): string {
  const lines = source.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return oneLine(lines[0] ?? source).replaceAll('`', "'");
}
