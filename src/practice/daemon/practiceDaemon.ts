// The practice cluster as a process of its own: run, started detached, asked, stopped. What the command line's
// `practice start | stop | status | kubeconfig` and the editor's commands call.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RunbookError } from '../../base/runbookError.ts';
import type { FaultStatus } from '../faults/faultBoard.ts';
import { loadFieldTypes } from '../patch/fieldTypes.ts';
import { startPracticeCluster } from '../startPracticeCluster.ts';
import {
  askPractice,
  type PracticeState,
  readPracticeState,
  removePracticeState,
  writePracticeState,
} from './practiceState.ts';

export interface PracticeDaemonOptions {
  /** Holds `practice.json`, the kubeconfig and the log; made when absent. */
  readonly stateDirectory: string;
  readonly port?: number;
  /** Called when the API answers and the pods are ready. */
  readonly onReady?: (state: PracticeState) => void;
  /** Ends it, beside SIGINT, SIGTERM and `stopPractice`. */
  readonly signal?: AbortSignal;
}

/** Runs until it is stopped. Throws a RunbookError `practice-running` where one runs already. */
export async function runPracticeDaemon(options: PracticeDaemonOptions): Promise<void> {
  const { stateDirectory } = options;
  const present = await practiceStatus(stateDirectory);
  if (present.running) throw alreadyRunning(present.state);
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const cluster = await startPracticeCluster({
    runtimeDirectory: stateDirectory,
    onStop: end,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const { url, port, kubeconfigPath, context } = cluster;
  const state = { pid: process.pid, url, port, kubeconfigPath, context, startedAt: new Date().toISOString() };
  writePracticeState(stateDirectory, state);
  const held = setInterval(() => {}, 1 << 30);
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  options.signal?.addEventListener('abort', end, { once: true });
  if (options.signal?.aborted) end();
  options.onReady?.(state);
  // Now, and not when first needed: the program's files may be gone by then, since an update puts others there.
  loadFieldTypes().catch(console.error);
  if (!ending.signal.aborted) await once(ending.signal, 'abort');
  clearInterval(held);
  process.off('SIGINT', end);
  process.off('SIGTERM', end);
  removePracticeState(stateDirectory);
  await cluster.dispose();
}

export interface DetachedOptions {
  readonly stateDirectory: string;
  /** The program and arguments that lead to `runPracticeDaemon` with this state directory. */
  readonly command: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Starts the daemon apart from this process; returns when it answers and its pods are ready. */
export async function startDetached(options: DetachedOptions): Promise<PracticeState> {
  const { stateDirectory, command, timeoutMs = 30_000 } = options;
  const present = await practiceStatus(stateDirectory);
  if (present.running) throw alreadyRunning(present.state);
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const logPath = path.join(stateDirectory, 'practice.log');
  const log = openSync(logPath, 'w', 0o600);
  const [program = process.execPath, ...args] = command;
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: options.env ?? process.env,
  });
  closeSync(log);
  let failed: string | undefined;
  child.once('error', (error) => {
    failed = error.message;
  });
  child.once('exit', (code) => {
    failed ??= `it ended with ${code}: ${readFileSync(logPath, 'utf8').trim().split('\n').at(-1) ?? ''}`;
  });
  const until = Date.now() + timeoutMs;
  while (failed === undefined && Date.now() < until) {
    const status = await practiceStatus(stateDirectory);
    if (status.running && status.unreadyPods === 0) {
      child.unref();
      return status.state;
    }
    await delay(50);
  }
  if (failed === undefined) child.kill();
  throw new RunbookError({
    code: 'practice-start',
    message: `The practice cluster did not start: ${failed ?? `no answer within ${timeoutMs / 1000} s`}.`,
    mend: `Its log is ${logPath}.`,
  });
}

export type PracticeStatus =
  | { readonly running: true; readonly state: PracticeState; readonly unreadyPods: number }
  | { readonly running: false };

/** Whether a practice cluster answers; a state file that nothing stands behind counts as none. */
export async function practiceStatus(stateDirectory: string): Promise<PracticeStatus> {
  const state = readPracticeState(stateDirectory);
  const answer = state && (await askPractice(state.kubeconfigPath, 'GET', ''));
  return state && answer?.practice
    ? { running: true, state, unreadyPods: answer.unreadyPods }
    : { running: false };
}

/** Ends it through its API, never by a process id that may be another's by now. False when none ran. */
export async function stopPractice(stateDirectory: string): Promise<boolean> {
  const status = await practiceStatus(stateDirectory);
  if (!status.running) {
    removePracticeState(stateDirectory);
    return false;
  }
  await askPractice(status.state.kubeconfigPath, 'POST', '/stop');
  const { pid } = status.state;
  for (let tries = 0; tries < 200 && (readPracticeState(stateDirectory) || isAlive(pid)); tries += 1)
    await delay(25);
  return true;
}

/** The faults of a running practice cluster; undefined when none runs. */
export async function practiceFaults(kubeconfigPath: string): Promise<FaultStatus[] | undefined> {
  return (await askPractice(kubeconfigPath, 'GET', '/faults'))?.faults;
}

/** Starts a fault by its id; undefined when no cluster runs or there is no such fault. */
export function startPracticeFault(kubeconfigPath: string, id: string): Promise<FaultStatus | undefined> {
  return askPractice(kubeconfigPath, 'POST', `/faults/${encodeURIComponent(id)}`);
}

/** Asks only: signal 0 reaches nobody. */
function isAlive(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0);
  } catch {
    return false;
  }
}

function alreadyRunning(state: PracticeState): RunbookError {
  return new RunbookError({
    code: 'practice-running',
    message: `A practice cluster runs already at ${state.url}.`,
    mend: 'Use it, or stop it with: runbook practice stop',
  });
}
