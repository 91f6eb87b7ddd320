// One bash session for one notebook. Runs come one after another, background runs beside them on a copy of the
// state; when a cell ends bash, a fresh one takes over. A supervisor outside of this process ends everything when
// this process dies.

import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { RunbookError } from '../base/runbookError.ts';
import { toVariable } from './declarations.ts';
import { type Gate, openGate } from './gate/gate.ts';
import { OutputPool } from './outputPool.ts';
import { type ProcessInfo, processInfo, sessionProcesses, withDescendants } from './processes.ts';
import { makeRuntimeDirectory } from './runtimeDirectory.ts';
import type { SessionContext } from './sessionContext.ts';
import { ownEnvironment } from './sessionEnvironment.ts';
import { openSessionTerminal, type SessionTerminalOptions } from './sessionTerminal.ts';
import { freshTraits, Shell, type ShellState } from './shell.ts';
import { stopRun } from './stopping.ts';
import { Supervisor } from './supervisor.ts';
import type { Terminal } from './terminal.ts';
import type { OutputSink, RunRequest, RunResult, SessionOptions, Variable } from './types.ts';

export class Session {
  readonly #mark = randomBytes(16).toString('hex');
  readonly #groups = new Set<number>();
  readonly #background = new Set<Shell>();
  /** The run that each terminal is, by the id of its process group. */
  readonly #terminals = new Map<number, string>();
  readonly #context: SessionContext;
  #names = 0;
  #gate: Gate | undefined;
  #shell: Shell | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #disposed: Promise<void> | undefined;

  private constructor(options: SessionOptions, directory: string) {
    const mark = `RUNBOOK_SESSION=${this.#mark}`;
    const supervisor = Supervisor.start(options.bashPath ?? 'bash', directory, mark);
    if (options.privateDirectory) supervisor.drop(options.privateDirectory);
    this.#context = {
      options,
      directory,
      supervisor,
      env: { ...(options.env ?? ownEnvironment()), RUNBOOK_SESSION: this.#mark },
      outputs: new OutputPool(directory, supervisor),
      nextName: () => `bash-${++this.#names}`,
      addGroup: (pid) => {
        this.#groups.add(pid);
        supervisor.addGroup(pid);
      },
      processes: () => this.processes(),
    };
  }

  /** Starts supervisor and bash. Fails with a RunbookError where bash or mkfifo is missing, and on Windows. */
  static async start(options: SessionOptions): Promise<Session> {
    if (process.platform === 'win32') {
      throw new RunbookError({
        code: 'kernel-windows',
        message: 'Cells run in bash, which Windows has only inside WSL.',
        mend: 'Open the folder in WSL (command "WSL: Reopen Folder in WSL") and run it there.',
      });
    }
    const session = new Session(options, makeRuntimeDirectory(options.runtimeParent));
    try {
      session.#gate = await openGate(session.#context, {
        cellOf: (pid) => session.#cellOf(pid),
        failures: async (cellId) => (await session.#find(cellId ?? undefined)?.unansweredFailures()) ?? [],
        answered: (cellId) => session.#find(cellId ?? undefined)?.answered(),
        refuse: (cellId, reason) => session.#find(cellId ?? undefined)?.stop('refused', reason),
      });
      Object.assign(session.#context.env, session.#gate.env);
      session.#shell = await Shell.start(session.#context, undefined);
      return session;
    } catch (error) {
      await session.dispose();
      throw error;
    }
  }

  /** The session's environment as it starts, gate included: for an incident terminal. */
  get environment(): Readonly<Record<string, string>> {
    return this.#context.env;
  }

  /** The cell that a process belongs to; null for none. */
  #cellOf(pid: number | null): string | null {
    if (pid === null) return this.#shell?.cellId ?? null;
    const leader = processInfo(pid)?.session;
    const terminal = leader === undefined ? undefined : this.#terminals.get(leader);
    if (terminal !== undefined) return terminal;
    return [...this.#background].find((shell) => shell.pid === leader)?.cellId ?? this.#shell?.cellId ?? null;
  }

  /** The private runtime directory: mode 0700, gone when the session is. */
  get directory(): string {
    return this.#context.directory;
  }

  /** Process id of the session's bash; changes when a fresh one takes over. */
  get pid(): number {
    return this.#foreground.pid;
  }

  get #foreground(): Shell {
    if (!this.#shell) throw new RunbookError({ code: 'kernel-disposed', message: 'The session has ended.' });
    return this.#shell;
  }

  /** Living processes of this session. */
  processes(): ProcessInfo[] {
    return sessionProcesses(this.#groups, `RUNBOOK_SESSION=${this.#mark}`);
  }

  /**
   * Runs one cell after the ones before it; a background run starts at once, on a copy of the state after the last
   * finished cell. Never rejects for what the cell does; rejects with a RunbookError when the session has ended.
   */
  run(request: RunRequest, sink: OutputSink): Promise<RunResult> {
    if (request.background) return this.#runBeside(request, sink);
    return this.#enqueue(async () => {
      // A signal that came just after the last cell's end may have hit bash alone.
      if (!this.#foreground.isAlive) await this.#replace(this.#foreground, this.#foreground.lastState);
      const shell = this.#foreground;
      const { result, successor } = await shell.run(request, sink);
      if (!result.outputOpen) await this.#gate?.settle(request.cellId);
      if (successor) await this.#replace(shell, successor);
      return result;
    });
  }

  async #replace(shell: Shell, state: ShellState | undefined): Promise<void> {
    shell.close();
    this.#shell = await Shell.start(this.#context, state);
  }

  async #runBeside(request: RunRequest, sink: OutputSink): Promise<RunResult> {
    if (this.#disposed)
      throw new RunbookError({ code: 'kernel-disposed', message: 'The session has ended.' });
    const state = await this.#foreground.state;
    // The copy's end is not the session's: the user's EXIT trap stays with the original.
    const traits = { ...freshTraits, flags: state.traits.flags, errorTrap: state.traits.errorTrap };
    const shell = await Shell.start(this.#context, { ...state, traits });
    this.#background.add(shell);
    try {
      const { result } = await shell.run(request, sink);
      return result;
    } finally {
      this.#background.delete(shell);
      await shell.leave();
      shell.close();
    }
  }

  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(() => {
      if (this.#disposed)
        throw new RunbookError({ code: 'kernel-disposed', message: 'The session has ended.' });
      return task();
    });
    this.#queue = result.catch(() => {});
    return result;
  }

  /**
   * Stops the running cell, or the background run of `cellId`: SIGINT, SIGTERM 2 s later, SIGKILL 2 s after that.
   * Does nothing when none runs.
   */
  interrupt(cellId?: string): void {
    this.#find(cellId)?.stop('interrupted');
  }

  #find(cellId: string | undefined): Shell | undefined {
    if (cellId === undefined) return this.#shell;
    return [...this.#background, ...(this.#shell ? [this.#shell] : [])].find(
      (shell) => shell.cellId === cellId,
    );
  }

  /** Stops what runs and starts over with a bash as at the session's start; the user's EXIT trap fires. */
  restart(): Promise<void> {
    this.interrupt();
    return this.#enqueue(async () => {
      const shell = this.#foreground;
      await shell.leave();
      await this.#replace(shell, undefined);
    });
  }

  /**
   * A terminal with the session's state, directory and gate; it ends with the session at the latest. `runId` names
   * it to the gate. Fails with a RunbookError where there is no pseudo-terminal.
   */
  async openTerminal(
    sink: OutputSink,
    { runId, ...size }: SessionTerminalOptions & { readonly runId?: string } = {},
  ): Promise<Terminal> {
    const { snapshot } = await this.#foreground.state;
    const exported = snapshot.declarations
      .map(toVariable)
      .flatMap(({ name, value, exported, kind }) =>
        exported && value !== null && kind === 'scalar' ? [[name, value]] : [],
      );
    const terminal = await openSessionTerminal(
      this.#context,
      snapshot,
      Object.fromEntries(exported) as Record<string, string>,
      sink,
      size,
    );
    const { pid } = terminal;
    if (runId) this.#terminals.set(pid, runId);
    void terminal.exited.then(() => this.#terminals.delete(pid));
    return terminal;
  }

  /** Those of `pids` that still live, and all that they have started. */
  livingOf(pids: readonly number[]): readonly ProcessInfo[] {
    return withDescendants(this.processes(), pids);
  }

  /** Stops what a cell left in the background: SIGTERM, SIGKILL 2 s later. False where even that left something. */
  stopProcesses(pids: readonly number[]): Promise<boolean> {
    return stopRun({
      bashPid: this.pid,
      isRunning: () => false,
      inBackground: true,
      others: () => this.livingOf(pids),
      onSignal: () => {},
    });
  }

  /** The session's directory after the last finished cell. */
  get cwd(): Promise<string> {
    return this.#foreground.state.then(({ snapshot }) => snapshot.cwd);
  }

  /** What the session held after the last finished cell. */
  async variables(): Promise<Variable[]> {
    const { snapshot } = await this.#foreground.state;
    return snapshot.declarations.map(toVariable);
  }

  /** Ends every process of the session; the user's EXIT trap has 2 s. Resolves when none is left. */
  dispose(): Promise<void> {
    this.#disposed ??= this.#end();
    return this.#disposed;
  }

  async #end(): Promise<void> {
    const shells = [...this.#background, ...(this.#shell ? [this.#shell] : [])];
    for (const shell of shells) shell.stop('interrupted');
    await this.#queue;
    await this.#shell?.leave();
    this.#gate?.dispose();
    await this.#context.supervisor.end();
    for (const shell of shells) shell.close();
    this.#shell?.close();
    this.#shell = undefined;
    // The supervisor has done this, unless it never started.
    rmSync(this.directory, { recursive: true, force: true });
  }
}
