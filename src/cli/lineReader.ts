// Lines from the operator, one after the other: at a terminal as they are typed, from a pipe as they come. Nothing
// that was piped ahead of its question is lost.

import { createInterface, type Interface } from 'node:readline';
import type { Disposable } from '../base/disposable.ts';
import { printError } from './print.ts';

export class LineReader implements Disposable {
  readonly #reader: Interface;
  readonly #lines: string[] = [];
  readonly #waiting: ((line: string | undefined) => void)[] = [];
  #ended = false;

  constructor(input: NodeJS.ReadableStream = process.stdin) {
    // The prompt is written by us, so that a pipe's screen reads like a terminal's.
    this.#reader = createInterface({ input, terminal: false });
    this.#reader.on('line', (line) => {
      const next = this.#waiting.shift();
      if (next) next(line);
      else this.#lines.push(line);
    });
    this.#reader.on('close', () => {
      this.#ended = true;
      for (const next of this.#waiting.splice(0)) next(undefined);
    });
  }

  /** undefined at the end of the input, and where the signal aborts the question. */
  async ask(prompt: string, signal?: AbortSignal): Promise<string | undefined> {
    await printError(prompt);
    if (signal?.aborted) return undefined;
    const ready = this.#lines.shift();
    if (ready !== undefined || this.#ended) return ready;
    return new Promise((resolve) => {
      const answer = (line: string | undefined): void => {
        signal?.removeEventListener('abort', cancel);
        resolve(line);
      };
      const cancel = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(answer), 1);
        resolve(undefined);
      };
      this.#waiting.push(answer);
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  dispose(): void {
    this.#reader.close();
  }
}
