// Prometheus' HTTP API over the cluster's own series: queries, rules, alerts, labels, and the text format.
// Source: https://prometheus.io/docs/prometheus/latest/querying/api/

import type { HttpAnswer, HttpRequest } from '../containers/program.ts';
import type { Json } from '../store/kubeObject.ts';
import { alertRules } from './alertRules.ts';
import type { Alert, MetricsEngine } from './metricsEngine.ts';
import { evaluate, type Labels, type Value } from './promqlEvaluate.ts';
import { durationOf, PromqlError, parsePromql } from './promqlParse.ts';

const success = (data: Json): HttpAnswer => ({ status: 200, body: { status: 'success', data } });
const badData = (error: string): HttpAnswer => ({
  status: 400,
  body: { status: 'error', errorType: 'bad_data', error },
});
const iso = (ms: number): string => new Date(ms).toISOString();
const number = (value: number): string =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';

/** Seconds since the epoch or RFC 3339, in milliseconds. */
function timeOf(text: string | null, otherwise: number): number {
  if (text === null || text === '') return otherwise;
  // A `+` of a time zone that was not encoded arrives as a space.
  const parsed = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text.replace(' ', '+'));
  if (Number.isNaN(parsed))
    throw new PromqlError(`invalid parameter: cannot parse ${JSON.stringify(text)} to a valid timestamp`);
  return parsed;
}

function resultOf(value: Value, atMs: number): Json {
  const at = atMs / 1000;
  if (value.type === 'scalar') return { resultType: 'scalar', result: [at, number(value.value)] };
  if (value.type === 'string') return { resultType: 'string', result: [at, value.value] };
  if (value.type === 'vector')
    return {
      resultType: 'vector',
      result: value.elements.map((one) => ({ metric: one.labels, value: [at, number(one.value)] })),
    };
  return {
    resultType: 'matrix',
    result: value.series.map((one) => ({
      metric: one.labels,
      values: one.points.map(([ms, of]) => [ms / 1000, number(of)]),
    })),
  };
}

export class PrometheusApi {
  readonly #engine: MetricsEngine;

  constructor(engine: MetricsEngine) {
    this.#engine = engine;
  }

  answer(request: HttpRequest): HttpAnswer | undefined {
    const [path = '', queryText = ''] = request.path.split('?');
    const query = new URLSearchParams(queryText);
    if (request.method === 'POST')
      for (const [key, value] of new URLSearchParams(request.body?.toString() ?? ''))
        query.append(key, value);
    try {
      return this.#route(path, query);
    } catch (error) {
      if (error instanceof PromqlError) return badData(error.message);
      throw error;
    }
  }

  #route(path: string, query: URLSearchParams): HttpAnswer | undefined {
    this.#engine.tick();
    switch (path) {
      case '/api/v1/query': {
        const at = timeOf(query.get('time'), this.#engine.now());
        return success(
          resultOf(evaluate(parsePromql(query.get('query') ?? ''), at, this.#engine.series.source), at),
        );
      }
      case '/api/v1/query_range':
        return this.#range(query);
      case '/api/v1/rules':
        return success({ groups: this.#groups() });
      case '/api/v1/alerts':
        return success({ alerts: this.#engine.alerts().map(toAlert) });
      case '/api/v1/series':
        return success(this.#engine.series.current().map((one) => one.labels));
      case '/api/v1/labels':
        return success(
          [...new Set(this.#engine.series.current().flatMap((one) => Object.keys(one.labels)))].sort(),
        );
      case '/api/v1/targets':
        return success({ activeTargets: [], droppedTargets: [] });
      case '/api/v1/status/buildinfo':
        return success({ version: '2.53.0+practice', revision: 'practice', goVersion: 'practice' });
      case '/-/healthy':
      case '/-/ready':
        return { status: 200, body: 'Prometheus Server is Healthy (practice cluster).\n' };
      case '/metrics':
      case '/federate':
        return { status: 200, headers: { 'Content-Type': 'text/plain; version=0.0.4' }, body: this.#text() };
    }
    const label = /^\/api\/v1\/label\/([^/]+)\/values$/.exec(path)?.[1];
    if (!label) return undefined;
    const values = this.#engine.series.current().flatMap((one) => one.labels[label] ?? []);
    return success([...new Set(values)].sort());
  }

  #range(query: URLSearchParams): HttpAnswer {
    const now = this.#engine.now();
    const start = timeOf(query.get('start'), now - 3_600_000);
    const end = timeOf(query.get('end'), now);
    const step = query.get('step') ?? '60';
    const stepMs = /^[\d.]+$/.test(step) ? Number(step) * 1000 : durationOf(step);
    if (!(stepMs > 0)) return badData('zero or negative query resolution step widths are not accepted');
    if ((end - start) / stepMs > 11_000)
      return badData('exceeded maximum resolution of 11,000 points per timeseries');
    const expression = parsePromql(query.get('query') ?? '');
    const series = new Map<string, { metric: Labels; values: [number, string][] }>();
    for (let at = start; at <= end; at += stepMs) {
      const value = evaluate(expression, at, this.#engine.series.source);
      const elements =
        value.type === 'scalar'
          ? [{ labels: {}, value: value.value }]
          : value.type === 'vector'
            ? value.elements
            : [];
      for (const one of elements) {
        const key = JSON.stringify(one.labels);
        const kept = series.get(key) ?? { metric: one.labels, values: [] };
        kept.values.push([at / 1000, number(one.value)]);
        series.set(key, kept);
      }
    }
    return success({ resultType: 'matrix', result: [...series.values()] });
  }

  #groups(): Json[] {
    const names = [...new Set(alertRules.map((rule) => rule.group))];
    return names.map((name) => ({
      name,
      file: 'practice-rules.yaml',
      interval: 2,
      rules: alertRules
        .filter((rule) => rule.group === name)
        .map((rule) => {
          const alerts = this.#engine.alerts().filter((one) => one.rule === rule);
          const state = alerts.some((one) => one.state === 'firing')
            ? 'firing'
            : alerts.length
              ? 'pending'
              : 'inactive';
          return {
            type: 'alerting',
            name: rule.alert,
            query: rule.expr,
            duration: rule.forMs / 1000,
            labels: { severity: rule.severity },
            annotations: annotationsOf(rule),
            alerts: alerts.map(toAlert),
            state,
            health: 'ok',
          };
        }),
    }));
  }

  #text(): string {
    const byName = new Map<string, string[]>();
    for (const { labels, value, counter } of this.#engine.series.current()) {
      const { __name__: name = '', ...rest } = labels;
      const told = Object.entries(rest).map(([key, text]) => `${key}=${JSON.stringify(text)}`);
      const lines = byName.get(name) ?? [`# TYPE ${name} ${counter ? 'counter' : 'gauge'}`];
      lines.push(`${name}${told.length ? `{${told.join(',')}}` : ''} ${number(value)}`);
      byName.set(name, lines);
    }
    return `${[...byName.values()].flat().join('\n')}\n`;
  }
}

export function annotationsOf(rule: Alert['rule']): Record<string, string> {
  return {
    summary: rule.summary,
    description: `${rule.summary}. (practice cluster)`,
    ...(rule.runbook ? { runbook_url: `runbooks/${rule.runbook}.runbook.md` } : {}),
  };
}

function toAlert({ rule, labels, value, activeAt, state }: Alert): Json {
  return { labels, annotations: annotationsOf(rule), state, activeAt: iso(activeAt), value: number(value) };
}
