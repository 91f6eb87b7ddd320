// One run of one cell in one bash: sends it piece by piece, follows the records, collects statuses, stops it.

import type { BashExit, BashProcess, BashRecord } from './bashProcess.ts';
import {
  armTraps,
  closeOutputs,
  disarmTraps,
  doneReport,
  isOwnTrap,
  lastReport,
  openOutputs,
  quote,
  requestState,
  restoreStatus,
  sourceText,
} from './driver.ts';
import { watchIdle } from './idleWatch.ts';
import type { OutputPair } from './outputPool.ts';
import { nowTicks, type ProcessInfo } from './processes.ts';
import { parseSnapshot, type Snapshot, trapCommands } from './snapshot.ts';
import { type Piece, StatusCollector } from './statuses.ts';
import { stopRun } from './stopping.ts';
import type { CommandStatus, FailurePort, OutputSink, RunRequest } from './types.ts';

export type StopCause = 'interrupted' | 'timedOut' | 'refused';

/** What a bash carries from one run to the next besides its snapshot. */
export interface ShellTraits {
  readonly status: number;
  readonly flags: string;
  /** The user's own traps, as `trap -- …` commands. */
  readonly exitTrap: string | undefined;
  readonly errorTrap: string | undefined;
}

export interface CellRunInit {
  readonly bash: BashProcess;
  readonly request: RunRequest;
  readonly pieces: readonly Piece[];
  readonly sink: OutputSink;
  readonly outputs: OutputPair;
  readonly traits: ShellTraits;
  readonly failures: FailurePort | undefined;
  /** Sent before the first piece: directory and variables of this run. */
  readonly preamble: string;
  readonly epilogue: string;
  /** Living processes of the session. */
  readonly processes: () => readonly ProcessInfo[];
  /** Jobs that the run before left: the clock's ticks are too coarse to tell them from this run's own. */
  readonly spared: ReadonlySet<number>;
}

export interface CellOutcome {
  readonly exitCode: number | null;
  readonly commands: readonly CommandStatus[];
  /** The last piece was reached and ended as pieces do. */
  readonly complete: boolean;
  /** Jobs that bash knows of and that run. */
  readonly jobs: readonly number[];
  readonly traits: ShellTraits;
  /** Set when bash ended; `last` is the state that its EXIT trap told. */
  readonly exit: BashExit | undefined;
  readonly last: Snapshot | undefined;
  /** Directory after the last piece; undefined when bash ended or nothing ran. */
  readonly cwd: string | undefined;
}

export class CellRun {
  readonly #init: CellRunInit;
  readonly #statuses: StatusCollector;
  readonly #abort = new AbortController();
  readonly startTicks = nowTicks();
  #traits: ShellTraits;
  #armed = false;
  #cwd: string | undefined;
  #jobs: readonly number[] = [];
  #running = true;
  #pieceRunning = false;
  #cause: StopCause | undefined;
  #reason = '';
  #stopped: Promise<boolean> = Promise.resolve(true);
  #last: Snapshot | undefined;
  #onDone: ((record: BashRecord) => void) | undefined;

  constructor(init: CellRunInit) {
    this.#init = init;
    this.#traits = init.traits;
    this.#statuses = new StatusCollector(init.request.firstLine ?? 0, (event) => init.sink.event?.(event));
  }

  get cause(): StopCause | undefined {
    return this.#cause;
  }

  /** Why it was refused. */
  get reason(): string {
    return this.#reason;
  }

  /** Resolves true when the signals left nothing of the run alive. */
  get stopped(): Promise<boolean> {
    return this.#stopped;
  }

  stop(cause: StopCause, reason = ''): void {
    if (this.#cause || !this.#running) return;
    this.#cause = cause;
    this.#reason = reason;
    this.#abort.abort();
    const { bash, sink } = this.#init;
    this.#stopped = stopRun({
      bashPid: bash.pid,
      isRunning: () => this.#pieceRunning && !bash.exit,
      others: () => this.survivors(),
      onSignal: (signal, pids) => sink.event?.({ type: 'signal', signal, pids }),
    });
  }

  /** Processes that this run started and that still live, bash aside. */
  survivors(): ProcessInfo[] {
    const { bash, processes, spared } = this.#init;
    return processes().filter(
      (info) => info.pid !== bash.pid && info.startTicks >= this.startTicks - 1 && !spared.has(info.pid),
    );
  }

  /** Failures that nobody has been asked about, those of a loop that still runs included. */
  async unansweredFailures(): Promise<readonly CommandStatus[]> {
    await this.#init.bash.hear();
    return this.#statuses.unansweredFailures;
  }

  answered(): void {
    this.#statuses.answered();
  }

  async execute(): Promise<CellOutcome> {
    const { bash, pieces } = this.#init;
    const listening = bash.onRecord((record) => this.#record(record));
    try {
      let closed = false;
      let complete = pieces.length === 0;
      for (const [index, piece] of pieces.entries()) {
        if (this.#cause || bash.exit) break;
        if (!(await this.#mayRun(piece))) break;
        const last = index === pieces.length - 1;
        const code = [
          ...(index === 0 ? [this.#opening()] : []),
          this.#piece(piece),
          last ? lastReport(bash.paths) : doneReport(bash.paths),
        ];
        if (last) code.push(this.#atEnd());
        closed = last;
        const goesOn = await this.#runPiece(piece, code.join('\n'));
        complete = last && goesOn;
        if (!goesOn) break;
      }
      this.#running = false;
      if (!bash.exit) {
        const opened = pieces.length > 0;
        const end = closed
          ? ''
          : `${opened ? '{ \\builtin set +xv; } 2>/dev/null\n' : ''}${closeOutputs}\n${this.#atEnd()}\n`;
        await bash.send(end + disarmTraps(this.#traits));
        this.#armed = false;
      }
      return {
        exitCode: this.#statuses.exitCode ?? 0,
        commands: this.#statuses.commands,
        complete,
        jobs: bash.exit ? [] : this.#jobs,
        traits: this.#traits,
        exit: bash.exit,
        last: this.#last,
        cwd: bash.exit ? undefined : this.#cwd,
      };
    } finally {
      this.#running = false;
      listening.dispose();
    }
  }

  #opening(): string {
    const { outputs, preamble } = this.#init;
    return `${preamble}\n${openOutputs(outputs.stdout, outputs.stderr)}`;
  }

  #atEnd(): string {
    return `${this.#init.epilogue}\n${requestState(this.#init.bash.paths)}`;
  }

  #piece(piece: Piece): string {
    const { bash } = this.#init;
    const code: string[] = [];
    // A piece that speaks of traps sees its own ones only, and changes them for good.
    if (/\btrap\b/.test(piece.text)) {
      if (this.#armed) code.push(disarmTraps(this.#traits));
      this.#armed = false;
    } else if (!this.#armed) {
      code.push(armTraps(bash.paths, this.#traits.errorTrap === undefined));
      this.#armed = true;
    }
    const traced = [...this.#traits.flags].filter((flag) => flag === 'x' || flag === 'v').join('');
    code.push(sourceText(bash.paths, restoreStatus(this.#traits.status, traced), piece.complete));
    return code.join('\n');
  }

  /** False when the rest of the cell must not run. */
  async #runPiece(piece: Piece, code: string): Promise<boolean> {
    const { bash } = this.#init;
    this.#statuses.begin(piece);
    // As if bash had sourced the whole cell: its status trips the user's own ERR trap once more.
    const passStatus =
      piece === this.#init.pieces.at(-1) &&
      this.#traits.errorTrap !== undefined &&
      !this.#traits.flags.includes('e');
    bash.writeText('cell', this.#statuses.textOf(piece, bash.paths, passStatus));
    this.#pieceRunning = true;
    const done = new Promise<BashRecord>((resolve) => {
      this.#onDone = resolve;
    });
    // bash reads a FIFO byte by byte, and a file at once: only the file's name goes the slow way.
    await bash.send(`. ${quote(bash.writeText('step', `${code}\n`))}`);
    const idle = watchIdle(bash.pid, bash.scriptPath, () => bash.kill('SIGKILL'));
    const outcome = await Promise.race([done, bash.exited]);
    idle.dispose();
    this.#pieceRunning = false;
    this.#onDone = undefined;
    if (!('tag' in outcome)) {
      this.#statuses.ended(outcome, this.#last);
      return false;
    }
    const [status, flags, traps, cwd, jobs] = outcome.fields.map((field) => field.toString());
    const goesOn = this.#statuses.finish(Number(status));
    this.#readTraits(flags ?? '', traps ?? '');
    this.#cwd = (cwd ?? '').replace(/\n$/, '');
    this.#jobs = (jobs ?? '').split('\n').filter(Boolean).map(Number);
    return goesOn;
  }

  #readTraits(flags: string, traps: string): void {
    const { paths } = this.#init.bash;
    const commands = trapCommands(traps);
    const exit = commands.find((trap) => / EXIT$/.test(trap));
    const error = commands.find((trap) => / ERR$/.test(trap));
    const own = exit !== undefined && isOwnTrap(paths, exit);
    this.#traits = {
      status: this.#statuses.exitCode ?? 0,
      flags,
      exitTrap: own ? this.#traits.exitTrap : exit,
      errorTrap: error !== undefined && isOwnTrap(paths, error) ? undefined : error,
    };
    this.#armed = own;
  }

  #record(record: BashRecord): void {
    if (record.tag === 'done') this.#onDone?.(record);
    else if (record.tag === 'exit') this.#last = parseSnapshot(record.fields);
    else this.#statuses.record(record);
  }

  async #mayRun(piece: Piece): Promise<boolean> {
    const { failures, request } = this.#init;
    const failed = this.#statuses.unansweredFailures;
    const changes = request.changes?.some(({ start, end }) => start < piece.end && piece.start < end);
    if (!failures || !changes || failed.length === 0) return true;
    const next = { line: piece.start + (request.firstLine ?? 0), text: piece.text.trim().slice(0, 1000) };
    const question = { cellId: request.cellId, failures: failed, next };
    const answer = await failures
      .ask(question, this.#abort.signal)
      .catch(() => ({ goOn: false, reason: 'The question could not be asked.' }) as const);
    this.#statuses.answered();
    if (answer.goOn) return !this.#cause;
    this.#cause ??= 'refused';
    this.#reason = answer.reason;
    return false;
  }
}

/** Commands that set directory and variables before a run. */
export function preambleOf(request: RunRequest): string {
  const exports = Object.entries(request.env ?? {}).map(
    ([name, value]) => `\\builtin export ${name}=${quote(value)}`,
  );
  return [...exports, ...(request.cwd ? [`\\builtin cd -- ${quote(request.cwd)}`] : [])]
    .map((command) => `{ ${command}; } 2>/dev/null`)
    .join('\n');
}
