// Processes that cells have left in the background, as the log tells of them: of which run, on whose machine. They end
// when they are stopped, or with the session of their window.

import type { EventInput, EventOf, EvidenceEvent } from '../evidence/events.ts';
import { isLastSeal } from '../evidence/format/lastSeal.ts';

export interface LeftJobs {
  readonly run: string;
  /** The cell. */
  readonly what: string;
  readonly by: string;
  /** The log that tells of them: whose window has them. */
  readonly writer: string;
  readonly pids: readonly number[];
  /** When the cell ended, epoch milliseconds. */
  readonly since: number;
}

/** Into the `extra` of a run's result; nothing where it left none. */
export function jobsTold(pids: readonly number[]): { readonly jobs?: number[] } {
  return pids.length > 0 ? { jobs: [...pids] } : {};
}

export function stoppedNote(pids: readonly number[], processes: number): EventInput {
  const what = processes === 1 ? '1 background process' : `${processes} background processes`;
  return { type: 'note', text: `Stopped ${what}.`, about: 'jobs', extra: { stopped: [...pids] } };
}

/** Fed with all events of an incident in their order. */
export class LeftJobsFold {
  readonly #left = new Map<string, LeftJobs>();

  get left(): LeftJobs[] {
    return [...this.#left.values()];
  }

  result(writer: string, { run, time, extra }: EventOf<'cell.result'>, what: string, by: string): void {
    const pids = numbersIn(extra, 'jobs');
    if (pids.length > 0) this.#left.set(run, { run, what, by, writer, pids, since: Date.parse(time) });
  }

  other(writer: string, event: EvidenceEvent): void {
    if (event.type === 'note' && event.about === 'jobs') {
      const stopped = new Set(numbersIn(event.extra, 'stopped'));
      this.#keep((one) => one.writer !== writer || !one.pids.every((pid) => stopped.has(pid)));
    } else if (event.type === 'checkpoint' && isLastSeal(event)) this.#gone(writer);
    else if (event.type === 'writer.recovered') this.#gone(event.writer);
  }

  /** A session ends everything that it started. */
  #gone(writer: string): void {
    this.#keep((one) => one.writer !== writer);
  }

  #keep(stays: (one: LeftJobs) => boolean): void {
    for (const [run, one] of this.#left) if (!stays(one)) this.#left.delete(run);
  }
}

/** Logs are others' writing: anything but process numbers is passed over. */
function numbersIn(extra: unknown, name: string): number[] {
  const told = (extra as Record<string, unknown> | undefined)?.[name];
  return Array.isArray(told) ? told.filter((pid) => Number.isSafeInteger(pid) && pid > 0) : [];
}
