// What stands above a run's cell: when, who, where, how it ended, what was asked and who said yes, what it did.

import { formatDuration } from '../../base/duration.ts';
import { codeLine, fence, plainLine } from '../../evidence/pack/plainLine.ts';
import { outcome } from '../../evidence/pack/timeline.ts';
import { isUnseen } from '../../evidence/read/brokenGlass.ts';
import type { ReviewRun } from '../../incident/review/reviewRuns.ts';

const mostCalls = 30;
const mostCaptures = 8;

export function runHeading(run: ReviewRun): string {
  const sign = run.result ? (run.result.ok ? '✓' : '✗') : '‖';
  const title = run.cell.headings?.at(-1) ?? `Cell ${run.cell.index ?? ''}`;
  return `## ${sign} ${clock(run.startedAt)} ${plainLine(title)}`;
}

export function runFacts(run: ReviewRun): string[] {
  const { intent, result } = run;
  const target = intent.target;
  const where = target?.context
    ? `${codeLine([target.context, target.namespace].filter(Boolean).join('/'))}${target.production ? ' (counts as production)' : ''}${target.server ? `, ${codeLine(target.server)}` : ''}`
    : 'no cluster';
  const took = result ? `${outcome(result)} after ${formatDuration(result.durationMs)}` : 'was interrupted';
  const alerts = [intent.severity, ...(intent.alerts ?? [])].filter((one) => one !== undefined);
  return [
    `**${plainLine(run.by)}** ran it on ${where} in ${codeLine(intent.cwd ?? '')}; it ${took}. Risk **${plainLine(intent.risk)}**${alerts.length > 0 ? `, for ${plainLine(alerts.join(', '))}` : ''}. ${codeLine(run.name)} · ${codeLine(run.cite)}`,
    '',
    ...run.choices.map(({ option }) => `- Chose ${plainLine(option)}`),
    ...run.questions.map(
      ({ question, answer }) =>
        `- Asked (${plainLine(question.kind)}): ${plainLine(question.text)} **${answer ? plainLine(answer.answer) : 'no answer'}**${answer ? `, ${answer.time.slice(11, 19)}` : ''}${answer?.by ? ` by ${plainLine(answer.by)}` : ''}${reasonOf(answer?.extra)}`,
    ),
    ...run.approvals.map(
      ({ decision, by, reason }) =>
        `- Approval: **${decision}**${by ? ` by ${plainLine(by)}` : ''}${reason ? `, ${plainLine(reason)}` : ''}`,
    ),
    ...run.glasses
      .filter(isUnseen)
      .map(({ by }) => `- **The glass was broken by ${plainLine(by)}, and nobody has countersigned it**`),
    ...callLines(run),
    ...run.requests
      .slice(0, mostCalls)
      .map(
        ({ method, url, decision, status }) =>
          `- ${codeLine(`${method} ${url}`)}: ${plainLine(decision)}${status === undefined ? '' : `, ${status}`}`,
      ),
    ...captureLines(run),
    ...run.artifacts.map(
      ({ path, bytes, kept }) =>
        `- Wrote ${codeLine(path)}, ${bytes} bytes (${kept === 'copied' ? 'kept' : kept})`,
    ),
    ...(result?.notes ?? []).map((note) => `- ${plainLine(note)}`),
    ...(intent.resolved && intent.resolved !== intent.source
      ? ['', 'As it was run:', '', fence(intent.resolved, 'bash')]
      : []),
  ];
}

function callLines({ calls }: ReviewRun): string[] {
  const lines = calls
    .slice(0, mostCalls)
    .map(
      ({ call, exitCode }) =>
        `- ${codeLine(call.argv.join(' '))} (${plainLine(call.risk)}): ${plainLine(call.decision)}${call.reason ? `, ${plainLine(call.reason)}` : ''}${exitCode === undefined ? '' : `, exit ${exitCode}`}`,
    );
  return calls.length > mostCalls ? [...lines, `- … and ${calls.length - mostCalls} more calls`] : lines;
}

/** What is missing first; the same thing taken twice, for two commands of a cell, is one line. */
function captureLines({ captures }: ReviewRun): string[] {
  const lines = [...captures]
    .sort((one, other) => Number(one.ok) - Number(other.ok))
    .map(
      ({ about, ok, blob }) =>
        `- Captured before: ${plainLine(about)}${ok ? (blob ? `, ${blob.bytes.toLocaleString('en')} bytes` : '') : ', not whole'}`,
    );
  const unlike = [...new Set(lines)];
  return unlike.length > mostCaptures
    ? [...unlike.slice(0, mostCaptures), `- … and ${unlike.length - mostCaptures} more captures`]
    : unlike;
}

function reasonOf(extra: unknown): string {
  const reason = (extra as { reason?: unknown } | undefined)?.reason;
  return typeof reason === 'string' ? `: ${plainLine(reason)}` : '';
}

const clock = (at: number): string => new Date(at).toISOString().slice(11, 19);
