// One bash session for one notebook. Runs come one after another; when a cell ends bash, a fresh one takes over
// its state. A supervisor outside of this process ends everything when this process dies.

import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RunbookError } from '../base/runbookError.ts';
import { BashProcess, makeProcessDirectory } from './bashProcess.ts';
import { CellRun, preambleOf, type ShellTraits } from './cellRun.ts';
import { toVariable } from './declarations.ts';
import { isOwnTrap, quote, requestState } from './driver.ts';
import { FifoReader } from './fifo.ts';
import { OutputPool } from './outputPool.ts';
import { type ProcessInfo, sessionProcesses } from './processes.ts';
import { makeRuntimeDirectory } from './runtimeDirectory.ts';
import { ownEnvironment, unspeakable } from './sessionEnvironment.ts';
import { parseSnapshot, restoreScript, type Snapshot } from './snapshot.ts';
import { Supervisor } from './supervisor.ts';
import type { OutputSink, RunRequest, RunResult, SessionOptions, Variable } from './types.ts';

const freshTraits: ShellTraits = { status: 0, flags: '', exitTrap: undefined, errorTrap: undefined };

export class Session {
  readonly #options: SessionOptions;
  readonly #env: Record<string, string>;
  readonly #mark: string;
  readonly #supervisor: Supervisor;
  readonly #pool: OutputPool;
  readonly #groups = new Set<number>();
  readonly directory: string;
  #generation = 0;
  #bash!: BashProcess;
  #traits = freshTraits;
  #snapshot!: Promise<Snapshot>;
  #queue: Promise<unknown> = Promise.resolve();
  #current: CellRun | undefined;
  #disposed: Promise<void> | undefined;

  private constructor(options: SessionOptions) {
    this.#options = options;
    this.#mark = `RUNBOOK_SESSION=${randomBytes(16).toString('hex')}`;
    this.directory = makeRuntimeDirectory(options.runtimeParent);
    const [name, value] = this.#mark.split('=') as [string, string];
    this.#env = { ...(options.env ?? ownEnvironment()), [name]: value };
    this.#supervisor = Supervisor.start(this.#bashPath, this.directory, this.#mark);
    this.#pool = new OutputPool(this.directory, this.#supervisor);
  }

  /** Starts supervisor and bash. Fails with a RunbookError where bash or mkfifo is missing. */
  static async start(options: SessionOptions): Promise<Session> {
    if (process.platform === 'win32') {
      throw new RunbookError({
        code: 'kernel-windows',
        message: 'Cells run in bash, which Windows has only inside WSL.',
        mend: 'Open the folder in WSL (command "WSL: Reopen Folder in WSL") and run it there.',
      });
    }
    const session = new Session(options);
    try {
      await session.#spawn(undefined);
      await session.#snapshot;
      return session;
    } catch (error) {
      await session.dispose();
      throw error;
    }
  }

  get #bashPath(): string {
    return this.#options.bashPath ?? 'bash';
  }

  /** Process id of the session's bash; changes when a fresh one takes over. */
  get pid(): number {
    return this.#bash.pid;
  }

  /** Living processes of this session. */
  processes(): ProcessInfo[] {
    return sessionProcesses(this.#groups, this.#mark);
  }

  async #spawn(
    state: { readonly snapshot: Snapshot; readonly earlier?: Snapshot } | undefined,
  ): Promise<void> {
    const name = `bash-${++this.#generation}`;
    const directory = makeProcessDirectory(this.directory, name);
    await this.#supervisor.makeFifos(['script', 'control', 'restore'].map((fifo) => `${name}/${fifo}`));
    const bash = new BashProcess({
      bashPath: this.#bashPath,
      directory,
      nonce: randomBytes(12).toString('hex'),
      cwd: state ? '/' : this.#options.cwd,
      env: state ? unspeakable(this.#env) : this.#env,
    });
    this.#groups.add(bash.pid);
    this.#supervisor.addGroup(bash.pid);
    this.#bash = bash;
    await bash.send('{ [ "${BASH_VERSINFO[0]}" -lt 5 ] || BASH_ARGV0=bash; } 2>/dev/null');
    if (state) {
      const script = restoreScript(state.snapshot, {
        earlier: state.earlier,
        exitTrap: this.#traits.exitTrap,
        isOwnTrap: (command) =>
          /\/bash-\d+\/(?:exit|failure)\b/.test(command) || isOwnTrap(bash.paths, command),
      });
      const fifo = path.join(directory, 'restore');
      await bash.send(`{ \\builtin eval "$(<${quote(fifo)})"; } 2>/dev/null`);
      await Promise.race([writeFile(fifo, script, 'latin1'), bash.exited]);
    }
    this.#snapshot = this.#nextSnapshot(bash);
    this.#snapshot.catch(() => {});
    await bash.send(requestState(bash.paths));
  }

  #nextSnapshot(bash: BashProcess): Promise<Snapshot> {
    return new Promise((resolve, reject) => {
      const listening = bash.onRecord((record) => {
        if (record.tag !== 'state') return;
        listening.dispose();
        resolve(parseSnapshot(record.fields));
      });
      void bash.exited.then(() => {
        listening.dispose();
        reject(
          new RunbookError({ code: 'kernel-bash-ended', message: 'bash ended without telling its state.' }),
        );
      });
    });
  }

  /** Runs one cell; waits for the ones before it. Never rejects for what the cell does. */
  run(request: RunRequest, sink: OutputSink): Promise<RunResult> {
    return this.#enqueue(() => this.#run(request, sink));
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

  async #run(request: RunRequest, sink: OutputSink): Promise<RunResult> {
    const begin = performance.now();
    const startedAt = Date.now();
    const start = await this.#snapshot;
    const bash = this.#bash;
    const outputs = await this.#pool.take();
    const readers = (['stdout', 'stderr'] as const).map(
      (stream) => new FifoReader(outputs[stream], (bytes, atMs) => sink.write(stream, bytes, atMs)),
    );
    const run = new CellRun({
      bash,
      request,
      pieces: [{ text: request.text, start: 0, end: request.text.split('\n').length }],
      sink,
      outputs,
      traits: this.#traits,
      failures: this.#options.failures,
      preamble: preambleOf(request),
      epilogue: request.cwd ? `{ \\builtin cd -- ${quote(start.cwd)}; } 2>/dev/null` : '',
      processes: () => this.processes(),
    });
    this.#current = run;
    const state = this.#nextSnapshot(bash);
    state.catch(() => {});
    const onAbort = (): void => run.stop('interrupted');
    request.signal?.addEventListener('abort', onAbort, { once: true });
    const timeoutMs = request.timeoutMs ?? this.#options.defaultTimeoutMs ?? 0;
    const timer = timeoutMs > 0 ? setTimeout(() => run.stop('timedOut'), timeoutMs) : undefined;
    if (request.signal?.aborted) onAbort();
    const outcome = await run.execute().finally(() => {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
      this.#current = undefined;
    });
    const notes: string[] = [];
    if (!(await run.stopped)) notes.push('Some processes of the cell survived even SIGKILL.');
    const drained = await Promise.all(readers.map((reader) => reader.drain()));
    const backgroundPids = drained.every(Boolean) ? [] : run.survivors().map(({ pid }) => pid);
    void Promise.all(readers.map((reader) => reader.closed)).then(() => {
      this.#pool.give(outputs);
      if (!drained.every(Boolean)) sink.event?.({ type: 'output-closed' });
    });
    this.#traits = outcome.traits;
    let stateFrom: 'end' | 'start' | null = null;
    if (outcome.exit) {
      const killed = outcome.exit.signal !== null && run.cause === undefined;
      const snapshot = killed ? start : (outcome.last ?? start);
      stateFrom = snapshot === start ? 'start' : 'end';
      this.#traits = {
        ...this.#traits,
        status: outcome.exitCode ?? 0,
        flags: snapshot.flags.replace(/[^xv]/g, ''),
      };
      bash.close();
      notes.push(
        stateFrom === 'end'
          ? 'bash ended; a fresh one has taken over its variables, functions, options and directory. Jobs and open descriptors are lost.'
          : "bash ended without handing over its state: the session is as it was at the cell's start.",
      );
      await this.#spawn({ snapshot, ...(snapshot === start ? {} : { earlier: start }) });
    } else {
      this.#snapshot = state;
    }
    const after = await this.#snapshot;
    const failed = outcome.commands.some((command) => command.failed);
    return {
      ok: outcome.exitCode === 0 && !failed && run.cause === undefined && outcome.exit?.signal == null,
      exitCode: outcome.exitCode,
      signal: outcome.exit?.signal ?? null,
      interrupted: run.cause === 'interrupted',
      timedOut: run.cause === 'timedOut',
      refused: run.cause === 'refused' ? run.reason : null,
      sessionEnded: outcome.exit !== undefined,
      stateFrom,
      startedAt,
      durationMs: performance.now() - begin,
      cwd: after.cwd,
      commands: outcome.commands,
      backgroundPids,
      notes,
    };
  }

  /** Stops the running cell: SIGINT, SIGTERM 2 s later, SIGKILL 2 s after that. Does nothing when none runs. */
  interrupt(): void {
    this.#current?.stop('interrupted');
  }

  /** What the session holds now, by name. */
  async variables(): Promise<Variable[]> {
    const snapshot = await this.#enqueue(() => this.#snapshot);
    return snapshot.declarations.map(toVariable);
  }

  /** Ends every process of the session; the user's EXIT trap has 2 s. Resolves when none is left. */
  dispose(): Promise<void> {
    this.#disposed ??= this.#end();
    return this.#disposed;
  }

  async #end(): Promise<void> {
    this.#current?.stop('interrupted');
    if (this.#bash && !this.#bash.exit && !this.#current) {
      await this.#bash.send('\\builtin exit').catch(() => {});
      // Unreferenced: a bash that is gone at once must not keep the program for the rest of the 2 s.
      await Promise.race([this.#bash.exited, new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
    }
    await this.#supervisor.end();
    this.#bash?.close();
  }
}
