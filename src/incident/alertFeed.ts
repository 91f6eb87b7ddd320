// The alerts that are active now, asked while somebody looks: from configured addresses, or by service name
// through the pinned cluster.

import { type AlertSnapshot, isHealthy, takeSnapshot } from '../alerts/live/alertSnapshot.ts';
import { Poller } from '../alerts/live/poller.ts';
import { systemClock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';
import { type MonitoringPlaces, monitoringSources } from './monitoring.ts';
import type { SessionTarget } from './sessionTarget.ts';

/** Sleeps until `start`. */
export class AlertFeed implements Disposable {
  readonly #poller: Poller<AlertSnapshot>;
  #last: AlertSnapshot | undefined;

  /** undefined where there is nothing to ask: no address is configured and no cluster is pinned. */
  static of(places: MonitoringPlaces, target: SessionTarget | undefined): AlertFeed | undefined {
    const { prometheus, alertmanager } = monitoringSources(places, target);
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
