// One PromQL query asked: its value now, and over time what led to it.

import type {
  QueryAnswer,
  QueryChart,
  QuerySeries,
  QueryThreshold,
  Sample,
} from '../../base/queryPicture.ts';
import type { Failure, Outcome } from '../live/outcome.ts';
import { success } from '../live/outcome.ts';
import type { PrometheusClient } from '../live/prometheusClient.ts';
import type { PrometheusResult, PrometheusSeries } from '../live/prometheusTypes.ts';
import { topComparison } from './promqlScan.ts';

export interface QueryWish {
  readonly query: string;
  /** How far back the chart goes, in milliseconds; 0 for no chart. */
  readonly rangeMs: number;
  /** undefined: as fits the range. */
  readonly stepMs?: number | undefined;
  /** Where the query itself has none. */
  readonly threshold?: QueryThreshold | undefined;
}

/** The chart's points where no step is told: about as many as it is wide. */
const chartPoints = 240;

/** Never rejects: what the server refuses is an outcome. A chart that fails leaves the value standing. */
export async function askQuery(
  client: PrometheusClient,
  wish: QueryWish,
  nowMs: number,
  signal?: AbortSignal,
): Promise<Outcome<QueryAnswer>> {
  const own = topComparison(wish.query);
  const expression = own ? own.left : wish.query;
  const threshold: QueryThreshold | null = own
    ? { value: own.value, comparison: own.comparison, from: 'the query' }
    : (wish.threshold ?? null);
  const stepMs = wish.stepMs ?? stepFor(wish.rangeMs);
  // Up to this moment, so that the line ends where the value of now is.
  const range = { expression, startMs: nowMs - wish.rangeMs, endMs: nowMs, stepMs };
  // At one time, since both are one look: a range vector refuses the second, and is a chart by itself.
  const [now, over] = await Promise.all([
    client.query(wish.query, signal ? { signal } : {}),
    wish.rangeMs > 0 ? client.queryRange(range, signal) : undefined,
  ]);
  if (!now.ok) return now;
  const { value } = now;
  const common = { ...range, threshold };
  const chart =
    value.type === 'matrix'
      ? scraped(value, { expression: wish.query, threshold })
      : value.type === 'string' || !over?.ok || over.value.series.length === 0
        ? null
        : chartOf(over.value.series, common);
  const notes = [
    ...now.warnings,
    ...(over && !over.ok && value.type !== 'matrix' && value.type !== 'string' ? [noChart(over)] : []),
    ...(own && chart
      ? [
          `The chart draws ${expression}, so that values on both sides of ${own.comparison} ${own.value} are seen.`,
        ]
      : []),
  ];
  return success({
    query: wish.query,
    type: value.type,
    atMs: value.series[0]?.points.at(-1)?.[0] ?? nowMs,
    rows: value.series.map(({ labels, points }) => ({ labels, value: sampleOf(points.at(-1)?.[1]) })),
    omitted: 0,
    text: value.text,
    chart,
    notes,
  });
}

const noChart = (failure: Failure): string => `No chart: ${failure.message}`;

/** Milliseconds: whole seconds, and no finer than what is usually scraped can tell. */
function stepFor(rangeMs: number): number {
  return Math.max(1000, Math.ceil(rangeMs / chartPoints / 1000) * 1000);
}

function chartOf(
  series: readonly PrometheusSeries[],
  about: Pick<QueryChart, 'expression' | 'startMs' | 'endMs' | 'stepMs' | 'threshold'>,
): QueryChart {
  return { ...about, series: series.map(readable), omitted: 0 };
}

/** The samples that a range vector holds. */
function scraped(
  { series }: PrometheusResult,
  about: Pick<QueryChart, 'expression' | 'threshold'>,
): QueryChart | null {
  let startMs = Number.POSITIVE_INFINITY;
  let endMs = Number.NEGATIVE_INFINITY;
  for (const { points } of series) {
    startMs = Math.min(startMs, points[0]?.[0] ?? startMs);
    endMs = Math.max(endMs, points.at(-1)?.[0] ?? endMs);
  }
  return endMs >= startMs ? chartOf(series, { ...about, startMs, endMs, stepMs: null }) : null;
}

const readable = ({ labels, points }: PrometheusSeries): QuerySeries => ({
  labels,
  points: points.map(([at, value]) => [at, sampleOf(value)] as const),
});

export function sampleOf(value: number | undefined): Sample {
  if (value === undefined || Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : value;
}
