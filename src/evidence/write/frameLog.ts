// The order and time of a run's output, of both streams together, in batches.

import type { EventInput } from '../events.ts';

const batch = 256;
const flushAfterMs = 2000;

export class FrameLog {
  readonly #run: string;
  readonly #append: (event: EventInput) => Promise<unknown>;
  #frames: number[][] = [];
  #first = 0;
  #flushedAt = 0;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(run: string, append: (event: EventInput) => Promise<unknown>) {
    this.#run = run;
    this.#append = append;
  }

  /** `stream` 0 is stdout, 1 stderr. */
  add(stream: 0 | 1, atMs: number, bytes: number): void {
    const at = Math.max(0, Math.round(atMs));
    const last = this.#frames.at(-1);
    if (last && last[0] === stream && last[1] === at) last[2] = last[2]! + bytes;
    else this.#frames.push([stream, at, bytes]);
    if (this.#frames.length >= batch || at - this.#flushedAt >= flushAfterMs) this.#send(at);
  }

  /** Resolves when all frames so far are in the log. */
  async flush(): Promise<void> {
    this.#send(this.#flushedAt);
    await this.#writing;
  }

  #send(at: number): void {
    this.#flushedAt = at;
    if (this.#frames.length === 0) return;
    const frames = this.#frames;
    const first = this.#first;
    this.#frames = [];
    this.#first += frames.length;
    const event = { type: 'output.frames', run: this.#run, first, frames } as const;
    const before = this.#writing;
    this.#writing = Promise.all([before, this.#append(event)]);
    // Told by `flush`; until then nobody listens.
    this.#writing.catch(() => {});
  }
}
