// Each run with all that the log tells of it: what was asked and answered, who approved, what the gate let
// through, what was captured, written and changed.

import type { EventOf, EvidenceEvent } from '../../evidence/events.ts';
import type { PackChange, PackContent } from '../../evidence/pack/packContent.ts';
import { type BrokenGlass, brokenGlasses } from '../../evidence/read/brokenGlass.ts';
import type { Incident } from '../../evidence/read/readIncident.ts';
import { type RecordedRun, runsOf } from '../recordedRuns.ts';

export interface ReviewRun extends RecordedRun {
  /** `writer#seq` of its intent. */
  readonly cite: string;
  readonly questions: readonly AskedQuestion[];
  readonly choices: readonly EventOf<'cell.choice'>[];
  readonly approvals: readonly EventOf<'approval'>[];
  /** What of it went ahead without its second person. */
  readonly glasses: readonly BrokenGlass[];
  readonly calls: readonly { readonly call: EventOf<'gate.call'>; readonly exitCode: number | undefined }[];
  readonly requests: readonly EventOf<'http.call'>[];
  readonly captures: readonly EventOf<'capture'>[];
  readonly artifacts: readonly EventOf<'artifact'>[];
  readonly changes: readonly PackChange[];
}

export interface AskedQuestion {
  readonly question: EventOf<'cell.question'>;
  readonly answer: EventOf<'cell.answer'> | undefined;
}

/** By the time they began. */
export function reviewRunsOf(incident: Incident, content: Pick<PackContent, 'changes'>): ReviewRun[] {
  const byRun = new Map<string, EvidenceEvent[]>();
  const cites = new Map<string, string>();
  for (const { writer, event } of incident.events) {
    if (event.type === 'cell.intent') cites.set(event.run, `${writer}#${event.seq}`);
    if (event.type === 'output.frames' || !('run' in event) || !event.run) continue;
    const known = byRun.get(event.run);
    if (known) known.push(event);
    else byRun.set(event.run, [event]);
  }
  const glasses = brokenGlasses(incident);
  return runsOf(incident).map((run) => {
    const events = byRun.get(run.run) ?? [];
    const all = <T extends EvidenceEvent['type']>(type: T): EventOf<T>[] =>
      events.filter((event): event is EventOf<T> => event.type === type);
    const answers = new Map(all('cell.answer').map((answer) => [answer.question, answer]));
    const exits = new Map(all('gate.result').map((result) => [result.call, result.exitCode]));
    return {
      ...run,
      cite: cites.get(run.run) ?? '',
      questions: all('cell.question').map((question) => ({
        question,
        answer: answers.get(question.question),
      })),
      choices: all('cell.choice'),
      approvals: all('approval'),
      glasses: glasses.filter((one) => one.run === run.run),
      calls: all('gate.call').map((call) => ({ call, exitCode: exits.get(call.call) })),
      requests: all('http.call'),
      captures: all('capture'),
      artifacts: all('artifact'),
      changes: content.changes.filter((change) => change.run === run.run),
    };
  });
}

/** Of the same cell: by its name where it has one, else by its headings and its place or text. */
export function isSameCell(
  one: Pick<RecordedRun, 'name' | 'cell' | 'source'>,
  other: Pick<RecordedRun, 'name' | 'cell' | 'source'>,
): boolean {
  if (one.name !== other.name) return false;
  if (one.cell.id !== undefined || other.cell.id !== undefined) return one.cell.id === other.cell.id;
  const headings = JSON.stringify(one.cell.headings ?? []) === JSON.stringify(other.cell.headings ?? []);
  return headings && (one.source === other.source || one.cell.index === other.cell.index);
}
