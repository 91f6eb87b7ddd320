// A review as the cells of a notebook: the verdict first, then what happened in its order. Knows no vscode. What
// comes from the log is untrusted: as Markdown it is nothing but words, so that no output can pose as a badge.

import { utcText } from '../../base/clock.ts';
import { counted } from '../../base/counted.ts';
import { formatDuration } from '../../base/duration.ts';
import { oneLine } from '../../base/oneLine.ts';
import { codeLine, plainLine } from '../../evidence/pack/plainLine.ts';
import type { TimelineEntry } from '../../evidence/pack/timeline.ts';
import { takeOverText } from '../../evidence/read/takeOvers.ts';
import { outputOf } from '../../incident/recordedRuns.ts';
import type { Review } from '../../incident/review/openReview.ts';
import type { ReviewRun } from '../../incident/review/reviewRuns.ts';
import { OutputWindow, type Segment } from '../outputWindow.ts';
import { ownLines } from '../ownLines.ts';
import { runFacts, runHeading } from './runFacts.ts';

/** What the bytes of a review notebook hold, as JSON. */
export interface ReviewCell {
  readonly kind: 'markup' | 'code';
  readonly language: string;
  readonly value: string;
  /** The run that the cell shows. */
  readonly run?: string;
  /** Which change of that run a diff shows. */
  readonly change?: number;
  readonly outputs?: readonly Segment[];
  readonly ran?: { readonly ok: boolean | null; readonly startedAt: number; readonly endedAt: number };
}

/** A line each, of incidents in which a command line took part often. */
const mostKeys = 5;
const mostUnproven = 8;
const shownBytes = 64 * 1024;
/** All outputs together: VS Code slows down with what a notebook holds. */
const shownInAll = 8 * 1024 * 1024;

export async function reviewCells(review: Review): Promise<ReviewCell[]> {
  const cells: ReviewCell[] = [{ kind: 'markup', language: 'markdown', value: verdict(review) }];
  const runs = new Map(review.runs.map((run) => [run.run, run]));
  let between: TimelineEntry[] = [];
  let left = shownInAll;
  const flush = (): void => {
    if (between.length > 0)
      cells.push({ kind: 'markup', language: 'markdown', value: between.map(entryLine).join('\n') });
    between = [];
  };
  for (const entry of review.content.timeline) {
    const { event } = entry;
    const run = 'run' in event && event.run ? runs.get(event.run) : undefined;
    if (run && event.type !== 'cell.intent') continue;
    if (!run) {
      between.push(entry);
      continue;
    }
    flush();
    const made = await runCells(review, run, Math.min(shownBytes, left));
    left = Math.max(0, left - made.bytes);
    cells.push(...made.cells);
  }
  flush();
  return cells;
}

async function runCells(
  review: Review,
  run: ReviewRun,
  limit: number,
): Promise<{ cells: ReviewCell[]; bytes: number }> {
  const outputs = await outputSegments(review, run, limit);
  const code: ReviewCell = {
    kind: 'code',
    language: languageOf(run.cell.language),
    value: run.source,
    run: run.run,
    outputs,
    ran: {
      ok: run.result ? run.result.ok : null,
      startedAt: run.startedAt,
      endedAt: run.startedAt + (run.result?.durationMs ?? 0),
    },
  };
  const changes = run.changes.map(
    (change, index): ReviewCell => ({
      kind: 'code',
      language: 'diff',
      value: `${change.object}\n${change.diff.split('\n').slice(4).join('\n').trimEnd()}`,
      run: run.run,
      change: index,
    }),
  );
  const told = [runHeading(run), '', ...runFacts(run)].join('\n');
  return {
    cells: [{ kind: 'markup', language: 'markdown', value: told, run: run.run }, code, ...changes],
    bytes: outputs.reduce((sum, { text }) => sum + text.length, 0),
  };
}

async function outputSegments(review: Review, run: ReviewRun, limit: number): Promise<Segment[]> {
  const window = new OutputWindow(Math.max(limit, 2048));
  let bytes = 0;
  for await (const chunk of outputOf(run, review.openBlob)) {
    window.push(chunk.stream, chunk.bytes);
    bytes += chunk.bytes.length;
  }
  const { head, omitted, tail } = window.picture();
  const own = (text: string): Segment => ({ stream: 'stderr', text: ownLines(text) });
  const gone = run.blobs.filter(({ blob }) => !review.hasBlob(blob.sha256));
  return [
    ...head,
    ...(omitted ? [own(`… ${omitted.bytes.toLocaleString('en')} bytes more: “Open Full Output” …`)] : []),
    ...tail,
    ...(gone.length > 0
      ? [own(`Of the output ${counted(gone.length, 'piece')} can't be shown: erased or missing.`)]
      : []),
    ...(bytes === 0 && gone.length === 0 ? [own('No output.')] : []),
  ];
}

function verdict({ verification, verifiedAt, status, content, isPack, target }: Review): string {
  const { ok, events, blobs, writers, problems, unproven } = verification;
  const when = inUtc(verifiedAt);
  const badge = ok
    ? `✓ **Verified** at ${when} on this machine: ${counted(events, 'event')} of ${counted(writers.length, 'writer')} and ${counted(blobs, 'blob')} are what was signed.`
    : `✗ **DOES NOT VERIFY** (${when}): ${counted(problems.length, 'problem')}. Trust nothing below that they touch.`;
  const facts = [
    ['Incident', codeLine(status.id)],
    ['Severity', plainLine(status.severity ?? 'not recorded')],
    ['Alerts', plainLine(status.alerts.join(', ') || 'none recorded')],
    ['Opened', inUtc(content.opened)],
    ['Closed', content.closed ? `${inUtc(content.closed)}, after ${lasted(content)}` : 'not closed'],
    ['People', plainLine(status.people.join(', '))],
    ['Commander', plainLine(status.commander ?? 'nobody named')],
    ...content.takeOvers.map((one) => [
      'Handover',
      `${plainLine(takeOverText(one))} · ${codeLine(one.cite)}`,
    ]),
    [
      'Runs',
      `${status.runs.done} done, ${status.runs.failed} failed, ${status.runs.open} without a result; ${counted(status.changes, 'object')} changed`,
    ],
    ...(status.summary ? [['Summary', plainLine(status.summary)]] : []),
    ...(status.held ? [['Hold', 'under legal hold']] : []),
    [isPack ? 'Pack' : 'Evidence', codeLine(target)],
    ...writers
      .slice(0, mostKeys)
      .map(({ writer, fingerprint, events: own, sealed }) => [
        'Key',
        `${codeLine(fingerprint)} of ${plainLine(writer)}, ${sealed} of ${own} events sealed`,
      ]),
    ...(writers.length > mostKeys
      ? [['Keys', `${writers.length - mostKeys} more, see the badge in the status bar`]]
      : []),
  ];
  return [
    `# ${plainLine(status.title)}`,
    '',
    badge,
    '',
    ...problems.slice(0, 20).map(({ writer, message }) => `- ✗ ${plainLine(writer)} ${plainLine(message)}`),
    '',
    // The first fact is the table's head, which would be an empty row otherwise.
    ...facts.flatMap(([name, value], index) => [
      `| **${name}** | ${value} |`,
      ...(index === 0 ? ['| :-- | :-- |'] : []),
    ]),
    '',
    ...(unproven.length > 0
      ? [
          'What this can not prove by itself:',
          '',
          ...unproven.slice(0, mostUnproven).map((one) => `- ${plainLine(one)}`),
          ...(unproven.length > mostUnproven
            ? [`- … and ${unproven.length - mostUnproven} more: \`runbook verify\` lists them`]
            : []),
        ]
      : []),
    ...content.incident.unread.slice(0, 20).map((one) => `- Not read: ${plainLine(one)}`),
    ...content.incident.clocks.map((one) => `- ${plainLine(one)}`),
  ].join('\n');
}

const inUtc = (time: number | string): string => `${utcText(time)} UTC`;

function lasted({ opened, closed }: { opened: string; closed: string | undefined }): string {
  return formatDuration(Date.parse(closed ?? opened) - Date.parse(opened));
}

function entryLine(entry: TimelineEntry): string {
  return `- \`${entry.time.slice(11, 19)}\` **${plainLine(entry.who)}** ${plainLine(oneLine(entry.text).replaceAll('`', ''))}`;
}

/** As VS Code names it. */
function languageOf(language: string | undefined): string {
  const word = (language ?? '').toLowerCase();
  if (word === 'python' || word === 'promql') return word;
  return 'shellscript';
}
