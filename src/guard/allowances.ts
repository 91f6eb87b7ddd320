// What a yes covers: exactly the calls that the question displayed, identical ones for ten minutes. Anything
// else is asked at the gate.

import type { Clock } from '../base/clock.ts';
import { systemClock } from '../base/clock.ts';

export interface AllowedCall {
  readonly tool: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

const lastsMs = 10 * 60_000;

export class Allowances {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  allow(call: AllowedCall): void {
    this.#until.set(keyOf(call), this.#clock.monotonicMs() + lastsMs);
  }

  covers(call: AllowedCall): boolean {
    const until = this.#until.get(keyOf(call));
    return until !== undefined && this.#clock.monotonicMs() < until;
  }

  /** The target changed, or the severity did: every yes was for another situation. */
  clear(): void {
    this.#until.clear();
  }
}

const keyOf = ({ tool, args, cwd }: AllowedCall): string => JSON.stringify([tool, args, cwd]);
