// A pseudo-terminal with the session's environment, directory and gate, for programs that talk to a person. What it
// prints goes to the sink like any output. The native part is loaded when the first terminal is opened.

import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { IPty } from '@lydell/node-pty';
import { RunbookError } from '../base/runbookError.ts';
import { signalNumber } from './signals.ts';
import type { OutputSink } from './types.ts';

export interface TerminalOptions {
  /** Program and arguments; default: an interactive bash. */
  readonly command?: readonly [string, ...string[]];
  readonly columns?: number;
  readonly rows?: number;
}

export interface TerminalInit extends TerminalOptions {
  readonly bashPath: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly sink: OutputSink;
}

export interface TerminalExit {
  readonly exitCode: number;
}

export class Terminal {
  readonly #pty: IPty;
  readonly exited: Promise<TerminalExit>;

  private constructor(pty: IPty, sink: OutputSink) {
    this.#pty = pty;
    pty.onData((data: string | Buffer) => {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      const handled = sink.write('stdout', bytes, Date.now());
      if (!(handled instanceof Promise)) return;
      pty.pause();
      void handled.catch(() => {}).then(() => pty.resume());
    });
    this.exited = new Promise((resolve) => {
      pty.onExit(({ exitCode, signal }) => resolve({ exitCode: signal ? 128 + signal : exitCode }));
    });
  }

  /** Fails with a RunbookError `kernel-no-terminal` where the native part can't be loaded on this platform. */
  static async open(init: TerminalInit): Promise<Terminal> {
    let spawn: typeof import('@lydell/node-pty').spawn;
    try {
      ({ spawn } = await import('@lydell/node-pty'));
    } catch (cause) {
      throw new RunbookError({
        code: 'kernel-no-terminal',
        message: `Interactive programs can't run here: no pseudo-terminal for ${process.platform}-${process.arch}.`,
        mend: 'Run the command in a terminal of your own and paste what matters into a note.',
        cause,
      });
    }
    allowHelper();
    const [program, ...args] = init.command ?? [init.bashPath, '--norc', '--noprofile', '-i'];
    const pty = spawn(program, args, {
      name: 'xterm-256color',
      cols: init.columns ?? 80,
      rows: init.rows ?? 24,
      cwd: init.cwd,
      env: { ...init.env },
      // Bytes, not text: what is recorded must be what was printed.
      encoding: null,
    });
    return new Terminal(pty, init.sink);
  }

  /** Leader of a process group and process session of its own. */
  get pid(): number {
    return this.#pty.pid;
  }

  write(text: string): void {
    this.#pty.write(text);
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
  }

  /** To the whole group, as the terminal's hang-up does. */
  kill(signal: NodeJS.Signals = 'SIGHUP'): void {
    if (signalNumber(signal) === 0) return;
    try {
      process.kill(-this.#pty.pid, signal);
    } catch {
      // It has ended already.
    }
  }
}

/** On macOS a helper starts the program: an editor that unpacked it may have lost its right to run. */
function allowHelper(): void {
  if (process.platform !== 'darwin') return;
  try {
    const require = createRequire(import.meta.url);
    chmodSync(require.resolve(`@lydell/node-pty-darwin-${process.arch}/spawn-helper`), 0o755);
  } catch {
    // Where it may not be changed it is as the package had it.
  }
}
