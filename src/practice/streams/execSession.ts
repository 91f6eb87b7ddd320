// One command in a container with its streams, whatever carries them: exec and attach.

import { PassThrough } from 'node:stream';
import type { ContainerRun } from '../containers/containerRun.ts';
import { hasCommand, runCommand } from '../containers/runCommand.ts';
import type { Json } from '../store/kubeObject.ts';

export interface ExecRequest {
  readonly argv: readonly string[];
  readonly tty: boolean;
  readonly stdin: boolean;
}

/** Where a session's output goes; `status` comes once, at the end. */
export interface ExecOutput {
  stdout(data: Buffer): void;
  stderr(data: Buffer): void;
  status(status: Json): void;
}

export class ExecSession {
  readonly #stdin = new PassThrough();
  readonly #abort = new AbortController();
  readonly #tty: boolean;
  #line = '';

  constructor(run: ContainerRun, request: ExecRequest, output: ExecOutput) {
    this.#tty = request.tty;
    this.#echo = (text) => output.stdout(Buffer.from(text));
    if (!request.stdin) this.#stdin.end();
    void this.#run(run, request, output);
  }

  readonly #echo: (text: string) => void;

  async #run(run: ContainerRun, { argv, tty }: ExecRequest, output: ExecOutput): Promise<void> {
    const word = argv[0] ?? '';
    if (!hasCommand(run, word)) {
      output.status(startFailure(word));
      return;
    }
    const cooked = (data: string | Buffer): Buffer =>
      tty && typeof data === 'string' ? Buffer.from(data.replace(/(?<!\r)\n/g, '\r\n')) : Buffer.from(data);
    const code = await runCommand(run, argv, {
      stdin: this.#stdin,
      tty,
      out: (data) => output.stdout(cooked(data)),
      err: (text) => (tty ? output.stdout(cooked(text)) : output.stderr(Buffer.from(text))),
      signal: this.#abort.signal,
    });
    output.status(exitStatus(code));
  }

  /** Bytes of the client's standard input. A terminal's are edited and echoed here, line by line. */
  input(data: Buffer): void {
    if (!this.#tty) {
      this.#stdin.write(data);
      return;
    }
    for (const char of data.toString()) {
      if (char === '\x03') {
        this.#echo('^C\r\n');
        this.#line = '';
        this.#abort.abort();
        this.#stdin.end();
      } else if (char === '\x04') {
        if (this.#line === '') this.#stdin.end();
      } else if (char === '\x7f' || char === '\b') {
        if (this.#line) this.#echo('\b \b');
        this.#line = this.#line.slice(0, -1);
      } else if (char === '\r' || char === '\n') {
        this.#echo('\r\n');
        this.#stdin.write(`${this.#line}\n`);
        this.#line = '';
      } else {
        this.#line += char;
        this.#echo(char);
      }
    }
  }

  endInput(): void {
    this.#stdin.end();
  }

  /** The client went. */
  abort(): void {
    this.#abort.abort();
    this.#stdin.end();
  }
}

/** What a runtime says of a command that it can't start. */
function startFailure(word: string): Json {
  const message = `OCI runtime exec failed: exec failed: unable to start container process: exec: "${word}": executable file not found in $PATH: unknown`;
  return { metadata: {}, status: 'Failure', message: `command terminated with exit code 127: ${message}`, reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '127' }, { message }] }, code: 500 }; // biome-ignore format: one status
}

function exitStatus(code: number): Json {
  if (code === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

/** Attaches to a container's own process: its log from now on, its input if it takes one. */
export class AttachSession {
  readonly #run: ContainerRun;
  readonly #timer: NodeJS.Timeout;
  #seen: number;

  constructor(run: ContainerRun, output: ExecOutput) {
    this.#run = run;
    this.#seen = 0;
    const look = (): void => {
      const lines = run.log();
      const fresh = lines.slice(this.#seen);
      this.#seen = lines.length;
      if (fresh.length) output.stdout(Buffer.from(fresh.map((line) => `${line.text}\n`).join('')));
      if (run.phase.is === 'running') return;
      clearInterval(this.#timer);
      output.status(exitStatus(run.ended?.exitCode ?? 0));
    };
    this.#timer = setInterval(look, 100);
  }

  input(data: Buffer): void {
    (this.#run.process?.stdin as PassThrough | undefined)?.write(data);
  }

  endInput(): void {
    (this.#run.process?.stdin as PassThrough | undefined)?.end();
  }

  abort(): void {
    clearInterval(this.#timer);
  }
}
