// Alertmanager's HTTP API, v2, over the firing alerts: alerts, groups, silences. Its v1 is gone, as in the real one.
// Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml

import type { HttpAnswer, HttpRequest } from '../containers/program.ts';
import type { Json } from '../store/kubeObject.ts';
import type { Alert, MetricsEngine } from './metricsEngine.ts';
import { annotationsOf } from './prometheusApi.ts';

interface Silence {
  readonly id: string;
  readonly matchers: readonly { name: string; value: string; isRegex: boolean; isEqual?: boolean }[];
  readonly startsAt: string;
  endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const receiver = { name: 'practice-on-call' };

export class AlertmanagerApi {
  readonly #engine: MetricsEngine;
  readonly #silences = new Map<string, Silence>();

  constructor(engine: MetricsEngine) {
    this.#engine = engine;
  }

  answer({ method, path: full, body }: HttpRequest): HttpAnswer | undefined {
    const [path = '', queryText = ''] = full.split('?');
    const query = new URLSearchParams(queryText);
    this.#engine.tick();
    if (path.startsWith('/api/v1/'))
      return {
        status: 410,
        body: {
          status: 'error',
          error: 'The Alertmanager v1 API was removed in version 0.27.0: use /api/v2/.',
        },
      };
    const one = /^\/api\/v2\/silence\/([\w-]+)$/.exec(path)?.[1];
    if (one) return this.#oneSilence(method, one);
    switch (path) {
      case '/api/v2/alerts':
        return { status: 200, body: this.#alerts(query) };
      case '/api/v2/alerts/groups':
        return { status: 200, body: [{ labels: {}, receiver, alerts: this.#alerts(query) }] };
      case '/api/v2/silences':
        return method === 'POST'
          ? this.#silence(body)
          : { status: 200, body: [...this.#silences.values()].map((kept) => this.#shown(kept)) };
      case '/api/v2/receivers':
        return { status: 200, body: [receiver] };
      case '/api/v2/status':
        return {
          status: 200,
          body: {
            cluster: { status: 'disabled' },
            versionInfo: { version: '0.27.0+practice' },
            uptime: iso(this.#engine.startedAt),
          },
        };
      case '/-/healthy':
      case '/-/ready':
        return { status: 200, body: 'OK (practice cluster)\n' };
      default:
        return undefined;
    }
  }

  #isActive(silence: Silence): boolean {
    const now = this.#engine.now();
    return Date.parse(silence.startsAt) <= now && now < Date.parse(silence.endsAt);
  }

  #silencedBy(alert: Alert): string[] {
    const holds = ({ name, value, isRegex, isEqual = true }: Silence['matchers'][number]): boolean => {
      const own = alert.labels[name] ?? '';
      return (isRegex ? new RegExp(`^(?:${value})$`).test(own) : own === value) === isEqual;
    };
    const active = [...this.#silences.values()].filter(
      (silence) => this.#isActive(silence) && silence.matchers.every(holds),
    );
    return active.map((silence) => silence.id);
  }

  #alerts(query: URLSearchParams): Json[] {
    const filters = query
      .getAll('filter')
      .map((text) => /^\s*"?([\w]+)"?\s*(=~|!=|!~|=)\s*"?(.*?)"?\s*$/.exec(text));
    return this.#engine
      .alerts()
      .filter((alert) => alert.state === 'firing')
      .filter((alert) =>
        filters.every((filter) => {
          if (!filter) return true;
          const [, name, operator, value] = filter as unknown as [string, string, string, string];
          const own = alert.labels[name] ?? '';
          const equal = operator.endsWith('~') ? new RegExp(`^(?:${value})$`).test(own) : own === value;
          return equal !== operator.startsWith('!');
        }),
      )
      .map((alert) => {
        const silencedBy = this.#silencedBy(alert);
        return {
          labels: alert.labels,
          annotations: annotationsOf(alert.rule),
          startsAt: iso(alert.activeAt + alert.rule.forMs),
          endsAt: iso(this.#engine.now() + 300_000),
          updatedAt: iso(this.#engine.now()),
          fingerprint: alert.fingerprint,
          generatorURL: 'http://prometheus:9090/graph',
          receivers: [receiver],
          status: {
            state: silencedBy.length ? 'suppressed' : 'active',
            silencedBy,
            inhibitedBy: [],
            mutedBy: [],
          },
        };
      });
  }

  #silence(body: Buffer | undefined): HttpAnswer {
    let given: Json;
    try {
      given = JSON.parse(body?.toString() ?? '');
    } catch {
      return { status: 400, body: 'the silence is not JSON' };
    }
    if (!given.matchers?.length || !given.startsAt || !given.endsAt)
      return { status: 400, body: 'invalid silence: matchers, startsAt and endsAt are required' };
    const id = given.id || crypto.randomUUID();
    this.#silences.set(id, { ...given, id });
    return { status: 200, body: { silenceID: id } };
  }

  #oneSilence(method: string, id: string): HttpAnswer {
    const silence = this.#silences.get(id);
    if (!silence) return { status: 404, body: `silence ${id} not found` };
    if (method !== 'DELETE') return { status: 200, body: this.#shown(silence) };
    silence.endsAt = iso(this.#engine.now());
    return { status: 200, body: '' };
  }

  #shown(silence: Silence): Json {
    const state = this.#isActive(silence)
      ? 'active'
      : Date.parse(silence.endsAt) <= this.#engine.now()
        ? 'expired'
        : 'pending';
    return { ...silence, status: { state }, updatedAt: silence.startsAt };
  }
}
