// How a run is stopped: SIGINT, SIGTERM 2 s later, SIGKILL 2 s after that, to every process that the run has
// started, wherever it went. bash itself comes first: it must know of the SIGINT before its child dies of it.

import { type ProcessInfo, sendSignal } from './processes.ts';

const escalation: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 0],
  ['SIGTERM', 2000],
  ['SIGKILL', 4000],
];
const giveUpMs = 8000;
const pollMs = 40;

export interface StopTarget {
  /** The bash that runs the cell. */
  readonly bashPid: number;
  /** True until the cell has ended: bash is a target as long. */
  isRunning(): boolean;
  /** Living processes of the run, bash aside. */
  others(): readonly ProcessInfo[];
  onSignal(signal: NodeJS.Signals, pids: readonly number[]): void;
  /** What bash puts into the background ignores SIGINT: SIGTERM comes first then. */
  readonly inBackground?: boolean;
}

/** Resolves when nothing of the run is left: true; or when even SIGKILL did not help: false. */
export async function stopRun(target: StopTarget): Promise<boolean> {
  const begin = performance.now() - (target.inBackground ? escalation[1]![1] : 0);
  const told = new Map<number, NodeJS.Signals>();
  for (;;) {
    const elapsedMs = performance.now() - begin;
    const others = target.others();
    if (!target.isRunning() && others.length === 0) return true;
    if (elapsedMs > giveUpMs) return false;
    const signal = escalation.findLast(([, afterMs]) => elapsedMs >= afterMs)![0];
    const pids = [...(target.isRunning() ? [target.bashPid] : []), ...others.map(({ pid }) => pid)];
    const fresh = pids.filter((pid) => told.get(pid) !== signal);
    const reached = fresh.filter((pid) => sendSignal(pid, signal));
    for (const pid of fresh) told.set(pid, signal);
    if (reached.length > 0) target.onSignal(signal, reached);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
