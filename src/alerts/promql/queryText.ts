// The plain-text twin of a query's answer: what a terminal prints, a screen reader reads, and the log keeps.

import { formatDuration } from '../../base/duration.ts';
import type { QueryAnswer, QueryChart, QueryPicture, QuerySeries, Sample } from '../../base/queryPicture.ts';

const mostRows = 200;
const mostSeries = 20;

/** With a final line feed. */
export function queryText({ source, answers }: QueryPicture): string {
  return answers.map((answer) => answerText(answer, source)).join('\n');
}

function answerText(answer: QueryAnswer, source: string): string {
  const lines = [`${answer.query.replace(/\s+/g, ' ')}`, `at ${clock(answer.atMs)} UTC, from ${source}`];
  if (answer.text !== null) lines.push(`  ${JSON.stringify(answer.text)}`);
  else if (answer.rows.length === 0) lines.push('  no series: nothing matches');
  const rows = answer.rows
    .slice(0, mostRows)
    .map(({ labels, value }) => [seriesName(labels), sampleText(value)]);
  lines.push(...columns(rows));
  const more = answer.rows.length - rows.length + answer.omitted;
  if (more > 0) lines.push(`  … and ${more} more series`);
  if (answer.chart) lines.push(...chartText(answer.chart));
  lines.push(...answer.notes.map((note) => `  note: ${note}`));
  return `${lines.join('\n')}\n`;
}

function chartText(chart: QueryChart): string[] {
  const { startMs, endMs, stepMs, threshold, series } = chart;
  const every = stepMs === null ? 'as scraped' : `every ${formatDuration(stepMs)}`;
  const lines = [
    `over ${formatDuration(endMs - startMs)}, ${clock(startMs)} to ${clock(endMs)} UTC, ${every}`,
    ...(threshold ? [`  threshold ${threshold.comparison} ${threshold.value} (${threshold.from})`] : []),
  ];
  const told = series.slice(0, mostSeries).map((one) => {
    const values = one.points.flatMap(([, value]) => (typeof value === 'number' ? [value] : []));
    if (values.length === 0) return [seriesName(one.labels), 'no numbers'];
    const [least, most] = bounds(values);
    const beyond = threshold ? crossing(one, threshold) : '';
    return [
      seriesName(one.labels),
      spark(values, least, most),
      `min ${short(least)}`,
      `max ${short(most)}`,
      beyond,
    ];
  });
  lines.push(...columns(told));
  const more = series.length - told.length + chart.omitted;
  if (more > 0) lines.push(`  … and ${more} more series`);
  return lines;
}

/** Since when the line has been on the far side of the threshold, if it is. */
function crossing({ points }: QuerySeries, threshold: NonNullable<QueryChart['threshold']>): string {
  const isBeyond = (value: Sample): boolean =>
    typeof value === 'number' && compare(value, threshold.comparison, threshold.value);
  if (!points.some(([, value]) => isBeyond(value))) return 'never beyond';
  if (!isBeyond(points.at(-1)![1])) {
    const last = points.findLast(([, value]) => isBeyond(value))!;
    return `beyond until ${clock(last[0])}`;
  }
  const before = points.findLastIndex(([, value]) => !isBeyond(value));
  return `beyond since ${clock(points[before + 1]![0])}`;
}

function compare(value: number, comparison: string, against: number): boolean {
  switch (comparison) {
    case '>':
      return value > against;
    case '>=':
      return value >= against;
    case '<':
      return value < against;
    case '<=':
      return value <= against;
    case '!=':
      return value !== against;
    default:
      return value === against;
  }
}

const blocks = '▁▂▃▄▅▆▇█';
const sparkWidth = 40;

/** At most 40 characters; each the mean of its share of the values. */
function spark(values: readonly number[], least: number, most: number): string {
  const width = Math.min(sparkWidth, values.length);
  let out = '';
  for (let column = 0; column < width; column++) {
    const from = Math.floor((column * values.length) / width);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / width));
    const part = values.slice(from, to);
    const mean = part.reduce((sum, one) => sum + one, 0) / part.length;
    // Noise of the last digits is no movement.
    const span = most - least > Math.abs(most) * 1e-9 ? most - least : 0;
    const share = span > 0 ? (mean - least) / span : 0;
    out += blocks[Math.max(0, Math.min(blocks.length - 1, Math.floor(share * blocks.length)))];
  }
  return out;
}

/** A loop, since a spread of many thousands overflows the stack. */
function bounds(values: readonly number[]): [number, number] {
  let least = values[0]!;
  let most = least;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, text] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, text.length);
  return rows.map((row) => `  ${row.map((text, index) => text.padEnd(widths[index]!)).join('  ')}`.trimEnd());
}

/** `name{label="value"}` as Prometheus writes it; `{}` for a series without labels. */
export function seriesName(labels: Readonly<Record<string, string>>): string {
  const { __name__: raw = '', ...rest } = labels;
  // Newer servers take any text for a name: what could move a terminal's cursor is written out.
  const name = /^[\w:]*$/.test(raw) ? raw : JSON.stringify(raw);
  const inner = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return inner.length > 0 || name === '' ? `${name}{${inner.join(', ')}}` : name;
}

const sampleText = (value: Sample): string => String(value);
const short = (value: number): string => String(Number(value.toPrecision(4)));
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
