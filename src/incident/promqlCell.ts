// A `promql` cell: its queries asked of Prometheus, told as text, and kept with all their values in the evidence.

import type { PrometheusClient } from '../alerts/live/prometheusClient.ts';
import { askQuery, type QueryWish } from '../alerts/promql/askQuery.ts';
import { type PromqlQuery, queriesOf, topComparison } from '../alerts/promql/promqlScan.ts';
import { queryText } from '../alerts/promql/queryText.ts';
import { systemClock } from '../base/clock.ts';
import { parseDuration } from '../base/duration.ts';
import type { QueryAnswer, QueryPicture, QueryThreshold } from '../base/queryPicture.ts';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { CommandStatus, RunResult } from '../kernel/types.ts';
import type { CellDisplay } from './cellOutcome.ts';
import type { MonitoringSources } from './monitoring.ts';
import { queryValues, shownPart } from './queryValues.ts';
import type { RecordedOutput } from './recordedOutput.ts';
import type { Runbook, RunbookCell } from './runbook.ts';

export interface PromqlRun {
  readonly run: string;
  readonly runbook: Runbook;
  readonly cell: RunbookCell;
  /** With every value put in. */
  readonly text: string;
  readonly cwd: string;
  readonly sources: MonitoringSources;
  readonly writer: EvidenceWriter;
  readonly output: RecordedOutput;
  readonly display: CellDisplay;
}

const defaultRangeMs = 3_600_000;
const mostQueries = 20;

/** Rejects only where evidence can't be written. */
export async function runPromql(asked: PromqlRun, signal: AbortSignal): Promise<RunResult> {
  const startedAt = Date.now();
  const notes: string[] = [];
  const commands: CommandStatus[] = [];
  const answers: QueryAnswer[] = [];
  const { prometheus, prometheusUrl } = asked.sources;
  const queries = queriesOf(asked.text);
  let rules: ReturnType<PrometheusClient['rules']> | undefined;
  if (!prometheus) notes.push(nowhere);
  if (queries.length > mostQueries)
    notes.push(`Only the first ${mostQueries} queries of the cell are asked.`);
  for (const query of prometheus ? queries.slice(0, mostQueries) : []) {
    if (signal.aborted) break;
    const askedAt = performance.now();
    const wish = wishOf(asked, query);
    rules ??= wish.threshold || topComparison(query.text) ? undefined : prometheus!.rules(signal);
    const threshold = wish.threshold ?? ruleThreshold(query.text, await rules);
    const outcome = await askQuery(prometheus!, { ...wish, threshold }, systemClock.now(), signal);
    commands.push(commandOf(query, outcome.ok));
    await asked.writer.append({
      type: 'http.call',
      run: asked.run,
      method: 'GET',
      url: `${prometheusUrl}/api/v1/query?${new URLSearchParams({ query: query.text })}`,
      decision: 'allowed',
      ...(outcome.ok ? { status: 200 } : outcome.status === undefined ? {} : { status: outcome.status }),
      durationMs: performance.now() - askedAt,
    });
    if (outcome.ok) answers.push(outcome.value);
    else if (outcome.cause !== 'cancelled') notes.push(`${outcome.message} ${outcome.mend}`);
  }
  const ok = prometheus !== undefined && commands.length > 0 && commands.every((one) => !one.failed);
  if (answers.length > 0) await keep({ format: 'runbook-query-1', source: prometheusUrl, answers }, asked);
  return resultOf({ startedAt, cwd: asked.cwd, ok, interrupted: signal.aborted, commands, notes });
}

const nowhere =
  'There is no Prometheus to ask: set its address (runbook.prometheus.url, --prometheus), or pin a cluster that has a service named prometheus.';

/** The values as a blob of their own, the text as the cell's standard output. */
async function keep(picture: QueryPicture, { run, writer, output, display }: PromqlRun): Promise<void> {
  const { value } = writer.redactor.json(picture);
  // Cut by the redactor already: what is shown is what is kept.
  const safe = value as unknown as QueryPicture;
  const { blob } = await writer.putJson(safe);
  await writer.append({
    type: 'capture',
    capture: `v-${run}`,
    run,
    about: queryValues,
    blob,
    ok: true,
  });
  display.values?.(shownPart(safe));
  await output.write('stdout', Buffer.from(queryText(safe)), Date.now());
}

/** Where a rule of the server compares this very query with a number. */
function ruleThreshold(
  query: string,
  rules: Awaited<ReturnType<PrometheusClient['rules']>> | undefined,
): QueryThreshold | undefined {
  if (!rules?.ok) return undefined;
  const flat = (text: string): string => text.replace(/\s+/g, '');
  for (const rule of rules.value) {
    const told = topComparison(rule.query);
    if (told && flat(told.left) === flat(query))
      return { value: told.value, comparison: told.comparison, from: `the rule ${rule.name}` };
  }
  return undefined;
}

/** `range=6h step=1m threshold=0.05` of the cell's info string; `range=0` for the value alone. */
function wishOf({ cell, runbook }: PromqlRun, { text }: PromqlQuery): QueryWish {
  const { unknown } = cell.cell.attributes;
  const timeOf = (name: string): number | undefined => {
    const value = unknown[name];
    return typeof value === 'string' ? parseDuration(value) : undefined;
  };
  const own = typeof unknown.threshold === 'string' ? Number(unknown.threshold) : Number.NaN;
  const threshold: QueryThreshold | undefined = Number.isFinite(own)
    ? { value: own, comparison: '>', from: 'threshold= of the cell' }
    : toldThreshold(runbook, cell, text);
  return {
    query: text,
    rangeMs: timeOf('range') ?? defaultRangeMs,
    stepMs: timeOf('step') || undefined,
    ...(threshold ? { threshold } : {}),
  };
}

/**
 * The threshold of the runbook's own words: the nearest above the cell, for a share alone, and only where the query
 * divides. Other words may speak of another number than this query's.
 */
function toldThreshold(
  { declarations }: Runbook,
  { cell, alerts }: RunbookCell,
  query: string,
): QueryThreshold | undefined {
  if (alerts.length === 0 || !query.includes('/')) return undefined;
  const told = declarations.thresholds.filter(({ line }) => line < cell.lines[0]).at(-1);
  if (!told || told.value === null || told.comparison === null || told.unit !== '%') return undefined;
  // A share is written as a percentage, and asked for as a fraction unless the query makes hundreds of it.
  const value = /\*\s*100\b|\b100\s*\*/.test(query) ? told.value : told.value / 100;
  return { value, comparison: told.comparison, from: `the runbook: ${told.raw.trim()}` };
}

function commandOf({ text, line }: PromqlQuery, ok: boolean): CommandStatus {
  const exitCode = ok ? 0 : 1;
  return { line, text: `query ${text}`.slice(0, 1000), exitCode, pipeline: [exitCode], failed: !ok };
}

function resultOf(
  told: Pick<RunResult, 'startedAt' | 'cwd' | 'ok' | 'interrupted' | 'commands' | 'notes'>,
): RunResult {
  return {
    ...told,
    exitCode: told.ok ? 0 : 1,
    signal: null,
    timedOut: false,
    refused: null,
    notStarted: null,
    sessionEnded: false,
    stateFrom: null,
    durationMs: Date.now() - told.startedAt,
    backgroundPids: [],
    outputOpen: false,
    complete: true,
  };
}
