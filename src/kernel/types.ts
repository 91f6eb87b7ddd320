// The words the kernel speaks with its callers: what to run, where its output goes, what came of it, and the
// ports through which it asks. It knows no policy: whoever starts a session fills the ports.

/** Half-open range of lines, counted from 0 in `RunRequest.text`. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

export interface RunRequest {
  /** What is run, prompts and transcript output already removed. */
  readonly text: string;
  /** `bash` (also `sh`, `shell`, …) runs in the session; `python`, `zsh` and foreign shebangs as a child of it. */
  readonly language: string;
  readonly cellId: string;
  /** Ends the run when it takes longer; 0 means never. Default: the session's `defaultTimeoutMs`. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Directory for this run only: the session's own is as before after it. */
  readonly cwd?: string;
  /** Exported in the session before the run; they stay, as an `export` in the cell would. */
  readonly env?: Readonly<Record<string, string>>;
  /** First line of `text` in its cell, from 0: added to every line number that is reported. */
  readonly firstLine?: number;
  /** Lines that change something: after a failed command, the FailurePort is asked before them. */
  readonly changes?: readonly LineRange[];
  /** Tells how long a `sleep` of the run still takes. */
  readonly watchSleep?: boolean;
  /** Runs beside other cells, on a copy of the session's state that is dropped when it ends. */
  readonly background?: boolean;
}

export type StreamName = 'stdout' | 'stderr';

export type RunEvent =
  /** Nothing was written for `silentMs`; nothing is killed for it. Repeats each time the span doubles. */
  | { readonly type: 'silence'; readonly silentMs: number }
  /** A command failed (as bash's ERR trap has it), told as it happens. */
  | { readonly type: 'failure'; readonly command: CommandStatus }
  /** A top-level command ended. */
  | { readonly type: 'command'; readonly command: CommandStatus }
  /** The run waits in a `sleep` until `untilMs` (epoch milliseconds); told once for each `sleep` of 5 s or more. */
  | { readonly type: 'sleep'; readonly untilMs: number; readonly totalMs: number }
  /** No `sleep` is waited for any more. */
  | { readonly type: 'awake' }
  /** A signal went out to stop the run. */
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals; readonly pids: readonly number[] }
  /** Background jobs that outlived the cell have closed their output: nothing more will be written. */
  | { readonly type: 'output-closed' };

export interface OutputSink {
  /**
   * Bytes as they came, in order for each stream. The next chunk of the stream waits for the promise, and so
   * does, at the end of the pipe, the program that writes. `atMs` is the wall clock (epoch milliseconds). Jobs
   * that a cell leaves in the background go on writing after the result, until `output-closed`.
   */
  write(stream: StreamName, bytes: Uint8Array, atMs: number): void | Promise<void>;
  event?(event: RunEvent): void;
}

export interface CommandStatus {
  /** Line in the cell, from 0. */
  readonly line: number;
  /** The command, at most 1,000 characters. */
  readonly text: string;
  readonly exitCode: number;
  /** One status a stage; one element for a command without pipes. */
  readonly pipeline: readonly number[];
  /** What of `text` failed, as bash spells it, where that is a part: the last stage of a pipeline, one of a list. */
  readonly failedPart?: string;
  /** It failed: not a condition that was false, as in `[ -f x ] && …` or `if`. */
  readonly failed: boolean;
}

export interface RunResult {
  /** Ended by itself, exit code 0, and no command failed. */
  readonly ok: boolean;
  /** Of the last command; 128 + n after signal n; null where it can't be known. */
  readonly exitCode: number | null;
  /** The signal that ended the session's bash during the run. */
  readonly signal: NodeJS.Signals | null;
  /** Stopped on request: `interrupt()` or the request's AbortSignal. */
  readonly interrupted: boolean;
  readonly timedOut: boolean;
  /** The gate or the FailurePort said no; why. */
  readonly refused: string | null;
  /** Nothing was run: what is missing. */
  readonly notStarted: string | null;
  /** bash ended during the run (`exit`, `exec`, a signal); a fresh one has taken over its state. */
  readonly sessionEnded: boolean;
  /** After `sessionEnded`: whether the state is that of the end, or, for want of it, that of the cell's start. */
  readonly stateFrom: 'end' | 'start' | null;
  /** Wall clock, epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** The session's directory after the run. */
  readonly cwd: string;
  readonly commands: readonly CommandStatus[];
  /** Every command was reached: no `exit`, no `return`, no syntax error, no stop before the last one. */
  readonly complete: boolean;
  /** Processes of this cell that still run in the background. */
  readonly backgroundPids: readonly number[];
  /** They hold the cell's output: more may come, until `output-closed`. */
  readonly outputOpen: boolean;
  /** What the reader should know, a sentence each. */
  readonly notes: readonly string[];
}

export interface Variable {
  readonly name: string;
  /** Scalars as they are; arrays as bash prints them; null when declared without a value. */
  readonly value: string | null;
  readonly exported: boolean;
  readonly readonly: boolean;
  readonly kind: 'scalar' | 'array' | 'map' | 'reference';
}

export interface GateCall {
  readonly id: string;
  /** Name by which it was called: `kubectl`. */
  readonly tool: string;
  /** Final arguments, without the tool's name. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** Standard input (`/dev/fd/0`) and process substitutions that it reads as a file: names of files with their bytes. */
  readonly inputs: ReadonlyMap<string, string>;
  /** The cell it belongs to; null for an incident terminal. */
  readonly cellId: string | null;
  /** KUBECONFIG as the call sees it. */
  readonly kubeconfig: string | null;
  /** The real binary; null where there is none. */
  readonly binary: string | null;
  readonly startedAt: number;
  /** Commands of the cell that failed before the call, and that no question has told of. */
  failures(): Promise<readonly CommandStatus[]>;
}

/** `answered`: whoever allowed it knows of the call's `failures`. */
export type GateAnswer =
  | { readonly allow: true; readonly answered?: boolean }
  | { readonly allow: false; readonly reason: string };

export interface GateOutcome {
  /** null when the call was refused or killed before it could tell. */
  readonly exitCode: number | null;
  readonly durationMs: number;
}

/** Asked before every call of a gated command. A rejected or late promise refuses. */
export interface GatePort {
  decide(call: GateCall, signal: AbortSignal): Promise<GateAnswer>;
  finished(call: GateCall, outcome: GateOutcome): void;
}

export interface HttpCall {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The cell that runs in the foreground at that time. */
  readonly cellId: string | null;
  /** True for a CONNECT: only host and port are seen. */
  readonly tunnel: boolean;
  readonly startedAt: number;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

/** Asked for every request that goes through the session's `http_proxy`. */
export interface HttpPort {
  decide(call: HttpCall, signal: AbortSignal): Promise<GateAnswer>;
  /** Answers in place of the network (service names of the pinned cluster); null lets it go out. */
  answer?(call: HttpCall, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<HttpReply | null>;
  finished(call: HttpCall, outcome: { readonly status: number | null; readonly durationMs: number }): void;
}

/** After a failed command the next one that changes something asks first. A rejected promise stops. */
export interface FailurePort {
  ask(
    question: {
      readonly cellId: string;
      readonly failures: readonly CommandStatus[];
      /** What would run next: its line in the cell, from 0, and its text. */
      readonly next: { readonly line: number; readonly text: string };
    },
    signal: AbortSignal,
  ): Promise<{ readonly goOn: true } | { readonly goOn: false; readonly reason: string }>;
}

export interface SessionOptions {
  /** Absolute; where the session starts. */
  readonly cwd: string;
  /** The whole environment of the session. Default: this process's, less what belongs to the editor. */
  readonly env?: Readonly<Record<string, string>>;
  /** bash to use; default `bash` on the PATH. */
  readonly bashPath?: string;
  /** Where the private runtime directory is made; default a RAM disk where there is one. */
  readonly runtimeParent?: string;
  /** Absolute; made by the caller for this session alone. It goes with the session, also when this process is killed. */
  readonly privateDirectory?: string;
  readonly defaultTimeoutMs?: number;
  /** Default 120,000; 0 means never. */
  readonly silenceMs?: number;
  readonly gate?: GatePort;
  /** Commands that pass the gate; default kubectl, oc, helm. */
  readonly gatedCommands?: readonly string[];
  readonly http?: HttpPort;
  readonly failures?: FailurePort;
}
