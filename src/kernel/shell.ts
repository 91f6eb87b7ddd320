// One bash with what the kernel knows of its state, and the running of cells in it. When a cell ends bash, the
// result carries the state from which a fresh one is started.

import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RunbookError } from '../base/runbookError.ts';
import { BashProcess, makeProcessDirectory } from './bashProcess.ts';
import { type CellOutcome, CellRun, preambleOf, type ShellTraits, type StopCause } from './cellRun.ts';
import { unquote } from './declarations.ts';
import { isOwnTrap, quote, requestState } from './driver.ts';
import { FifoReader } from './fifo.ts';
import { planRun } from './interpreters.ts';
import { emptyResult, notesOf } from './results.ts';
import type { SessionContext } from './sessionContext.ts';
import { unspeakable } from './sessionEnvironment.ts';
import { SilenceWatch } from './silenceWatch.ts';
import { watchSleep } from './sleepWatch.ts';
import { parseSnapshot, restoreScript, type Snapshot } from './snapshot.ts';
import type { CommandStatus, OutputSink, RunRequest, RunResult } from './types.ts';

/** What a fresh bash takes over. */
export interface ShellState {
  readonly snapshot: Snapshot;
  readonly earlier: Snapshot | undefined;
  readonly traits: ShellTraits;
}

export interface ShellRun {
  readonly result: RunResult;
  /** Set when bash ended. */
  readonly successor: ShellState | undefined;
}

export const freshTraits: ShellTraits = { status: 0, flags: '', exitTrap: undefined, errorTrap: undefined };

export class Shell {
  readonly #context: SessionContext;
  readonly #bash: BashProcess;
  #traits: ShellTraits;
  #snapshot!: Promise<Snapshot>;
  #known: Snapshot | undefined;
  /** Jobs that the last run left. */
  #spared: ReadonlySet<number> = new Set();
  /** Jobs that bash had after the last run. */
  #jobs: ReadonlySet<number> = new Set();
  #run: CellRun | undefined;
  #cellId: string | null = null;

  private constructor(context: SessionContext, bash: BashProcess, traits: ShellTraits) {
    this.#context = context;
    this.#bash = bash;
    this.#traits = traits;
  }

  static async start(context: SessionContext, state: ShellState | undefined): Promise<Shell> {
    const name = context.nextName();
    const directory = makeProcessDirectory(context.directory, name);
    await context.supervisor.makeFifos(['script', 'control', 'restore'].map((fifo) => `${name}/${fifo}`));
    const bash = new BashProcess({
      bashPath: context.options.bashPath ?? 'bash',
      directory,
      nonce: randomBytes(12).toString('hex'),
      cwd: state ? '/' : context.options.cwd,
      env: state ? unspeakable(context.env) : context.env,
    });
    context.addGroup(bash.pid);
    const shell = new Shell(context, bash, state?.traits ?? freshTraits);
    await bash.send('{ [ "${BASH_VERSINFO[0]}" -lt 5 ] || BASH_ARGV0=bash; } 2>/dev/null');
    if (state) await shell.#restore(state);
    shell.#snapshot = shell.#nextSnapshot();
    await bash.send(requestState(bash.paths));
    await shell.#snapshot;
    return shell;
  }

  async #restore({ snapshot, earlier, traits }: ShellState): Promise<void> {
    const script = restoreScript(snapshot, {
      earlier,
      exitTrap: traits.exitTrap,
      isOwnTrap: (command) => isOwnTrap({ directory: this.#context.directory }, command),
    });
    const fifo = path.join(this.#bash.directory, 'restore');
    await this.#bash.send(`{ \\builtin eval "$(<${quote(fifo)})"; } 2>/dev/null`);
    await Promise.race([writeFile(fifo, script, 'latin1'), this.#bash.exited]);
  }

  get pid(): number {
    return this.#bash.pid;
  }

  /** The cell that runs now. */
  get cellId(): string | null {
    return this.#cellId;
  }

  get isAlive(): boolean {
    return this.#bash.exit === undefined;
  }

  /** The newest state that is known, whatever has become of bash. */
  get lastState(): ShellState | undefined {
    return this.#known && { snapshot: this.#known, earlier: undefined, traits: this.#traits };
  }

  /** The state after the last finished cell. */
  get state(): Promise<ShellState> {
    return this.#snapshot.then((snapshot) => ({ snapshot, earlier: undefined, traits: this.#traits }));
  }

  stop(cause: StopCause, reason?: string): void {
    this.#run?.stop(cause, reason);
  }

  /** Of the cell that runs: failures that nobody has been asked about. */
  async unansweredFailures(): Promise<readonly CommandStatus[]> {
    return (await this.#run?.unansweredFailures()) ?? [];
  }

  answered(): void {
    this.#run?.answered();
  }

  #nextSnapshot(): Promise<Snapshot> {
    const bash = this.#bash;
    const next = new Promise<Snapshot>((resolve, reject) => {
      const listening = bash.onRecord((record) => {
        if (record.tag !== 'state') return;
        listening.dispose();
        this.#known = parseSnapshot(record.fields);
        resolve(this.#known);
      });
      void bash.exited.then(() => {
        listening.dispose();
        reject(
          new RunbookError({ code: 'kernel-bash-ended', message: 'bash ended without telling its state.' }),
        );
      });
    });
    next.catch(() => {});
    return next;
  }

  async run(request: RunRequest, sink: OutputSink): Promise<ShellRun> {
    const begin = performance.now();
    const startedAt = Date.now();
    const start = await this.#snapshot;
    const searchPath = start.declarations.find(({ name }) => name === 'PATH')?.source ?? '';
    const scriptFile = path.join(this.#bash.directory, 'script-of-cell');
    const cwd = request.cwd ?? start.cwd;
    const plan = planRun(request, { searchPath: unquote(searchPath), cwd, scriptFile });
    if ('missing' in plan) {
      const notStarted = `${plan.missing} is not installed, or not on the session's PATH.`;
      return {
        result: { ...emptyResult, startedAt, cwd: start.cwd, exitCode: 127, notStarted },
        successor: undefined,
      };
    }
    if (plan.script !== undefined) this.#bash.writeText('script-of-cell', plan.script);
    const outputs = await this.#context.outputs.take();
    const silence = new SilenceWatch(this.#context.options.silenceMs ?? 120_000, (event) =>
      sink.event?.(event),
    );
    const readers = (['stdout', 'stderr'] as const).map(
      (stream) =>
        new FifoReader(outputs[stream], (bytes, atMs) => {
          silence.heard();
          return sink.write(stream, bytes, atMs);
        }),
    );
    const run = new CellRun({
      bash: this.#bash,
      request,
      pieces: plan.pieces,
      sink,
      outputs,
      traits: this.#traits,
      failures: this.#context.options.failures,
      preamble: preambleOf(request),
      epilogue: request.cwd ? `{ \\builtin cd -- ${quote(start.cwd)}; } 2>/dev/null` : '',
      processes: () => this.#context.processes(),
      spared: this.#spared,
    });
    const sleeping = request.watchSleep
      ? watchSleep(
          () => run.survivors(),
          (event) => sink.event?.(event),
        )
      : undefined;
    this.#run = run;
    this.#cellId = request.cellId;
    const outcome = await this.#execute(run, request).finally(() => {
      silence.dispose();
      sleeping?.dispose();
      this.#run = undefined;
      this.#cellId = null;
    });
    const notes: string[] = [];
    if (!(await run.stopped)) notes.push('Some processes of the cell survived even SIGKILL.');
    const ended = (await Promise.all(readers.map((reader) => reader.drain()))).every(Boolean);
    // A job that has its output elsewhere holds nothing open: bash's own list tells of it.
    const found = ended ? [] : run.survivors().map(({ pid }) => pid);
    const jobs = outcome.jobs.filter((pid) => !this.#jobs.has(pid));
    const backgroundPids = [...new Set([...found, ...jobs])];
    this.#jobs = new Set(outcome.jobs);
    this.#spared = new Set(backgroundPids);
    void Promise.all(readers.map((reader) => reader.closed)).then(() => {
      this.#context.outputs.give(outputs);
      if (!ended) sink.event?.({ type: 'output-closed' });
    });
    const successor = this.#succeed(outcome, start, run.cause !== undefined);
    const stateFrom = successor && (successor.snapshot === start ? 'start' : 'end');
    const failed = outcome.commands.some((command) => command.failed);
    const result: RunResult = {
      ok: outcome.exitCode === 0 && !failed && run.cause === undefined && !outcome.exit?.signal,
      exitCode: outcome.exitCode,
      signal: outcome.exit?.signal ?? null,
      interrupted: run.cause === 'interrupted',
      timedOut: run.cause === 'timedOut',
      refused: run.cause === 'refused' ? run.reason : null,
      notStarted: null,
      sessionEnded: successor !== undefined,
      stateFrom: stateFrom ?? null,
      startedAt,
      durationMs: performance.now() - begin,
      cwd: successor?.snapshot.cwd ?? (request.cwd ? start.cwd : outcome.cwd) ?? start.cwd,
      commands: outcome.commands,
      complete: outcome.complete && run.cause === undefined,
      backgroundPids,
      outputOpen: !ended,
      // The copy that a run beside the others has is dropped with it: what became of it matters to nobody.
      notes: [...notes, ...notesOf(request.background ? undefined : stateFrom, backgroundPids)],
    };
    return { result, successor };
  }

  async #execute(run: CellRun, request: RunRequest): Promise<CellOutcome> {
    const state = this.#nextSnapshot();
    const onAbort = (): void => run.stop('interrupted');
    request.signal?.addEventListener('abort', onAbort, { once: true });
    const timeoutMs = request.timeoutMs ?? this.#context.options.defaultTimeoutMs ?? 0;
    const timer = timeoutMs > 0 ? setTimeout(() => run.stop('timedOut'), timeoutMs) : undefined;
    if (request.signal?.aborted) onAbort();
    try {
      return await run.execute();
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
      this.#snapshot = state;
    }
  }

  #succeed(outcome: CellOutcome, start: Snapshot, stopped: boolean): ShellState | undefined {
    if (!outcome.exit) {
      this.#traits = outcome.traits;
      return undefined;
    }
    // A bash that the cell itself killed is as it was at the cell's start; what we stopped tells its end.
    const killed = outcome.exit.signal !== null && !stopped;
    const snapshot = killed ? start : (outcome.last ?? start);
    const flags = snapshot.flags.replace(/[^xv]/g, '');
    return {
      snapshot,
      earlier: start,
      traits:
        snapshot === start
          ? { ...this.#traits, status: outcome.exitCode ?? 0 }
          : { ...outcome.traits, flags, status: outcome.exitCode ?? 0 },
    };
  }

  /** Ends bash as `exit` does, the user's EXIT trap first; resolves after 2 s at the latest. */
  async leave(): Promise<void> {
    if (!this.isAlive) return;
    await this.#bash.send('\\builtin exit').catch(() => {});
    // Unreferenced: a bash that is gone at once must not keep the program for the rest of the 2 s.
    await Promise.race([this.#bash.exited, new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
  }

  /** Kills what is left and lets go of the descriptors. */
  close(): void {
    this.#bash.kill('SIGKILL');
    this.#bash.close();
  }
}
