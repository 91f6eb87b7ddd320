// FIFO pairs for the outputs of cells. One pair serves cell after cell, as long as no background job keeps it open.

import path from 'node:path';
import type { Supervisor } from './supervisor.ts';

export interface OutputPair {
  readonly stdout: string;
  readonly stderr: string;
}

export class OutputPool {
  readonly #directory: string;
  readonly #supervisor: Supervisor;
  readonly #free: OutputPair[] = [];
  #made = 0;

  constructor(directory: string, supervisor: Supervisor) {
    this.#directory = directory;
    this.#supervisor = supervisor;
  }

  async take(): Promise<OutputPair> {
    const free = this.#free.pop();
    if (free) return free;
    const number = ++this.#made;
    const names = [`stdout-${number}`, `stderr-${number}`] as const;
    await this.#supervisor.makeFifos(names);
    return { stdout: path.join(this.#directory, names[0]), stderr: path.join(this.#directory, names[1]) };
  }

  /** Only of a pair that no process writes to any more. */
  give(pair: OutputPair): void {
    this.#free.push(pair);
  }
}
