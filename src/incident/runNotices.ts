// What is said of a run beside its output, by whoever has something to say: the guard, at a question or at the gate,
// knows a run by its id and nothing of who shows it.

import type { CellDisplay } from './cellOutcome.ts';

export class RunNotices {
  readonly #displays = new Map<string, CellDisplay>();
  readonly #first: string[] = [];

  /** Of the session, not of a run: said beside the first one that is shown. */
  sayFirst(texts: readonly string[]): void {
    this.#first.push(...texts);
  }

  /** What is said of the run goes here until it is forgotten. */
  show(run: string, display: CellDisplay): void {
    this.#displays.set(run, display);
    this.say(run, this.#first.splice(0));
  }

  forget(run: string): void {
    this.#displays.delete(run);
  }

  /** What stands beside the run while it lasts, in place of what stood there; undefined takes it away. */
  progress(run: string, text: string | undefined): void {
    this.#displays.get(run)?.progress?.(text);
  }

  /** Nothing where nobody shows the run any more. */
  say(run: string, texts: readonly string[]): void {
    for (const text of texts) this.#displays.get(run)?.notice(text);
  }
}
