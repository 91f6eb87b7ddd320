// The server's side of a SPDY/3.1 session over any byte stream: what `kubectl port-forward` speaks inside its
// WebSocket, and older kubectl for exec too. Flow control is not used, as kubectl's client uses none.

import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import { Emitter } from '../../base/emitter.ts';
import { spdyDictionary } from './spdyDictionary.ts';

const frame = { synStream: 1, synReply: 2, rst: 3, ping: 6, goAway: 7 } as const;
const fin = 1;

export class SpdyStream {
  readonly data = new Emitter<Buffer>();
  readonly ended = new Emitter<void>();
  readonly id: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly #session: SpdySession;
  closed = false;

  constructor(session: SpdySession, id: number, headers: ReadonlyMap<string, string>) {
    this.#session = session;
    this.id = id;
    this.headers = headers;
  }

  write(data: Buffer | string): void {
    if (!this.closed && data.length > 0) this.#session.sendData(this.id, Buffer.from(data), false);
  }

  /** No more from our side. */
  end(): void {
    if (this.closed) return;
    this.closed = true;
    this.#session.sendData(this.id, Buffer.alloc(0), true);
  }
}

export class SpdySession {
  readonly streamOpened = new Emitter<SpdyStream>();
  readonly #send: (bytes: Buffer) => void;
  readonly #streams = new Map<number, SpdyStream>();
  readonly #inflate: Inflate = createInflate({ dictionary: spdyDictionary });
  readonly #deflate: Deflate = createDeflate({ dictionary: spdyDictionary });
  #pending = Buffer.alloc(0);
  #work: Promise<void> = Promise.resolve();

  constructor(send: (bytes: Buffer) => void) {
    this.#send = send;
  }

  /** Takes in bytes as they come. */
  receive(bytes: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    while (this.#pending.length >= 8) {
      const length = this.#pending.readUIntBE(5, 3);
      if (this.#pending.length < 8 + length) return;
      const whole = this.#pending.subarray(0, 8 + length);
      this.#pending = this.#pending.subarray(8 + length);
      this.#work = this.#work.then(() => this.#handle(whole));
    }
  }

  /** The other side is gone: every stream ends. */
  end(): void {
    for (const stream of this.#streams.values()) {
      stream.closed = true;
      stream.ended.fire();
    }
    this.#streams.clear();
    this.#inflate.destroy();
    this.#deflate.destroy();
  }

  sendData(id: number, data: Buffer, last: boolean): void {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(id, 0);
    head.writeUInt32BE(data.length, 4);
    head.writeUInt8(last ? fin : 0, 4);
    this.#send(Buffer.concat([head, data]));
  }

  async #handle(bytes: Buffer): Promise<void> {
    const flags = bytes.readUInt8(4);
    const body = bytes.subarray(8);
    if ((bytes.readUInt8(0) & 0x80) === 0) {
      const stream = this.#streams.get(bytes.readUInt32BE(0));
      if (body.length > 0) stream?.data.fire(Buffer.from(body));
      if (flags & fin) stream?.ended.fire();
      return;
    }
    switch (bytes.readUInt16BE(2)) {
      case frame.synStream: {
        const id = body.readUInt32BE(0) & 0x7fffffff;
        const headers = readHeaders(await this.#transform(this.#inflate, body.subarray(10)));
        const stream = new SpdyStream(this, id, headers);
        this.#streams.set(id, stream);
        await this.#reply(id);
        this.streamOpened.fire(stream);
        if (flags & fin) stream.ended.fire();
        return;
      }
      case frame.rst: {
        const id = body.readUInt32BE(0) & 0x7fffffff;
        const stream = this.#streams.get(id);
        if (stream) stream.closed = true;
        stream?.ended.fire();
        this.#streams.delete(id);
        return;
      }
      case frame.ping:
        this.#send(Buffer.from(bytes));
    }
  }

  async #reply(id: number): Promise<void> {
    const none = Buffer.alloc(4);
    const headers = await this.#transform(this.#deflate, none);
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0x8003, 0);
    head.writeUInt16BE(frame.synReply, 2);
    head.writeUInt32BE(4 + headers.length, 4);
    head.writeUInt32BE(id, 8);
    this.#send(Buffer.concat([head, headers]));
  }

  /** Through one of the two zlib streams, whose state lasts as long as the session. */
  #transform(stream: Inflate | Deflate, bytes: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const collect = (chunk: Buffer): void => void chunks.push(chunk);
      stream.once('error', reject);
      stream.on('data', collect);
      stream.write(bytes, () => {
        const done = (): void => {
          stream.off('data', collect);
          stream.off('error', reject);
          resolve(Buffer.concat(chunks));
        };
        stream.flush(constants.Z_SYNC_FLUSH, done);
      });
    });
  }
}

function readHeaders(bytes: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 4;
  const text = (): string => {
    const length = bytes.readUInt32BE(at);
    at += 4 + length;
    return bytes.toString('utf8', at - length, at);
  };
  for (let left = bytes.readUInt32BE(0); left > 0; left -= 1) {
    const name = text().toLowerCase();
    headers.set(name, text());
  }
  return headers;
}
