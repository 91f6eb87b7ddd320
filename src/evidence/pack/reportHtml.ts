// report.html: the incident in one file that needs nothing else, for whoever reads it a week later.

import { formatDuration } from '../../base/duration.ts';
import { lookOf, lookText } from '../read/alertLook.ts';
import { countersignText, glassOf, isUnseen } from '../read/brokenGlass.ts';
import type { Verification } from '../read/verification.ts';
import { ansiHtml, escapeHtml as e } from './ansiHtml.ts';
import type { PackAddendum, PackChange, PackContent, PackRun } from './packContent.ts';
import { reportStyle } from './reportStyle.ts';
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
    ['Opened', e(content.opened)],
    [
      'Closed',
      content.closed
        ? `${e(content.closed)} (${e(formatDuration(Date.parse(content.closed) - Date.parse(content.opened)))})`
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
  if (content.summary) facts.push(['Summary', e(content.summary)]);
  return `<dl class="facts">${facts.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`;
}

function timelineHtml(content: PackContent): string {
  const rows = content.timeline.map(
    (entry) =>
      `<tr id="${e(cite(entry))}"><td class="time"><time datetime="${e(entry.time)}">${e(entry.time.replace('T', ' ').slice(0, 19))}</time></td><td class="time">${e(entry.who)}</td><td>${codes(e(entry.text))}</td><td class="soft">${e(cite(entry))}</td></tr>`,
  );
  return `<table><thead><tr><th scope="col">Time (UTC)</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Event</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

async function runHtml(content: PackContent, run: PackRun): Promise<string> {
  const { intent, result } = run;
  const streams: string[] = [];
  for (const { stream, sha256, bytes } of run.output) {
    const text = await content.readBlob(sha256, shownBytes);
    const more = bytes > shownBytes ? `, the first ${shownBytes} of ${bytes} bytes` : '';
    streams.push(
      `<p class="soft">${stream}${more}</p><pre tabindex="0" aria-label="${stream}">${text === undefined ? '(erased)' : ansiHtml(text)}</pre>`,
    );
  }
  const state = result
    ? `<span class="${result.ok ? 'good' : 'bad'}">${result.ok ? '✓' : '✗'} ${e(outcome(result))}</span>`
    : '<span class="bad">✗ was interrupted</span>';
  const where = intent.target?.context
    ? ` on ${e(intent.target.context)}${intent.target.namespace ? `/${e(intent.target.namespace)}` : ''}${intent.target.user ? ` as ${e(intent.target.user)}` : ''}`
    : '';
  return `<details${result?.ok ? '' : ' open'}><summary><h3>${e(intent.cell.headings?.at(-1) ?? `Cell ${intent.cell.index ?? ''}`)}</h3> – ${state} <span class="soft">${e(intent.time.slice(11, 19))}, ${e(run.who)}, ${e(intent.risk)}${where}${result ? `, ${e(formatDuration(result.durationMs))}` : ''}, ${e(cite(run))}</span></summary>
<pre tabindex="0" aria-label="source">${e(intent.source)}</pre>
${intent.resolved && intent.resolved !== intent.source ? `<p class="soft">as it was run</p><pre tabindex="0" aria-label="resolved">${e(intent.resolved)}</pre>` : ''}
${streams.join('\n') || '<p class="soft">no output</p>'}
${looksHtml(content, intent.run)}</details>\n`;
}

/** The alert's state and value before and after the run, side by side: whether it helped. */
function looksHtml({ alerts }: PackContent, run: string): string {
  const own = alerts.filter((alert) => lookOf(alert)?.run === run);
  if (own.length === 0) return '';
  const cell = (alert: string, when: string): string => {
    const one = own.find((event) => event.alert === alert && lookOf(event)?.when === when);
    return one
      ? `${e(one.state)} ${e(lookText(lookOf(one)!))} <span class="soft">${e(one.cite)}</span>`
      : 'not seen';
  };
  const rows = [...new Set(own.map(({ alert }) => alert))].map(
    (alert) =>
      `<tr><td>${e(alert)}</td><td>${cell(alert, 'before')}</td><td>${cell(alert, 'after')}</td></tr>`,
  );
  return `<table><thead><tr><th scope="col">Alert</th><th scope="col">Before</th><th scope="col">After</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function changeHtml(change: PackChange): string {
  const lines = change.diff
    .split('\n')
    .slice(4)
    .map((line) => {
      const kind = line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : '';
      return kind ? `<span class="${kind}">${e(line)}</span>` : `${e(line)}\n`;
    });
  return `<details open><summary><h3>${e(change.object)}</h3> <span class="soft">${e(change.time.slice(11, 19))}, ${e(change.cite)}</span></summary><pre tabindex="0" aria-label="diff">${lines.join('')}</pre></details>\n`;
}

function alertsHtml(content: PackContent): string {
  if (content.alerts.length === 0) return none('No state of an alert is recorded.');
  const rows = content.alerts.map(
    (one) =>
      `<tr><td class="time">${e(one.at ?? one.time)}</td><td>${e(one.alert)}</td><td>${e(one.state)}</td><td>${e(one.severity ?? '')}</td><td class="soft">${e(one.cite)}</td></tr>`,
  );
  return `<table><thead><tr><th scope="col">Time</th><th scope="col">Alert</th><th scope="col">State</th><th scope="col">Severity</th><th scope="col">Event</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function approvalsHtml(content: PackContent): string {
  if (content.approvals.length === 0) return none('No approval was asked for.');
  const rows = content.approvals.map(
    (one) =>
      `<tr><td class="time">${e(one.time)}</td><td>${e(one.request)}</td><td>${decisionHtml(one, content)}</td><td>${e(one.by ?? '')}</td><td>${e([one.reason, one.covers === undefined ? '' : JSON.stringify(one.covers)].filter(Boolean).join(' '))}</td><td class="soft">${e(one.cite)}</td></tr>`,
  );
  return `<table><thead><tr><th scope="col">Time</th><th scope="col">Request</th><th scope="col">Decision</th><th scope="col">By</th><th scope="col">Of what</th><th scope="col">Event</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
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
      `${name ? `<p class="soft">${e(name)}</p>` : ''}<pre tabindex="0" aria-label="${e(name || one.title)}">${text === undefined ? '(erased)' : e(text)}</pre>`,
  );
  return `<details open><summary><h3>${e(one.title)}</h3> <span class="soft">${e(one.time)}, ${e(one.who)}, ${e(one.cite)}</span></summary>${texts.join('')}</details>\n`;
}

function integrityHtml(verification: Verification): string {
  const list = (items: readonly string[]): string =>
    `<ul>${items.map((item) => `<li>${e(item)}</li>`).join('')}</ul>`;
  const writers = verification.writers.map(
    (one) =>
      `<tr><td>${e(one.writer)}</td><td>${one.events}</td><td>${one.sealed}</td><td>${e(one.fingerprint)}</td></tr>`,
  );
  return `<p>${verification.ok ? '<span class="good">✓ Verified</span>' : '<span class="bad">✗ Not verified</span>'} when this report was made. A report can't vouch for itself: check the pack with <code>runbook verify</code>.</p>
<table><thead><tr><th scope="col">Writer</th><th scope="col">Events</th><th scope="col">Sealed</th><th scope="col">Key</th></tr></thead><tbody>${writers.join('')}</tbody></table>
${verification.problems.length > 0 ? `<p>Problems</p>${list(verification.problems.map(({ message, writer }) => `${writer}: ${message}`))}` : ''}
${verification.unproven.length > 0 ? `<p>Not proven</p>${list(verification.unproven)}` : ''}`;
}

function none(text: string): string {
  return `<p class="soft">${e(text)}</p>`;
}

/** What stands between backticks as code; the text is escaped already. */
function codes(escaped: string): string {
  return escaped.replace(/`([^`]+)`/g, '<code>$1</code>');
}
