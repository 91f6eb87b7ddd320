// Says that a run has written nothing for a while; ends nothing for it.

import type { Disposable } from '../base/disposable.ts';
import type { RunEvent } from './types.ts';

export class SilenceWatch implements Disposable {
  readonly #tell: (event: RunEvent) => void;
  readonly #firstMs: number;
  #lastHeard = performance.now();
  #nextMs: number;
  #timer: NodeJS.Timeout | undefined;

  /** `silenceMs` 0 never tells. */
  constructor(silenceMs: number, tell: (event: RunEvent) => void) {
    this.#tell = tell;
    this.#firstMs = silenceMs;
    this.#nextMs = silenceMs;
    if (silenceMs > 0) this.#wait(silenceMs);
  }

  heard(): void {
    this.#lastHeard = performance.now();
    this.#nextMs = this.#firstMs;
  }

  #wait(delayMs: number): void {
    this.#timer = setTimeout(() => this.#check(), delayMs);
  }

  #check(): void {
    const silentMs = performance.now() - this.#lastHeard;
    if (silentMs + 1 >= this.#nextMs) {
      this.#tell({ type: 'silence', silentMs: Math.round(silentMs) });
      this.#nextMs *= 2;
    }
    this.#wait(Math.max(10, this.#nextMs - silentMs));
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
