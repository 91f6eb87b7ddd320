// Asks again and again while somebody looks: at an interval, and after failures ever later, up to a bound.

import { type Disposable, toDisposable } from '../../base/disposable.ts';
import { Emitter, type Event } from '../../base/emitter.ts';

/** Time to wait as a port. */
export interface Timers {
  after(delayMs: number, run: () => void): Disposable;
}

const systemTimers: Timers = {
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    // A poll that is to come keeps no process alive.
    handle.unref?.();
    return toDisposable(() => clearTimeout(handle));
  },
};

export interface PollerOptions<T> {
  readonly ask: (signal: AbortSignal) => Promise<T>;
  /** False makes the next wait longer. */
  readonly isHealthy: (value: T) => boolean;
  /** 15 s unless told. */
  readonly intervalMs?: number;
  /** The longest wait after failures; 5 min unless told. */
  readonly maxIntervalMs?: number;
  readonly timers?: Timers;
}

/** Sleeps until `start`; asks once at a time. `ask` must not reject: a failure is a value. */
export class Poller<T> implements Disposable {
  readonly #options: PollerOptions<T>;
  readonly #emitter = new Emitter<T>();
  #failures = 0;
  #running = false;
  #flight: AbortController | undefined;
  #wait: Disposable | undefined;

  constructor(options: PollerOptions<T>) {
    this.#options = options;
  }

  readonly onAnswer: Event<T> = (listener) => this.#emitter.event(listener);

  /** Asks now, and from then on. Has no effect while it runs. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.refresh();
  }

  /** Cancels what is under way; `start` begins anew. */
  stop(): void {
    this.#running = false;
    this.#wait?.dispose();
    this.#flight?.abort();
    this.#flight = undefined;
  }

  /** Asks at once, and forgets earlier failures: somebody pressed a button. */
  refresh(): void {
    if (!this.#running || this.#flight) return;
    this.#failures = 0;
    void this.#askNow();
  }

  dispose(): void {
    this.stop();
    this.#emitter.dispose();
  }

  async #askNow(): Promise<void> {
    this.#wait?.dispose();
    const flight = new AbortController();
    this.#flight = flight;
    const answer = await this.#options.ask(flight.signal);
    if (this.#flight !== flight) return;
    this.#flight = undefined;
    this.#failures = this.#options.isHealthy(answer) ? 0 : this.#failures + 1;
    const timers = this.#options.timers ?? systemTimers;
    this.#wait = timers.after(this.#nextDelayMs(), () => void this.#askNow());
    this.#emitter.fire(answer);
  }

  #nextDelayMs(): number {
    const intervalMs = this.#options.intervalMs ?? 15_000;
    const maxMs = Math.max(this.#options.maxIntervalMs ?? 300_000, intervalMs);
    return Math.min(intervalMs * 2 ** Math.min(this.#failures, 20), maxMs);
  }
}
