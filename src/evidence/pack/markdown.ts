// The texts of a pack that people go on with: the timeline, and drafts of the impact assessment and the RCA. What
// is known is filled in, each claim with the event it rests on; what is not known is asked for, not made up.

import { formatDuration } from '../../base/duration.ts';
import { lookOf } from '../read/alertLook.ts';
import { countersignText, glassOf } from '../read/brokenGlass.ts';
import type { PackContent } from './packContent.ts';
import { codeLine, plainLine } from './plainLine.ts';
import { cite, outcome } from './timeline.ts';

export function timelineMd(content: PackContent): string {
  const rows = content.timeline.map(
    (entry) => `| ${entry.time} | ${cell(entry.who)} | ${cell(entry.text)} | ${cite(entry)} |`,
  );
  const clocks = content.incident.clocks.map((note) => `- ${note}`);
  return [
    `# Timeline: ${plainLine(content.title)}`,
    '',
    `Incident \`${content.incident.id}\`, opened ${content.opened}, ${content.closed ? `closed ${content.closed}` : 'not closed'}. Times are in UTC. The last column names the event: writer and line of its log.`,
    '',
    ...(clocks.length > 0 ? ['Clocks differed:', '', ...clocks, ''] : []),
    '| Time | Who | What | Event |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

export function impactMd(content: PackContent): string {
  const { alerts, changes, runs, opened, closed } = content;
  // What was seen before and after each run is told with the run.
  const transitions = alerts.filter((alert) => !lookOf(alert));
  const firing = transitions.filter(({ state }) => /firing/i.test(state));
  const resolved = transitions.filter(({ state }) => /resolved|inactive|ok/i.test(state));
  const { cites } = content;
  const [start] = [
    { at: opened, cite: cites.opened ?? '' },
    ...firing.map(({ at, time, cite }) => ({ at: at ?? time, cite })),
  ].sort((one, other) => (one.at < other.at ? -1 : 1));
  const targets = new Map<string, string>();
  for (const run of runs) {
    const { context, namespace } = run.intent.target ?? {};
    if (!context) continue;
    const name = namespace ? `${context}/${namespace}` : context;
    if (!targets.has(name)) targets.set(name, cite(run));
  }
  return [
    `# Impact assessment: ${plainLine(content.title)}`,
    '',
    '> A draft, filled from the evidence. Lines that begin with “To fill in” are for people.',
    '',
    '## What is known',
    '',
    `- Severity: ${content.severity ? `${plainLine(content.severity)} (${cites.severity ?? ''})` : 'not recorded'}`,
    `- Began no later than ${start!.at} (${start!.cite})${closed ? `, closed ${closed} (${cites.closed ?? ''}): ${formatDuration(Date.parse(closed) - Date.parse(start!.at))}` : '; not closed'}`,
    ...firing.map(
      (alert) =>
        `- Alert ${plainLine(alert.alert)} was ${plainLine(alert.state)} at ${alert.at ?? alert.time} (${alert.cite})`,
    ),
    ...resolved.map(
      (alert) =>
        `- Alert ${plainLine(alert.alert)} was ${plainLine(alert.state)} at ${alert.at ?? alert.time} (${alert.cite})`,
    ),
    `- Worked on: ${targets.size > 0 ? [...targets].map(([name, first]) => `${plainLine(name)} (first ${first})`).join(', ') : 'no cluster is recorded'}`,
    `- Objects changed: ${changes.length === 0 ? 'none is recorded' : ''}`,
    ...changes.map((change) => `  - ${plainLine(change.object)} (${change.cite})`),
    '',
    '## To fill in',
    '',
    '- To fill in: users and customers affected, and how',
    '- To fill in: data lost or exposed',
    '- To fill in: commitments (SLA, SLO) missed',
    '',
  ].join('\n');
}

export function rcaMd(content: PackContent): string {
  const failed = content.runs.filter(({ result }) => result && !result.ok);
  const interrupted = content.runs.filter(({ result }) => !result);
  const notes = content.timeline.filter(({ event }) => event.type === 'note');
  return [
    `# Root cause analysis: ${plainLine(content.title)}`,
    '',
    '> A draft, filled from the evidence. Lines that begin with “To fill in” are for people. Add the finished text as an addendum.',
    '',
    '## Summary',
    '',
    content.summary
      ? `${plainLine(content.summary)} (${content.cites.closed ?? ''})`
      : 'To fill in: what happened, in three sentences',
    '',
    '## What was observed',
    '',
    ...[
      ...content.alerts.map(
        (alert) =>
          `- ${alert.time}: alert ${plainLine(alert.alert)} ${plainLine(alert.state)} (${alert.cite})`,
      ),
      ...notes.map(
        (entry) => `- ${entry.time}: ${plainLine(entry.who)} — ${plainLine(entry.text)} (${cite(entry)})`,
      ),
    ].sort(),
    ...(content.alerts.length + notes.length === 0 ? ['- Neither alerts nor notes are recorded.'] : []),
    '',
    '## What was done',
    '',
    ...content.runs.map(
      (run) =>
        `- ${run.intent.time}: ${plainLine(run.who)} ran ${codeLine(run.intent.source)}, which ${run.result ? outcome(run.result) : 'was interrupted'} (${cite(run)})`,
    ),
    ...(content.runs.length === 0 ? ['- No cell was run.'] : []),
    '',
    '## What changed',
    '',
    ...content.changes.map((change) => `- ${change.time}: ${plainLine(change.object)} (${change.cite})`),
    ...(content.changes.length === 0 ? ['- No change is recorded.'] : []),
    '',
    '## What did not work',
    '',
    ...[...failed, ...interrupted].map((run) => `- ${codeLine(run.intent.source)} (${cite(run)})`),
    ...(failed.length + interrupted.length === 0 ? ['- Every cell that ran succeeded.'] : []),
    '',
    ...unapproved(content),
    '## Root cause',
    '',
    'To fill in: the cause, and the event that shows it',
    '',
    '## Actions',
    '',
    '- To fill in: what will keep it from coming back, who, by when',
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\|<>]/g, (sign) => `\\${sign}`);
}

/** Changes that a second person should have seen: what a review asks first. */
function unapproved({ approvals, glasses }: PackContent): string[] {
  const alone = approvals.filter(({ decision }) => decision === 'unapproved' || decision === 'break-glass');
  if (alone.length === 0) return [];
  return [
    '## What went without a second person',
    '',
    ...alone.map((approval) => {
      const { time, decision, reason, cite: event } = approval;
      const glass = glassOf(approval, glasses);
      const seen = glass ? `, ${plainLine(countersignText(glass))}` : '';
      return `- ${time}: ${decision}${reason ? `, ${plainLine(reason)}` : ''}${seen} (${event})`;
    }),
    '',
  ];
}
