// The gate's door for commands: listens on loopback, hears each call of a gated tool from its shim, asks the port,
// answers, and learns how the call ended. Whatever goes wrong here refuses.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { toError } from '../../base/runbookError.ts';
import { findProgram } from '../interpreters.ts';
import type { CommandStatus, GateAnswer, GateCall, GatePort } from '../types.ts';
import { shimScript } from './shim.ts';

export interface CommandDoorInit {
  readonly bashPath: string;
  /** The session's private directory; shims go into its `bin`. */
  readonly directory: string;
  readonly tools: readonly string[];
  readonly port: GatePort;
  /** The cell that a process belongs to. */
  cellOf(pid: number): string | null;
  /** Of a cell: failures that nobody has been asked about. */
  failuresOf(cellId: string | null): Promise<readonly CommandStatus[]>;
  onAnswered(call: GateCall): void;
  onRefused(call: GateCall, reason: string): void;
}

/** Fields before the arguments, see the shim. */
const headFields = 7;
const settleMs = 200;
const maxRequestBytes = 8 * 1024 * 1024;

/** Head, arguments, and what was put aside, each with its count. */
function isWhole(fields: readonly string[]): boolean {
  if (fields.length < headFields) return false;
  const aside = headFields + Number(fields[headFields - 1]);
  return fields.length > aside && fields.length >= aside + 1 + Number(fields[aside]);
}

/** `/dev/fd/63` → the file with what came there. */
function inputsOf(pairs: readonly string[]): Map<string, string> {
  const inputs = new Map<string, string>();
  for (let at = 0; at + 1 < pairs.length; at += 2) inputs.set(`/dev/fd/${pairs[at]}`, pairs[at + 1]!);
  return inputs;
}

export class CommandDoor {
  readonly #init: CommandDoorInit;
  readonly #server: Server;
  readonly #token = randomBytes(24).toString('hex');
  readonly #sockets = new Set<Socket>();
  readonly #pending = new Map<Promise<void>, GateCall>();
  #calls = 0;
  /** Comes first on the session's PATH. */
  readonly binDirectory: string;

  private constructor(init: CommandDoorInit) {
    this.#init = init;
    this.binDirectory = path.join(init.directory, 'bin');
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  static async open(init: CommandDoorInit): Promise<CommandDoor> {
    const door = new CommandDoor(init);
    await new Promise<void>((resolve, reject) => {
      door.#server.once('error', reject);
      door.#server.listen(0, '127.0.0.1', resolve);
    });
    door.#server.unref();
    const address = door.#server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    mkdirSync(door.binDirectory, { mode: 0o700 });
    const spool = path.join(init.directory, 'spool');
    mkdirSync(spool, { mode: 0o700 });
    for (const tool of init.tools) {
      const script = shimScript({ bashPath: init.bashPath, tool, port, token: door.#token, spool });
      writeFileSync(path.join(door.binDirectory, tool), script, { mode: 0o700 });
    }
    return door;
  }

  /** Resolves when the calls of `cellId` have told how they ended, after 200 ms at the latest. */
  async settle(cellId: string): Promise<void> {
    const ending = [...this.#pending].filter(([, call]) => call.cellId === cellId).map(([ended]) => ended);
    if (ending.length === 0) return;
    await Promise.race([
      Promise.all(ending),
      new Promise((resolve) => setTimeout(resolve, settleMs).unref()),
    ]);
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const chunks: Buffer[] = [];
    let size = 0;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxRequestBytes) {
        socket.destroy();
        return;
      }
      if (chunk.at(-1) !== 0) return;
      const fields = Buffer.concat(chunks).toString().split('\0').slice(0, -1);
      if (fields.length >= 1 && !this.#isToken(fields[0]!)) {
        socket.destroy();
        return;
      }
      if (!isWhole(fields)) return;
      socket.off('data', onData);
      void this.#serve(socket, fields);
    };
    socket.on('data', onData);
  }

  #isToken(text: string): boolean {
    const given = Buffer.from(text);
    const own = Buffer.from(this.#token);
    return given.length === own.length && timingSafeEqual(given, own);
  }

  async #serve(socket: Socket, fields: readonly string[]): Promise<void> {
    const [, tool, pid, cwd, kubeconfig, searchPath, count] = fields as [string, ...string[]];
    const begin = performance.now();
    const others = searchPath!
      .split(':')
      .filter((directory) => path.resolve(directory) !== this.binDirectory);
    const args = fields.slice(headFields, headFields + Number(count));
    const inputs = inputsOf(fields.slice(headFields + args.length + 1));
    const cellId = this.#init.cellOf(Number(pid));
    const call: GateCall = {
      id: `call-${++this.#calls}`,
      tool: tool!,
      args,
      inputs,
      cwd: cwd!,
      cellId,
      kubeconfig: kubeconfig!.startsWith('=') ? kubeconfig!.slice(1) : null,
      binary: findProgram(tool!, others.join(':'), cwd!) ?? null,
      startedAt: Date.now(),
      failures: () => this.#init.failuresOf(cellId),
    };
    const abort = new AbortController();
    let exitCode: number | null = null;
    let told = '';
    socket.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      const code = /^(\d+)\n/.exec(told)?.[1];
      if (code !== undefined) exitCode = Number(code);
    });
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const pending = ended.then(() => {
      abort.abort();
      for (const file of inputs.values()) rmSync(file, { force: true });
      this.#pending.delete(pending);
    });
    this.#pending.set(pending, call);
    if (call.binary === null) {
      socket.end('missing\n');
      return;
    }
    const answer = await this.#decide(call, abort.signal);
    if (answer.allow) {
      if (answer.answered) this.#init.onAnswered(call);
      socket.write(`allow ${call.binary}\n`);
      await ended;
    } else {
      const told = new Promise<void>((resolve) => socket.once('data', () => resolve()));
      socket.write(`deny ${answer.reason.replace(/\s+/g, ' ')}\n`);
      await Promise.race([told, ended]);
      this.#init.onRefused(call, answer.reason);
      socket.destroy();
    }
    this.#init.port.finished(call, { exitCode, durationMs: performance.now() - begin });
  }

  async #decide(call: GateCall, signal: AbortSignal): Promise<GateAnswer> {
    try {
      const answer = await this.#init.port.decide(call, signal);
      return signal.aborted ? { allow: false, reason: 'The call ended before the answer.' } : answer;
    } catch (error) {
      return { allow: false, reason: `The question could not be asked: ${toError(error).message}` };
    }
  }

  /** From now on every shim refuses. */
  dispose(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
