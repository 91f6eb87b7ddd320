// Alertmanager's HTTP API v2, read only. The v1 API is gone since 0.27, and is not asked.

import { notFound, removedApi, serverError, unreadable } from './failures.ts';
import { HttpJson, type HttpOptions } from './httpJson.ts';
import type { Outcome } from './outcome.ts';
import { success } from './outcome.ts';
import type { Labels } from './prometheusTypes.ts';
import { fields, list, texts, timeMs } from './readPrometheus.ts';

export interface AlertmanagerAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  /** `unprocessed` for the moments before the first dispatch. */
  readonly state: 'active' | 'suppressed' | 'unprocessed';
  readonly startsAtMs: number | null;
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
  readonly fingerprint: string;
}

export interface AlertmanagerSilence {
  readonly id: string;
  readonly state: 'active' | 'pending' | 'expired';
  readonly matchers: readonly { name: string; value: string; isRegex: boolean; isEqual: boolean }[];
  readonly createdBy: string;
  readonly comment: string;
  readonly startsAtMs: number | null;
  readonly endsAtMs: number | null;
}

export class AlertmanagerClient {
  readonly #http: HttpJson;
  readonly #url: string;

  constructor(options: HttpOptions) {
    this.#http = new HttpJson('an Alertmanager of version 0.16 or later', options);
    this.#url = options.url;
  }

  async alerts(signal?: AbortSignal): Promise<Outcome<AlertmanagerAlert[]>> {
    return this.#ask('/api/v2/alerts', readAlert, signal);
  }

  async silences(signal?: AbortSignal): Promise<Outcome<AlertmanagerSilence[]>> {
    return this.#ask('/api/v2/silences', readSilence, signal);
  }

  async #ask<T>(
    path: string,
    read: (value: unknown) => T,
    signal: AbortSignal | undefined,
  ): Promise<Outcome<T[]>> {
    if (/\/api\/v1\b/.test(this.#url)) return removedApi(this.#url);
    const answer = await this.#http.get({ path, ...(signal && { signal }) });
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    if (Array.isArray(body)) return success(body.map(read));
    if (status === 404) return notFound(this.#url + path, 'an Alertmanager of version 0.16 or later');
    if (status >= 400) return serverError(this.#url + path, status, JSON.stringify(body).slice(0, 200));
    return unreadable(this.#url + path, 'JSON that is no list');
  }
}

function readAlert(value: unknown): AlertmanagerAlert {
  const { labels, annotations, status, startsAt, fingerprint } = fields(value);
  const { state, silencedBy, inhibitedBy } = fields(status);
  return {
    labels: texts(labels),
    annotations: texts(annotations),
    state: state === 'suppressed' || state === 'unprocessed' ? state : 'active',
    startsAtMs: timeMs(startsAt),
    silencedBy: list(silencedBy).map(String),
    inhibitedBy: list(inhibitedBy).map(String),
    fingerprint: String(fingerprint ?? ''),
  };
}

function readSilence(value: unknown): AlertmanagerSilence {
  const { id, status, matchers, createdBy, comment, startsAt, endsAt } = fields(value);
  const { state } = fields(status);
  return {
    id: String(id ?? ''),
    state: state === 'pending' || state === 'expired' ? state : 'active',
    matchers: list(matchers).map((matcher) => {
      const one = fields(matcher);
      // Absent in answers from before 0.22, which knew no negative matchers.
      const isEqual = one.isEqual !== false;
      return { name: String(one.name), value: String(one.value), isRegex: one.isRegex === true, isEqual };
    }),
    createdBy: String(createdBy ?? ''),
    comment: String(comment ?? ''),
    startsAtMs: timeMs(startsAt),
    endsAtMs: timeMs(endsAt),
  };
}
