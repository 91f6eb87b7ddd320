// A run as one text, so that two runs of a cell can stand side by side: what differs by nature (times) comes in
// lines of its own.

import { stripVTControlCharacters } from 'node:util';
import { formatDuration } from '../../base/duration.ts';
import { outcome } from '../../evidence/pack/timeline.ts';
import type { ReviewRun } from './reviewRuns.ts';

export function runText(run: ReviewRun, output: string): string {
  const { intent, result } = run;
  const target = intent.target?.context
    ? [intent.target.context, intent.target.namespace].filter(Boolean).join('/')
    : 'no cluster';
  return [
    `# ${run.name}: ${(run.cell.headings ?? []).join(' › ')}`,
    `# at ${intent.time} by ${run.by}`,
    `# on ${target}`,
    `# ${result ? outcome(result) : 'was interrupted'}${result ? ` after ${formatDuration(result.durationMs)}` : ''}`,
    '',
    (intent.resolved ?? intent.source).trimEnd(),
    '',
    '# output',
    stripVTControlCharacters(output),
  ].join('\n');
}
