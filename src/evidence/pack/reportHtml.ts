// report.html: the incident in one file that needs nothing else, for whoever reads it a week later.

import { utcText } from '../../base/clock.ts';
import { formatDuration } from '../../base/duration.ts';
import { lookOf, lookText, valuesText } from '../read/alertLook.ts';
import { countersignText, glassOf, isUnseen } from '../read/brokenGlass.ts';
import { takeOverText } from '../read/takeOvers.ts';
import type { Verification } from '../read/verification.ts';
import { ansiHtml, escapeHtml as e } from './ansiHtml.ts';
import type { PackAddendum, PackChange, PackContent, PackRun } from './packContent.ts';
import { reportStyle } from './reportStyle.ts';
import { type Column, citeHtml, tableHtml, timeHtml } from './reportTable.ts';
import { cite, outcome } from './timeline.ts';

/** How much of a stream the report shows; the whole lies beside it in the pack. */
const shownBytes = 64 * 1024;

/** `verification`: what was found when the report was made; it says so, and how to check again. */
export async function reportHtml(content: PackContent, verification: Verification): Promise<string> {
  const runs: string[] = [];
  for (const run of content.runs) runs.push(await runHtml(content, run));
  const sections: [string, string, string][] = [
    ['timeline', 'Timeline', timelineHtml(content)],
    ['cells', `Cells that ran (${content.runs.length})`, runs.join('') || none('No cell was run.')],
    [
      'changes',
      `Changes (${content.changes.length})`,
      content.changes.map(changeHtml).join('') || none('No change is recorded.'),
    ],
    ['alerts', `Alerts (${content.alerts.length})`, alertsHtml(content)],
    ['approvals', `Approvals (${content.approvals.length})`, approvalsHtml(content)],
    ...(content.addenda.length > 0
      ? [
          [
            'addenda',
            `Added later (${content.addenda.length})`,
            content.addenda.map(addendumHtml).join(''),
          ] as [string, string, string],
        ]
      : []),
    ['integrity', 'Integrity', integrityHtml(verification)],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${e(content.title)} – incident report</title>
<style>${reportStyle}</style>
</head>
<body>
<a class="skip" href="#timeline">Skip to the timeline</a>
<header>
<h1>${e(content.title)}</h1>
<p class="soft">Incident ${e(content.incident.id)}</p>
${factsHtml(content, verification)}
<nav aria-label="Sections"><p>${sections.map(([id, title]) => `<a href="#${id}">${e(title)}</a>`).join(' · ')}</p></nav>
</header>
<main>
${sections.map(([id, title, body]) => `<section aria-labelledby="${id}"><h2 id="${id}">${e(title)}</h2>\n${body}</section>`).join('\n')}
</main>
</body>
</html>
`;
}

function factsHtml(content: PackContent, verification: Verification): string {
  const facts: [string, string][] = [
    ['Severity', e(content.severity ?? 'not recorded')],
    ['Opened', `${timeHtml(content.opened)} UTC`],
    [
      'Closed',
      content.closed
        ? `${timeHtml(content.closed)} UTC (after ${e(formatDuration(Date.parse(content.closed) - Date.parse(content.opened)))})`
        : 'not closed',
    ],
    ['People', e([...new Set(content.timeline.map(({ who }) => who))].join(', '))],
    [
      'Evidence',
      verification.ok
        ? `<span class="good">✓ verified when this report was made</span>, ${verification.events} events`
        : `<span class="bad">✗ did not verify</span>: ${verification.problems.length} problem(s), see Integrity`,
    ],
  ];
  for (const one of content.takeOvers)
    facts.push(['Handover', `${e(takeOverText(one))} ${citeHtml(one.cite)}`]);
  if (content.summary) facts.push(['Summary', e(content.summary)]);
  return `<dl class="facts">${facts.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`;
}

const time: Column = { head: 'Time (UTC)', kind: 'time' };
const event: Column = { head: 'Event', kind: 'cite' };

function timelineHtml(content: PackContent): string {
  const columns: Column[] = [time, { head: 'Who', kind: 'who' }, { head: 'What' }, event];
  const rows = content.timeline.map((entry) => ({
    id: cite(entry),
    cells: [timeHtml(entry.time), e(entry.who), codes(e(entry.text)), e(cite(entry))],
  }));
  return tableHtml(columns, rows);
}

async function runHtml(content: PackContent, run: PackRun): Promise<string> {
  const { intent, result } = run;
  const streams: string[] = [];
  for (const { stream, sha256, bytes } of run.output) {
    const text = await content.readBlob(sha256, shownBytes);
    const more = bytes > shownBytes ? `, the first ${shownBytes} of ${bytes} bytes` : '';
    streams.push(
      `<p class="soft">${stream}${more}</p>${pre(stream, text === undefined ? '(erased)' : ansiHtml(text), 'out')}`,
    );
  }
  const state = result
    ? `<span class="${result.ok ? 'good' : 'bad'}">${result.ok ? '✓' : '✗'} ${e(outcome(result))}</span>`
    : '<span class="bad">✗ was interrupted</span>';
  const where = intent.target?.context
    ? ` on ${e(intent.target.context)}${intent.target.namespace ? `/${e(intent.target.namespace)}` : ''}${intent.target.user ? ` as ${e(intent.target.user)}` : ''}`
    : '';
  return `<details${result?.ok ? '' : ' open'}><summary><h3>${e(intent.cell.headings?.at(-1) ?? `Cell ${intent.cell.index ?? ''}`)}</h3> – ${state} <span class="soft">${e(intent.time.slice(11, 19))}, ${e(run.who)}, ${e(intent.risk)}${where}${result ? `, ${e(formatDuration(result.durationMs))}` : ''}</span></summary>
<p class="soft">${citeHtml(cite(run))}</p>
${pre('source', e(intent.source))}
${intent.resolved && intent.resolved !== intent.source ? `<p class="soft">as it was run</p>${pre('as it was run', e(intent.resolved))}` : ''}
${streams.join('\n') || '<p class="soft">no output</p>'}
${looksHtml(content, intent.run)}</details>\n`;
}

/** The alert's state and value before and after the run, side by side: whether it helped. */
function looksHtml({ alerts }: PackContent, run: string): string {
  const own = alerts.filter((alert) => lookOf(alert)?.run === run);
  if (own.length === 0) return '';
  const cell = (alert: string, when: string): string => {
    const one = own.find((event) => event.alert === alert && lookOf(event)?.when === when);
    return one ? `${e(one.state)} ${e(lookText(lookOf(one)!))} ${citeHtml(one.cite)}` : 'not seen';
  };
  const rows = [...new Set(own.map(({ alert }) => alert))].map((alert) => ({
    cells: [e(alert), cell(alert, 'before'), cell(alert, 'after')],
  }));
  return tableHtml([{ head: 'Alert' }, { head: 'Before' }, { head: 'After' }], rows);
}

function changeHtml(change: PackChange): string {
  const lines = change.diff
    .trimEnd()
    .split('\n')
    .slice(4)
    .map((line) => {
      const kind = line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : '';
      return kind ? `<span class="${kind}">${e(line)}</span>` : `${e(line)}\n`;
    });
  return `<details open><summary><h3>${e(change.object)}</h3> <span class="soft">${e(change.time.slice(11, 19))}</span></summary><p class="soft">${citeHtml(change.cite)}</p>${pre(`what changed in ${change.object}`, lines.join(''))}</details>\n`;
}

function alertsHtml(content: PackContent): string {
  if (content.alerts.length === 0) return none('No state of an alert is recorded.');
  const columns: Column[] = [time, { head: 'Alert' }, { head: 'State' }, { head: 'Severity' }, event];
  const rows = content.alerts.map((one) => {
    const values = valuesText(one);
    const state = values ? `${e(one.state)} <span class="soft">${e(values)}</span>` : e(one.state);
    return {
      cells: [timeHtml(one.at ?? one.time), e(one.alert), state, e(one.severity ?? ''), citeHtml(one.cite)],
    };
  });
  return tableHtml(columns, rows);
}

function approvalsHtml(content: PackContent): string {
  if (content.approvals.length === 0) return none('No approval was asked for.');
  const heads = ['Decision', 'By', 'Of what', 'Request'].map((head) => ({ head }));
  const rows = content.approvals.map((one) => ({
    cells: [
      timeHtml(one.time),
      decisionHtml(one, content),
      e(one.by ?? ''),
      [one.reason ? e(one.reason) : '', ...coveredHtml(one.covers)].filter(Boolean).join('<br>'),
      // Long enough to tell one from the other; approvals.json has the whole.
      e(one.request.length > 14 ? `${one.request.slice(0, 12)}…` : one.request),
      citeHtml(one.cite),
    ],
  }));
  return tableHtml([time, ...heads, event], rows);
}

/** What exactly was approved: commands as a rule, else as it stands in the log. */
function coveredHtml(covers: unknown): string[] {
  if (covers === undefined) return [];
  const all = Array.isArray(covers) ? (covers as unknown[]) : [covers];
  return all.map((one) => `<code>${e(typeof one === 'string' ? one : JSON.stringify(one))}</code>`);
}

/** A broken glass tells whether a second person has seen it since. */
function decisionHtml(approval: PackContent['approvals'][number], { glasses }: PackContent): string {
  const glass = glassOf(approval, glasses);
  const decision = e(approval.decision);
  if (!glass) return decision;
  return `${decision}<br><span class="${isUnseen(glass) ? 'bad' : 'good'}">${e(countersignText(glass))}</span>`;
}

function addendumHtml(one: PackAddendum): string {
  const texts = one.texts.map(
    ({ name, text }) =>
      `${name ? `<p class="soft">${e(name)}</p>` : ''}${pre(name || one.title, text === undefined ? '(erased)' : e(text))}`,
  );
  return `<details open><summary><h3>${e(one.title)}</h3> <span class="soft">${e(utcText(one.time))}, ${e(one.who)}</span></summary><p class="soft">${citeHtml(one.cite)}</p>${texts.join('')}</details>\n`;
}

function integrityHtml(verification: Verification): string {
  const list = (items: readonly string[]): string =>
    `<ul>${items.map((item) => `<li>${e(item)}</li>`).join('')}</ul>`;
  const heads = ['Writer', 'Events', 'Sealed', 'Key'].map((head) => ({ head }));
  const writers = verification.writers.map((one) => ({
    cells: [e(one.writer), `${one.events}`, `${one.sealed}`, `<code>${e(one.fingerprint)}</code>`],
  }));
  return `<p>${verification.ok ? '<span class="good">✓ Verified</span>' : '<span class="bad">✗ Not verified</span>'} when this report was made. A report can't vouch for itself: check the pack with <code>runbook verify</code>.</p>
${tableHtml(heads, writers)}
${verification.problems.length > 0 ? `<h3>Problems</h3>${list(verification.problems.map(({ message, writer }) => `${writer}: ${message}`))}` : ''}
${verification.unproven.length > 0 ? `<details><summary><h3>What this can not prove by itself (${verification.unproven.length})</h3></summary>${list(verification.unproven)}</details>` : ''}`;
}

/** Text that may be longer or wider than its frame: by keyboard, too. @param inner HTML */
function pre(label: string, inner: string, kind = ''): string {
  return `<pre${kind ? ` class="${kind}"` : ''} tabindex="0" role="group" aria-label="${e(label)}">${inner}</pre>`;
}

function none(text: string): string {
  return `<p class="soft">${e(text)}</p>`;
}

/** What stands between backticks as code; the text is escaped already. */
function codes(escaped: string): string {
  return escaped.replace(/`([^`]+)`/g, '<code>$1</code>');
}
