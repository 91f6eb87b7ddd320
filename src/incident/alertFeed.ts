// The alerts that are active now, asked while somebody looks: from configured addresses, or by service name
// through the pinned cluster.

import { AlertmanagerClient } from '../alerts/live/alertmanagerClient.ts';
import { type AlertSnapshot, isHealthy, takeSnapshot } from '../alerts/live/alertSnapshot.ts';
import type { HttpAuth } from '../alerts/live/httpJson.ts';
import { Poller } from '../alerts/live/poller.ts';
import { PrometheusClient } from '../alerts/live/prometheusClient.ts';
import { systemClock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';
import type { SessionTarget } from './sessionTarget.ts';

export interface AlertPlaces {
  /** Empty: the service `prometheus` of the pinned cluster, if there is one. */
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  readonly auth?: HttpAuth;
}

const prometheusService = 'http://prometheus:9090';
const alertmanagerService = 'http://alertmanager:9093';

/** Sleeps until `start`. */
export class AlertFeed implements Disposable {
  readonly #poller: Poller<AlertSnapshot>;
  #last: AlertSnapshot | undefined;

  /** undefined where there is nothing to ask: no address is configured and no cluster is pinned. */
  static of(places: AlertPlaces, target: SessionTarget | undefined): AlertFeed | undefined {
    const auth = places.auth ? { auth: places.auth } : {};
    const viaCluster = target ? { fetch: clusterFetch(target) } : undefined;
    const prometheus = places.prometheusUrl
      ? new PrometheusClient({ url: places.prometheusUrl, ...auth })
      : viaCluster && new PrometheusClient({ url: prometheusService, ...viaCluster });
    const alertmanager = places.alertmanagerUrl
      ? new AlertmanagerClient({ url: places.alertmanagerUrl, ...auth })
      : viaCluster && new AlertmanagerClient({ url: alertmanagerService, ...viaCluster });
    if (!prometheus && !alertmanager) return undefined;
    return new AlertFeed({
      ...(prometheus ? { prometheus } : {}),
      ...(alertmanager ? { alertmanager } : {}),
    });
  }

  private constructor(sources: Parameters<typeof takeSnapshot>[0]) {
    this.#poller = new Poller({ ask: (signal) => takeSnapshot(sources, systemClock, signal), isHealthy });
    this.#poller.onAnswer((snapshot) => {
      this.#last = snapshot;
    });
  }

  get onAnswer(): Event<AlertSnapshot> {
    return this.#poller.onAnswer;
  }

  /** The last answer; undefined before the first. */
  get last(): AlertSnapshot | undefined {
    return this.#last;
  }

  start(): void {
    this.#poller.start();
  }

  stop(): void {
    this.#poller.stop();
  }

  refresh(): void {
    this.#poller.refresh();
  }

  dispose(): void {
    this.#poller.dispose();
  }
}

/** A `fetch` whose host names are services of the pinned cluster; a name that is none can't be reached. */
function clusterFetch(target: SessionTarget): typeof globalThis.fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const signal = init?.signal ?? undefined;
    const address = await target.cluster.resolveService(
      url.hostname,
      Number(url.port || 80),
      signal ? { signal } : {},
    );
    if (!address) {
      const { context, namespace } = target.pin;
      throw new TypeError(`the cluster ${context} has no service ${url.host} in ${namespace}`);
    }
    const response = await target.cluster.requestService(address, {
      method: init?.method ?? 'GET',
      path: url.pathname + url.search,
      headers: Object.fromEntries(new Headers(init?.headers)),
      ...(typeof init?.body === 'string' ? { body: Buffer.from(init.body) } : {}),
      ...(signal ? { signal } : {}),
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) chunks.push(chunk);
    const headers = new Headers();
    for (const [name, value] of Object.entries(response.headers))
      headers.set(name, [value].flat().join(', '));
    return new Response(Buffer.concat(chunks), { status: response.status, headers });
  };
}
