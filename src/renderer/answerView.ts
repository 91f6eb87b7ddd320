// One query's answer: the query, its chart, and the table that is also the chart's legend. All text is set as text.

import type { QueryAnswer, QuerySeries, Sample } from '../base/queryPicture.ts';
import { QueryChartView } from './queryChartView.ts';
import { clock, duration, numberText, seriesName } from './words.ts';

export interface AnswerView {
  readonly element: HTMLElement;
  /** Its place in the document is known: the chart can be measured. */
  attached(): void;
  dispose(): void;
}

export function answerView(answer: QueryAnswer, source: string): AnswerView {
  const section = make('section');
  const header = make('header');
  header.append(make('div', 'query', answer.query), make('div', 'about', aboutOf(answer, source)));
  section.append(header);
  const chart = answer.chart ? new QueryChartView(answer.chart) : undefined;
  if (chart) section.append(chart.element);
  if (answer.text !== null) section.append(make('div', 'query', JSON.stringify(answer.text)));
  else if (answer.rows.length === 0 && !chart)
    section.append(make('div', 'about', 'No series: nothing matches.'));
  else section.append(append(make('div', 'table'), tableOf(answer, chart)));
  for (const note of answer.notes) section.append(make('div', 'note', note));
  return {
    element: section,
    attached: () => chart?.attached(),
    dispose: () => chart?.dispose(),
  };
}

function aboutOf({ atMs, chart }: QueryAnswer, source: string): string {
  const over = chart ? `, over ${duration(chart.endMs - chart.startMs)}` : '';
  return `at ${clock(atMs)} UTC${over}, from ${source}`;
}

interface Row {
  readonly labels: QuerySeries['labels'];
  readonly value: Sample | undefined;
  /** Index among the chart's series; undefined for one that it does not draw. */
  readonly series: number | undefined;
}

function tableOf(answer: QueryAnswer, chart: QueryChartView | undefined): HTMLElement {
  const table = make('table');
  const head = make('tr');
  const atCursor = make('th', '', '');
  head.append(make('th', '', 'series'), make('th', '', 'now'));
  if (chart) head.append(make('th', '', 'least'), make('th', '', 'most'), atCursor);
  for (const cell of head.children) cell.setAttribute('scope', 'col');
  table.append(append(make('thead'), head));
  const body = make('tbody');
  const cursorCells = new Map<number, HTMLElement>();
  for (const row of rowsOf(answer)) body.append(rowOf(row, answer, chart, cursorCells));
  table.append(body);
  const omitted = Math.max(answer.omitted, answer.chart?.omitted ?? 0);
  if (omitted > 0)
    table.append(make('caption', '', `${omitted} more series are in the evidence and not shown here.`));
  chart?.onCursor((atMs, values) => {
    atCursor.textContent = atMs === undefined ? '' : `at ${clock(atMs)}`;
    for (const [index, cell] of cursorCells) cell.textContent = values ? numberText(values[index]) : '';
  });
  return table;
}

/** The chart's series first, in its order; what the query cut off has no value now. */
function rowsOf({ rows, chart }: QueryAnswer): Row[] {
  const key = (labels: QuerySeries['labels']): string => {
    const { __name__: _, ...rest } = labels;
    return JSON.stringify(Object.entries(rest).sort());
  };
  const now = new Map(rows.map((row) => [key(row.labels), row]));
  const drawn = (chart?.series ?? []).map(({ labels }, series): Row => {
    const own = now.get(key(labels));
    now.delete(key(labels));
    return { labels, value: own?.value, series };
  });
  return [...drawn, ...[...now.values()].map((row): Row => ({ ...row, series: undefined }))];
}

function rowOf(
  { labels, value, series }: Row,
  { chart: data }: QueryAnswer,
  chart: QueryChartView | undefined,
  cursorCells: Map<number, HTMLElement>,
): HTMLElement {
  const row = make('tr');
  const name = make('th');
  name.setAttribute('scope', 'row');
  if (chart && series !== undefined) {
    const toggle = make('button', '', '');
    toggle.setAttribute('aria-pressed', 'true');
    toggle.title = 'Show or hide this line';
    toggle.append(chart.swatch(series), make('span', '', seriesName(labels)));
    toggle.addEventListener('click', () => {
      const isShown = toggle.getAttribute('aria-pressed') !== 'true';
      toggle.setAttribute('aria-pressed', String(isShown));
      chart.show(series, isShown);
    });
    name.append(toggle);
  } else name.textContent = seriesName(labels);
  const last = series === undefined ? undefined : data?.series[series]?.points.at(-1)?.[1];
  const shown = value ?? last;
  const now = make('td', isBeyond(shown, data?.threshold) ? 'beyond' : '', numberText(shown));
  row.append(name, now);
  if (chart) {
    const points = series === undefined ? [] : data!.series[series]!.points;
    const numbers = points.flatMap(([, one]) => (typeof one === 'number' ? [one] : []));
    const cell = make('td');
    if (series !== undefined) cursorCells.set(series, cell);
    row.append(make('td', '', edge(numbers, Math.min)), make('td', '', edge(numbers, Math.max)), cell);
  }
  return row;
}

function edge(numbers: readonly number[], pick: (one: number, other: number) => number): string {
  return numbers.length === 0 ? '' : numberText(numbers.reduce((one, other) => pick(one, other)));
}

function isBeyond(
  value: Sample | undefined,
  threshold: NonNullable<QueryAnswer['chart']>['threshold'] | undefined,
): boolean {
  if (typeof value !== 'number' || !threshold) return false;
  switch (threshold.comparison) {
    case '>':
      return value > threshold.value;
    case '>=':
      return value >= threshold.value;
    case '<':
      return value < threshold.value;
    case '<=':
      return value <= threshold.value;
    case '==':
      return value === threshold.value;
    default:
      return value !== threshold.value;
  }
}

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  text?: string,
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function append(parent: HTMLElement, child: HTMLElement): HTMLElement {
  parent.append(child);
  return parent;
}
