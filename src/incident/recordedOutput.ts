// A run's output on its way: from the kernel into the evidence, and what was recorded there to the display.

import { formatDuration } from '../base/duration.ts';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { OutputWriter } from '../evidence/write/outputWriter.ts';
import type { OutputSink, RunEvent, StreamName } from '../kernel/types.ts';
import type { CellDisplay } from './cellOutcome.ts';

export class RecordedOutput implements OutputSink {
  readonly #writer: EvidenceWriter;
  readonly #run: string;
  #display: CellDisplay;
  readonly #startedAt: number;
  readonly #streams = new Map<StreamName, OutputWriter>();
  #cutCount = 0;
  readonly #cutKinds = new Set<string>();
  #asleep = false;
  #failure: Error | undefined;
  #onFailure: (error: Error) => void;

  /** @param onFailure called once where no folder takes the output any more: the run has to be stopped. */
  constructor(
    writer: EvidenceWriter,
    run: string,
    startedAt: number,
    display: CellDisplay,
    onFailure: (error: Error) => void,
  ) {
    this.#writer = writer;
    this.#run = run;
    this.#startedAt = startedAt;
    this.#display = display;
    this.#onFailure = onFailure;
  }

  /** Why the output could not be recorded, if so. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** From now on what was recorded is shown elsewhere. */
  divert(output: CellDisplay['output']): void {
    this.#display = { output, notice: () => {} };
  }

  /** How many credentials were cut out. */
  get cutCount(): number {
    return this.#cutCount;
  }

  /** What was cut and why, for the operator; undefined where nothing was. */
  get cutNotice(): string | undefined {
    if (this.#cutCount === 0) return undefined;
    const many = this.#cutCount === 1 ? '1 credential was' : `${this.#cutCount} credentials were`;
    const kinds = [...this.#cutKinds].sort().join(', ');
    return `${many} cut out of the output before it was kept or shown: ${kinds}. Its place says [cut …].`;
  }

  async write(stream: StreamName, bytes: Uint8Array, atMs: number): Promise<void> {
    if (this.#failure) return;
    try {
      const shown = this.#open(stream).write(bytes, Math.max(0, atMs - this.#startedAt));
      if (shown.length > 0) await this.#display.output(stream, shown);
    } catch (error) {
      this.#failure = error as Error;
      this.#onFailure(error as Error);
    }
  }

  event(event: RunEvent): void {
    if (event.type === 'silence') {
      // A wait that is shown as a countdown says enough.
      if (this.#asleep) return;
      if (this.#display.state) this.#display.state(event);
      else this.#display.notice(`No output for ${formatDuration(event.silentMs)}; it still runs.`);
    } else if (event.type === 'sleep' || event.type === 'awake') {
      this.#asleep = event.type === 'sleep';
      this.#display.state?.(event);
    } else if (event.type === 'signal') {
      this.#display.notice(`Stopping: ${event.signal} to ${event.pids.length} process(es).`);
    } else if (event.type === 'output-closed') {
      void this.end().catch((error: Error) => {
        this.#failure ??= error;
      });
    }
  }

  /** Writes the streams' last bytes and their blobs' events. A job's later output opens them again. */
  async end(): Promise<void> {
    const open = [...this.#streams];
    this.#streams.clear();
    for (const [stream, output] of open) {
      const ended = await output.end().catch((error: Error) => {
        this.#failure ??= error;
      });
      if (!ended) continue;
      const { rest, cuts, cutCount } = ended;
      this.#cutCount += cutCount;
      for (const { kind } of cuts) this.#cutKinds.add(kind);
      if (rest.length > 0) await this.#display.output(stream, rest);
    }
  }

  #open(stream: StreamName): OutputWriter {
    const open = this.#streams.get(stream);
    if (open) return open;
    const made = this.#writer.output(this.#run, stream, (late) => void this.#display.output(stream, late));
    this.#streams.set(stream, made);
    return made;
  }
}
