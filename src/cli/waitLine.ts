// The countdown of a cell that sleeps: one line of the terminal, gone before anything else is printed.

import { printError } from './print.ts';

export class WaitLine {
  #timer: NodeJS.Timeout | undefined;
  #drawn = false;

  begin(untilMs: number): void {
    this.end();
    if (!process.stderr.isTTY) return;
    const draw = (): void => {
      const seconds = Math.max(0, Math.ceil((untilMs - Date.now()) / 1000));
      const two = (number: number): string => String(number).padStart(2, '0');
      const left = `${Math.floor(seconds / 3600) || ''}${seconds >= 3600 ? ':' : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
      this.#drawn = true;
      void printError(Buffer.from(`\r  waits in a sleep: ${left} left (Ctrl-C interrupts)\u001b[K`));
    };
    draw();
    this.#timer = setInterval(draw, 1000);
  }

  /** Makes room for a line of something else. */
  clear(): void {
    if (!this.#drawn) return;
    this.#drawn = false;
    void printError(Buffer.from('\r\u001b[K'));
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.clear();
  }
}
