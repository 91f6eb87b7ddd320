// Reading a FIFO to the last byte. FIFOs and not the socket pairs that Node makes for a child, since `/dev/stdout`
// and `/dev/stderr` can't be opened when they are sockets.

import { closeSync, constants, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { systemCode } from '../base/runbookError.ts';

/** What a pipe can hold at most without privileges: more than that is not from before the drain. */
const pipeCapacity = 1024 * 1024;

/** For what is read at once and copied. */
const block = Buffer.allocUnsafeSlow(64 * 1024);

export type ChunkListener = (bytes: Buffer, atMs: number) => void | Promise<void>;

export class FifoReader {
  readonly #fd: number;
  #socket: Socket | undefined;
  /** Listening waits until the program has nothing to do: opening is what a cell's start has to wait for. */
  readonly #listening: NodeJS.Immediate;
  readonly #listener: ChunkListener;
  /** Resolves at the end of file, when everything has been handed on. */
  readonly closed: Promise<void>;
  #settle: () => void = () => {};
  #ended = false;
  #last: Promise<void> = Promise.resolve();
  #draining = false;
  bytes = 0;

  /** `keepOpen` holds a writer's end as well, so that the FIFO never ends while writers come and go. */
  constructor(path: string, listener: ChunkListener, options: { readonly keepOpen?: boolean } = {}) {
    const access = options.keepOpen ? constants.O_RDWR : constants.O_RDONLY;
    this.#fd = openSync(path, access | constants.O_NONBLOCK);
    this.#listener = listener;
    this.closed = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#listening = setImmediate(() => this.#listen());
  }

  #listen(): void {
    const socket = new Socket({ fd: this.#fd, readable: true, writable: false });
    socket.on('data', (chunk: Buffer) => this.#flow(chunk));
    socket.on('end', () => void this.#last.then(() => this.close()));
    socket.on('error', () => this.close());
    this.#socket = socket;
  }

  get isClosed(): boolean {
    return this.#ended;
  }

  #flow(chunk: Buffer): void {
    const handled = this.#hand(chunk);
    if (!handled) return;
    this.#socket?.pause();
    this.#last = handled.then(() => {
      if (!this.#draining && !this.#ended) this.#socket?.resume();
    });
  }

  #hand(chunk: Buffer): Promise<void> | undefined {
    this.bytes += chunk.length;
    const handled = this.#listener(chunk, Date.now());
    return handled instanceof Promise ? handled.catch(() => {}) : undefined;
  }

  /** Hands on all that was written before the call. True when no writer is left. */
  async drain(): Promise<boolean> {
    if (this.#ended) return true;
    this.#draining = true;
    clearImmediate(this.#listening);
    this.#socket?.pause();
    await this.#last;
    let left = pipeCapacity;
    while (left > 0 && !this.#ended) {
      const buffered = (this.#socket?.read() ?? null) as Buffer | null;
      const chunk = buffered ?? this.#readNow();
      if (chunk === 'nothing') break;
      if (chunk === 'end') {
        this.close();
        break;
      }
      left -= chunk.length;
      await this.#hand(chunk);
    }
    this.#draining = false;
    if (this.#ended) return true;
    if (this.#socket) this.#socket.resume();
    else this.#listen();
    return false;
  }

  #readNow(): Buffer | 'nothing' | 'end' {
    try {
      const length = readSync(this.#fd, block);
      return length === 0 ? 'end' : Buffer.from(block.subarray(0, length));
    } catch (error) {
      if (systemCode(error) === 'EAGAIN') return 'nothing';
      return 'end';
    }
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearImmediate(this.#listening);
    if (this.#socket) this.#socket.destroy();
    else closeSync(this.#fd);
    this.#settle();
  }
}

/** Opens both ends, so that writing waits for no reader. The caller closes the descriptor. */
export function openForWriting(path: string): number {
  return openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
}

export { closeSync as closeDescriptor };
