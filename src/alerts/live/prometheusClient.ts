// Prometheus's HTTP API v1, read only.

import { badQuery, notFound, serverError, unreadable } from './failures.ts';
import { HttpJson, type HttpOptions } from './httpJson.ts';
import { mapOutcome, type Outcome, success } from './outcome.ts';
import type { PrometheusAlert, PrometheusResult, PrometheusRule } from './prometheusTypes.ts';
import { fields, list, readAlerts, readResult, readRules } from './readPrometheus.ts';

export interface RangeQuery {
  readonly expression: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

export class PrometheusClient {
  readonly #http: HttpJson;
  readonly #url: string;

  constructor(options: HttpOptions) {
    this.#http = new HttpJson('a Prometheus', options);
    this.#url = options.url;
  }

  /** Alerts that are pending or firing. */
  async alerts(signal?: AbortSignal): Promise<Outcome<PrometheusAlert[]>> {
    return mapOutcome(await this.#ask('/api/v1/alerts', {}, signal), (data) =>
      readAlerts(fields(data).alerts),
    );
  }

  /** Alerting rules with their state. */
  async rules(signal?: AbortSignal): Promise<Outcome<PrometheusRule[]>> {
    return mapOutcome(await this.#ask('/api/v1/rules', { type: 'alert' }, signal), readRules);
  }

  /** An instant query; at the server's own time unless `timeMs` is told. */
  query(
    expression: string,
    options: { timeMs?: number; signal?: AbortSignal } = {},
  ): Promise<Outcome<PrometheusResult>> {
    const parameters: Record<string, string> = { query: expression };
    if (options.timeMs !== undefined) parameters.time = seconds(options.timeMs);
    return this.#result('/api/v1/query', parameters, options.signal);
  }

  /** A range query; Prometheus itself refuses more than 11,000 points a series. */
  queryRange(range: RangeQuery, signal?: AbortSignal): Promise<Outcome<PrometheusResult>> {
    const { expression, startMs, endMs, stepMs } = range;
    const parameters = {
      query: expression,
      start: seconds(startMs),
      end: seconds(endMs),
      step: seconds(stepMs),
    };
    return this.#result('/api/v1/query_range', parameters, signal);
  }

  async #result(
    path: string,
    parameters: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<Outcome<PrometheusResult>> {
    const answer = await this.#ask(path, parameters, signal);
    if (!answer.ok) return answer;
    const result = readResult(answer.value);
    return result
      ? { ...answer, value: result }
      : unreadable(this.#url + path, 'a result of an unknown type');
  }

  async #ask(
    path: string,
    parameters: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<Outcome<unknown>> {
    const answer = await this.#http.get({ path, parameters, ...(signal && { signal }) });
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    const { status: word, data, error, errorType, warnings } = fields(body);
    if (word === 'success') return success(data, list(warnings).map(String));
    if (errorType === 'bad_data' || errorType === 'execution') return badQuery(String(error), status);
    if (word === 'error') return serverError(this.#url + path, status, String(error));
    return status === 404
      ? notFound(this.#url + path, 'a Prometheus')
      : unreadable(this.#url + path, 'JSON without "status"');
  }
}

function seconds(ms: number): string {
  return String(ms / 1000);
}
