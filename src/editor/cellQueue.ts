// The order in which a notebook's cells run: one after the other, and none after one that failed.

export type QueuedJob = () => Promise<boolean>;

interface Entry {
  readonly job: QueuedJob;
  readonly skip: () => void;
}

/** One a notebook: its session runs one cell at a time. */
export class CellQueue {
  readonly #waiting: Entry[] = [];
  #running = false;

  /** @param skip called instead of the job where an earlier one of the queue failed or was interrupted. */
  add(job: QueuedJob, skip: () => void): void {
    this.#waiting.push({ job, skip });
    if (!this.#running) void this.#drain();
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Those that wait are skipped; what runs is for the caller to stop. */
  clear(): void {
    for (const entry of this.#waiting.splice(0)) entry.skip();
  }

  async #drain(): Promise<void> {
    this.#running = true;
    try {
      for (let entry = this.#waiting.shift(); entry; entry = this.#waiting.shift()) {
        const ok = await entry.job().catch(() => false);
        if (!ok) this.clear();
      }
    } finally {
      this.#running = false;
    }
  }
}
