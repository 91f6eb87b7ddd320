// What the next person has to know, read from the evidence alone: values and choices, what runs, what is open, what was
// changed and stands so.

import { oneLine } from '../base/oneLine.ts';
import type { EventOf } from '../evidence/events.ts';
import { brokenGlasses, isUnseen } from '../evidence/read/brokenGlass.ts';
import type { Incident as ReadIncident } from '../evidence/read/readIncident.ts';
import { type LeftJobs, LeftJobsFold } from './leftJobs.ts';
import { type OpenRevert, revertsOf } from './reverts.ts';

export interface HandoverState {
  /** The last of each, by the placeholder's name. */
  readonly values: readonly { readonly name: string; readonly value: string; readonly by: string }[];
  readonly choices: readonly { readonly where: string; readonly option: string; readonly by: string }[];
  /** Cells without a result: they run somewhere, or their window died. */
  readonly running: readonly { readonly what: string; readonly by: string; readonly since: number }[];
  /** What cells that have ended left in the background; some may have ended since by themselves. */
  readonly jobs: readonly LeftJobs[];
  /** Questions that nobody has answered. */
  readonly questions: readonly { readonly text: string; readonly by: string; readonly since: number }[];
  /** Changes that were promised to be taken back, the first that is due first. */
  readonly promised: readonly OpenRevert[];
  /** What went ahead without a second person, and none has seen since. */
  readonly glasses: readonly { readonly reason: string; readonly by: string }[];
  /** Objects that were changed and do not stand as they were before. */
  readonly reverts: readonly { readonly object: string; readonly by: string; readonly at: number }[];
  /** Cells whose last run failed. */
  readonly failed: readonly { readonly what: string; readonly by: string; readonly at: number }[];
  /** As last seen. */
  readonly alerts: readonly { readonly alert: string; readonly state: string; readonly at: number }[];
}

export function handoverState({ events }: Pick<ReadIncident, 'events'>): HandoverState {
  const people = new Map<string, string>();
  const values = new Map<string, HandoverState['values'][number]>();
  const choices = new Map<string, HandoverState['choices'][number]>();
  const intents = new Map<string, { what: string; by: string; since: number; key: string }>();
  const failed = new Map<string, HandoverState['failed'][number]>();
  const questions = new Map<string, HandoverState['questions'][number]>();
  const alerts = new Map<string, HandoverState['alerts'][number]>();
  const objects = new Map<string, { before: string | null; now: string | null; by: string; at: number }>();
  const jobs = new LeftJobsFold();
  for (const { writer, event } of events) {
    jobs.other(writer, event);
    const at = Date.parse(event.time);
    const by = people.get(writer) ?? writer;
    switch (event.type) {
      case 'incident.opened':
      case 'incident.joined':
        people.set(writer, `${event.actor.user}@${event.actor.host}`);
        break;
      case 'cell.intent': {
        const what = titleOf(event);
        intents.set(event.run, { what, by, since: at, key: `${event.runbook} ${event.source}` });
        for (const [name, value] of Object.entries(valuesIn(event))) values.set(name, { name, value, by });
        break;
      }
      case 'cell.result': {
        const intent = intents.get(event.run);
        intents.delete(event.run);
        if (!intent) break;
        jobs.result(writer, event, intent.what, by);
        if (event.ok) failed.delete(intent.key);
        else failed.set(intent.key, { what: intent.what, by, at });
        break;
      }
      case 'writer.recovered':
        for (const run of event.interrupted) intents.delete(run);
        break;
      case 'cell.choice': {
        const where = event.cell.headings?.at(-1) ?? 'a cell';
        choices.set(where, { where, option: event.option, by });
        break;
      }
      case 'cell.question':
        questions.set(event.question, { text: event.text, by, since: at });
        break;
      case 'cell.answer':
        questions.delete(event.question);
        break;
      case 'alert.state':
        alerts.set(event.alert, { alert: event.alert, state: event.state, at });
        break;
      case 'object.before':
      case 'object.after': {
        const name = nameOf(event);
        const now = event.absent ? null : (event.blob?.sha256 ?? 'unknown');
        const known = objects.get(name);
        objects.set(name, { before: known ? known.before : now, now, by, at });
        break;
      }
      default:
    }
  }
  return {
    values: [...values.values()],
    choices: [...choices.values()],
    running: [...intents.values()].map(({ what, by, since }) => ({ what, by, since })),
    jobs: jobs.left,
    questions: [...questions.values()],
    promised: revertsOf({ events }),
    glasses: brokenGlasses({ events }).filter(isUnseen),
    reverts: [...objects]
      .filter(([, { before, now }]) => before !== now)
      .map(([object, { by, at }]) => ({ object, by, at })),
    failed: [...failed.values()],
    alerts: [...alerts.values()],
  };
}

function titleOf({ cell, source }: EventOf<'cell.intent'>): string {
  const [first = ''] = source.trim().split('\n');
  const heading = cell.headings?.at(-1);
  return heading ? `${heading}: ${first}` : first;
}

function valuesIn({ extra }: EventOf<'cell.intent'>): Record<string, string> {
  const told = (extra as { values?: unknown } | undefined)?.values;
  if (typeof told !== 'object' || told === null) return {};
  return Object.fromEntries(
    Object.entries(told).filter((one): one is [string, string] => typeof one[1] === 'string'),
  );
}

function nameOf({ object }: EventOf<'object.before' | 'object.after'>): string {
  return `${object.kind.toLowerCase()}/${object.name}${object.namespace ? ` in ${object.namespace}` : ''}`;
}

/** What is still to be done, a line each: for the handover's event and for whoever reads it. */
export function openLines(state: HandoverState): string[] {
  return [
    ...state.running.map(({ what, by }) => `running: ${oneLine(what)} (${by})`),
    ...state.jobs.map(
      ({ what, by, pids }) => `left in the background: ${oneLine(what)} (process ${pids.join(', ')}, ${by})`,
    ),
    ...state.questions.map(({ text, by }) => `unanswered: ${oneLine(text)} (asked of ${by})`),
    ...state.promised.map(promiseLine),
    ...state.glasses.map(glassLine),
    ...state.reverts.map(({ object, by }) => `changed and not put back: ${object} (${by})`),
    ...state.failed.map(({ what, by }) => `failed: ${oneLine(what)} (${by})`),
    ...state.alerts
      .filter(({ state: word }) => word === 'firing' || word === 'pending')
      .map(({ alert, state: word }) => `alert ${alert} is ${word}`),
  ];
}

export const glassLine = ({ reason, by }: HandoverState['glasses'][number]): string =>
  `to be countersigned: ${by} broke the glass, ${oneLine(reason)}`;

/** `to take back by 14:05: Bypass the policy (kubectl set env …)`. */
export function promiseLine({ title, dueMs, steps }: OpenRevert): string {
  const how = steps.map(({ command }) => command).join('; ');
  return `to take back by ${new Date(dueMs).toISOString().slice(11, 16)} UTC: ${title}${how ? ` (${oneLine(how)})` : ''}`;
}

/** All of it for a person. */
export function handoverText(state: HandoverState): string {
  const values = state.values.map(({ name, value, by }) => `value ${name} = ${value} (${by})`);
  const choices = state.choices.map(({ where, option, by }) => `chose ${option} in ${where} (${by})`);
  const lines = [...openLines(state), ...choices, ...values];
  return lines.length > 0 ? lines.join('\n') : 'Nothing is open.';
}
