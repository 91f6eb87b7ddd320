// The poller with time in the test's hand.

import assert from 'node:assert/strict';
import { Poller } from '../../src/alerts/live/poller.ts';
import { type Disposable, toDisposable } from '../../src/base/disposable.ts';

class HandTimers {
  readonly delays: number[] = [];
  #run: (() => void) | undefined;

  after(delayMs: number, run: () => void): Disposable {
    this.delays.push(delayMs);
    this.#run = run;
    return toDisposable(() => {
      if (this.#run === run) this.#run = undefined;
    });
  }

  get isWaiting(): boolean {
    return this.#run !== undefined;
  }

  async pass(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    run?.();
    await settle();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Poller', () => {
  function make(answers: boolean[]) {
    const timers = new HandTimers();
    const signals: AbortSignal[] = [];
    const poller = new Poller<boolean>({
      ask: async (signal) => {
        signals.push(signal);
        return answers.shift() ?? true;
      },
      isHealthy: (value) => value,
      intervalMs: 1000,
      maxIntervalMs: 5000,
      timers,
    });
    return { poller, timers, signals };
  }

  it('asks at its interval, later and later after failures, and at its interval again', async () => {
    const { poller, timers } = make([true, false, false, false, false, true]);
    const answers: boolean[] = [];
    poller.onAnswer((value) => answers.push(value));
    poller.start();
    await settle();
    for (let turn = 0; turn < 5; turn++) await timers.pass();
    assert.deepEqual(timers.delays, [1000, 2000, 4000, 5000, 5000, 1000]);
    assert.deepEqual(answers, [true, false, false, false, false, true]);
    poller.dispose();
  });

  it('sleeps until it is started, and stops with what is under way', async () => {
    const { poller, timers, signals } = make([]);
    poller.refresh();
    await settle();
    assert.equal(signals.length, 0);
    poller.start();
    poller.stop();
    assert.equal(signals[0]?.aborted, true);
    await settle();
    assert.equal(timers.isWaiting, false, 'an answer that comes after the stop starts nothing');
  });

  it('asks once at a time, and forgets failures when somebody asks', async () => {
    const { poller, timers, signals } = make([false, false, true]);
    poller.start();
    poller.start();
    poller.refresh();
    await settle();
    assert.equal(signals.length, 1);
    await timers.pass();
    poller.refresh();
    await settle();
    assert.deepEqual(timers.delays, [2000, 4000, 1000]);
    poller.dispose();
    assert.equal(timers.isWaiting, false);
  });
});
