// Work that waits until something has not changed for a moment: each change starts the wait anew.

import type { Disposable } from './disposable.ts';

export class Pauses<K> implements Disposable {
  readonly #timers = new Map<K, NodeJS.Timeout>();
  readonly #pauseMs: number;

  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs;
  }

  /** Does `work` after the pause, in place of what waited for this key. */
  restart(key: K, work: () => void): void {
    this.cancel(key);
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      work();
    }, this.#pauseMs);
    this.#timers.set(key, timer);
  }

  cancel(key: K): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
