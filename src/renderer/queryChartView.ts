// The line chart of a query: time below in UTC, the threshold across, a cursor for mouse and keyboard.

import uPlot from 'uplot';
import type { QueryChart, Sample } from '../base/queryPicture.ts';
import { onThemeChange, type ThemeColours, themeColours } from './themeColours.ts';
import { clock, duration, numberText, seriesName } from './words.ts';

const heightPx = 220;
const mostWidthPx = 1100;

type CursorListener = (
  atMs: number | undefined,
  values: readonly (Sample | null | undefined)[] | undefined,
) => void;

export class QueryChartView {
  readonly element = document.createElement('div');
  readonly #chart: QueryChart;
  readonly #times: readonly number[];
  readonly #columns: readonly (readonly (number | null)[])[];
  readonly #hidden = new Set<number>();
  readonly #swatches = new Map<number, HTMLElement>();
  readonly #endings: (() => void)[] = [];
  #listener: CursorListener = () => {};
  #plot: uPlot | undefined;

  constructor(chart: QueryChart) {
    this.#chart = chart;
    const { times, columns } = aligned(chart);
    this.#times = times;
    this.#columns = columns;
    const { element } = this;
    element.className = 'chart';
    element.tabIndex = 0;
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', spoken(chart));
    element.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** @param listener told what is under the cursor; nothing where it is nowhere. */
  onCursor(listener: CursorListener): void {
    this.#listener = listener;
  }

  /** A mark in the colour of a series. */
  swatch(series: number): HTMLElement {
    const mark = document.createElement('span');
    mark.className = 'swatch';
    this.#swatches.set(series, mark);
    return mark;
  }

  show(series: number, isShown: boolean): void {
    if (isShown) this.#hidden.delete(series);
    else this.#hidden.add(series);
    this.#plot?.setSeries(series + 1, { show: isShown });
  }

  attached(): void {
    this.#draw();
    const resize = new ResizeObserver(() => {
      const width = this.#width();
      if (this.#plot && width > 0 && Math.abs(this.#plot.width - width) > 1)
        this.#plot.setSize({ width, height: heightPx });
    });
    resize.observe(this.element);
    this.#endings.push(() => resize.disconnect());
    this.#endings.push(onThemeChange(() => this.#draw()));
  }

  dispose(): void {
    for (const end of this.#endings.splice(0)) end();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #width(): number {
    return Math.min(mostWidthPx, Math.max(200, this.element.clientWidth));
  }

  #draw(): void {
    this.#plot?.destroy();
    const colours = themeColours();
    for (const [series, mark] of this.#swatches)
      mark.style.background = colours.lines[series % colours.lines.length]!;
    const data = [this.#times, ...this.#columns] as unknown as uPlot.AlignedData;
    this.#plot = new uPlot(this.#options(colours), data, this.element);
  }

  #options(colours: ThemeColours): uPlot.Options {
    const { series, startMs, endMs, threshold } = this.#chart;
    const spanS = (endMs - startMs) / 1000;
    const axis: uPlot.Axis = {
      stroke: colours.faint,
      grid: { stroke: colours.grid, width: 1 },
      ticks: { stroke: colours.grid, width: 1 },
      font: '11px sans-serif',
    };
    return {
      width: this.#width(),
      height: heightPx,
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { time: true, range: () => [startMs / 1000, endMs / 1000] },
        y: { range: (_plot, least, most) => withRoom(least, most, threshold?.value) },
      },
      axes: [
        { ...axis, values: (_plot, ticks) => ticks.map((seconds) => timeText(seconds, spanS)), space: 70 },
        { ...axis, values: (_plot, ticks) => ticks.map((value) => numberText(value)), size: 64 },
      ],
      series: [
        {},
        ...series.map(
          (_, index): uPlot.Series => ({
            stroke: colours.lines[index % colours.lines.length]!,
            width: 1.5,
            show: !this.#hidden.has(index),
            points: { show: this.#times.length <= 2 },
          }),
        ),
      ],
      hooks: {
        draw: threshold ? [(plot) => drawThreshold(plot, threshold, colours)] : [],
        setCursor: [(plot) => this.#tellCursor(plot)],
      },
    };
  }

  #tellCursor({ cursor }: uPlot): void {
    const index = cursor.idx;
    if (index === null || index === undefined || (cursor.left ?? -1) < 0) {
      this.#listener(undefined, undefined);
      return;
    }
    this.#listener(
      this.#times[index]! * 1000,
      this.#columns.map((column) => column[index]),
    );
  }

  /** Arrows walk from point to point, as a mouse would. */
  #onKey(event: KeyboardEvent): void {
    const plot = this.#plot;
    const way = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (!plot || way === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const last = this.#times.length - 1;
    const from = plot.cursor.idx ?? (way > 0 ? -1 : last + 1);
    const to = Math.max(0, Math.min(last, from + way));
    plot.setCursor({ left: plot.valToPos(this.#times[to]!, 'x'), top: 1 });
  }
}

/** All series over one list of times, in seconds; what a series lacks is a gap. */
function aligned({ series }: QueryChart): { times: number[]; columns: (number | null)[][] } {
  const times = [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b);
  const at = new Map(times.map((time, index) => [time, index]));
  const columns = series.map(({ points }) => {
    const column: (number | null)[] = new Array(times.length).fill(null);
    for (const [time, value] of points) column[at.get(time)!] = typeof value === 'number' ? value : null;
    return column;
  });
  return { times: times.map((time) => time / 1000), columns };
}

/** The lines and the threshold with a little air; a flat line does not fill the chart. */
function withRoom(
  least: number | null,
  most: number | null,
  threshold: number | undefined,
): [number, number] {
  const values = [least, most, threshold].filter((one): one is number => one !== null && one !== undefined);
  const low = Math.min(...values, 0);
  const high = Math.max(...values);
  // From zero where that costs no detail: a line far from it is drawn by itself.
  const from =
    values.length > 0 && Math.min(...values) > (high - Math.min(...values)) * 3 ? Math.min(...values) : low;
  const air = (high - from || Math.abs(high) || 1) * 0.08;
  return [from === 0 ? 0 : from - air, high + air];
}

function drawThreshold(
  plot: uPlot,
  { value, comparison }: NonNullable<QueryChart['threshold']>,
  colours: ThemeColours,
): void {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(value, 'y', true));
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  const ratio = globalThis.devicePixelRatio || 1;
  ctx.save();
  ctx.strokeStyle = colours.threshold;
  ctx.fillStyle = colours.threshold;
  ctx.lineWidth = ratio;
  ctx.setLineDash([6 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = `${11 * ratio}px sans-serif`;
  ctx.textAlign = 'right';
  const above = y - bbox.top > 16 * ratio;
  ctx.textBaseline = above ? 'bottom' : 'top';
  // The newest values are at this end: the words stand off from the lines behind them.
  const label = `threshold ${comparison} ${numberText(value)}`;
  const right = bbox.left + bbox.width - 4 * ratio;
  ctx.setLineDash([]);
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4 * ratio;
  ctx.strokeStyle = colours.background;
  const at = y + (above ? -3 : 3) * ratio;
  ctx.strokeText(label, right, at);
  ctx.fillText(label, right, at);
  ctx.restore();
}

/** Hours and minutes; seconds for a short chart, the day for a long one. */
function timeText(seconds: number, spanS: number): string {
  const text = clock(seconds * 1000);
  if (spanS <= 600) return text;
  if (spanS <= 2 * 86_400 && !text.startsWith('00:00')) return text.slice(0, 5);
  const day = new Date(seconds * 1000).toISOString().slice(5, 10);
  return spanS <= 2 * 86_400 || text.startsWith('00:00') ? day : `${day} ${text.slice(0, 5)}`;
}

function spoken({ expression, series, startMs, endMs, threshold }: QueryChart): string {
  const names = series.slice(0, 5).map(({ labels }) => seriesName(labels));
  const line = threshold ? `, threshold ${threshold.comparison} ${threshold.value}` : '';
  return (
    `Line chart of ${expression} over ${duration(endMs - startMs)}, ${series.length} series` +
    `${names.length > 0 ? `: ${names.join(', ')}` : ''}${line}. The table below has the values; arrows move the cursor.`
  );
}
