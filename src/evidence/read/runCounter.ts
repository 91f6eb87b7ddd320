// How many runs ended how, counted while events pass by.

import type { EvidenceEvent } from '../events.ts';

export interface RunCounts {
  readonly done: number;
  readonly failed: number;
  /** Without a result: still running, or interrupted. */
  readonly open: number;
}

export class RunCounter {
  readonly #ended = new Map<string, boolean | undefined>();

  see(event: EvidenceEvent): void {
    if (event.type === 'cell.intent') this.#ended.set(event.run, undefined);
    else if (event.type === 'cell.result' && this.#ended.has(event.run)) this.#ended.set(event.run, event.ok);
  }

  get counts(): RunCounts {
    const ends = [...this.#ended.values()];
    const count = (end: boolean | undefined): number => ends.filter((one) => one === end).length;
    return { done: count(true), failed: count(false), open: count(undefined) };
  }
}
