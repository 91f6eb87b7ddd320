// One bash that reads the kernel's commands from a FIFO as its script, and answers with records through another.
// The script's descriptor is bash's own, closed on exec: no child ever sees it.

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Emitter } from '../base/emitter.ts';
import { RunbookError, systemCode, toError } from '../base/runbookError.ts';
import { type DriverPaths, dump, failureReport } from './driver.ts';
import { FifoReader, openForWriting } from './fifo.ts';

export interface BashRecord {
  readonly tag: string;
  readonly fields: readonly Buffer[];
}

export interface BashExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface BashProcessInit {
  readonly bashPath: string;
  /** Holds the FIFOs `script` and `control` already; of this process alone. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly nonce: string;
}

export class BashProcess {
  readonly paths: DriverPaths;
  readonly directory: string;
  readonly #child: ChildProcess;
  readonly #script: number;
  readonly #control: FifoReader;
  readonly #records = new Emitter<BashRecord>();
  readonly onRecord = this.#records.event;
  /** Resolves when bash has ended and its last record has been handed out. */
  readonly exited: Promise<BashExit>;
  exit: BashExit | undefined;
  #unread: Buffer = Buffer.alloc(0);
  #closed = false;

  constructor(init: BashProcessInit) {
    this.directory = init.directory;
    const at = (name: string): string => path.join(init.directory, name);
    this.paths = { control: at('control'), directory: init.directory, nonce: init.nonce };
    writeFileSync(at('state'), `${dump(this.paths, 'state')}\n`, { mode: 0o600 });
    writeFileSync(at('exit'), `${dump(this.paths, 'exit')}\n`, { mode: 0o600 });
    writeFileSync(at('failure'), `${failureReport(this.paths)}\n`, { mode: 0o600 });
    this.#control = new FifoReader(at('control'), (chunk) => this.#receive(chunk), { keepOpen: true });
    this.#script = openForWriting(at('script'));
    this.#child = spawn(init.bashPath, ['--norc', '--noprofile', at('script')], {
      cwd: init.cwd,
      env: { ...init.env },
      detached: true,
      stdio: 'ignore',
    });
    this.exited = new Promise((resolve) => {
      const end = (exit: BashExit): void => {
        void this.#control.drain().then(() => {
          this.exit = exit;
          resolve(exit);
        });
      };
      this.#child.once('error', () => end({ code: 127, signal: null }));
      this.#child.once('exit', (code, signal) => end({ code, signal }));
    });
  }

  /** Also the id of its process group and its process session. */
  get pid(): number {
    if (this.#child.pid === undefined) {
      throw new RunbookError({
        code: 'kernel-no-bash',
        message: 'bash could not be started.',
        mend: 'Is it installed and on the PATH?',
      });
    }
    return this.#child.pid;
  }

  #receive(chunk: Buffer): void {
    this.#unread = this.#unread.length ? Buffer.concat([this.#unread, chunk]) : chunk;
    const end = Buffer.from(`\0${this.paths.nonce}.\0`);
    for (;;) {
      const at = this.#unread.indexOf(end);
      if (at < 0) return;
      const begin = this.#unread.indexOf(`\0${this.paths.nonce}`);
      const fields = splitFields(this.#unread.subarray(begin + 1, at));
      this.#unread = this.#unread.subarray(at + end.length);
      const tag = fields[0]!.toString().slice(this.paths.nonce.length);
      this.#records.fire({ tag, fields: fields.slice(1) });
    }
  }

  /** Hands out every record that was written before the call. */
  async hear(): Promise<void> {
    await this.#control.drain();
  }

  get scriptPath(): string {
    return path.join(this.directory, 'script');
  }

  /** Writes commands into the script; each ends its line. */
  async send(code: string): Promise<void> {
    let rest: Uint8Array = Buffer.from(code.endsWith('\n') ? code : `${code}\n`);
    while (rest.length > 0 && !this.#closed) {
      try {
        rest = rest.subarray(writeSync(this.#script, rest));
      } catch (error) {
        if (systemCode(error) !== 'EAGAIN') throw toError(error);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      if (this.exit) return;
    }
  }

  /** Puts `text` where a `. ` command finds it; returns its path. */
  writeText(name: string, text: string): string {
    const file = path.join(this.directory, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  kill(signal: NodeJS.Signals): void {
    if (!this.exit) this.#child.kill(signal);
  }

  /** Lets go of the descriptors: a bash that still waits for commands ends by itself. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#script);
    this.#control.close();
    this.#records.dispose();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function splitFields(bytes: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, from)) {
    fields.push(bytes.subarray(from, at));
    from = at + 1;
  }
  fields.push(bytes.subarray(from));
  return fields;
}

/** The directories that bash processes live in are made by the host, their FIFOs by the supervisor. */
export function makeProcessDirectory(runtime: string, name: string): string {
  const directory = path.join(runtime, name);
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}
