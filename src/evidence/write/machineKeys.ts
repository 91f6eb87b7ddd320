// What never leaves the machine: the commitment key and, while a writer lives, its signing key. Files of mode
// 0600 in the state directory, outside every evidence root.

import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RunbookError, systemCode } from '../../base/runbookError.ts';
import { type SigningKey, signingKey } from '../format/keys.ts';

export class MachineKeys {
  readonly #dir: string;

  /** `stateDir`: see `stateDirectory`. */
  constructor(stateDir: string) {
    this.#dir = path.join(stateDir, 'keys');
  }

  /** 32 bytes, made when first asked for. */
  async commitmentKey(): Promise<Buffer> {
    const file = path.join(this.#dir, 'commitment.key');
    const held = await read(file);
    if (held) return held;
    await this.#store(file, randomBytes(32));
    const stored = await read(file);
    if (stored) return stored;
    throw new RunbookError({ code: 'evidence-key', message: `The commitment key ${file} can not be read.` });
  }

  /** A fresh key, kept until `forget` so that a crash can still be sealed. */
  async newWriterKey(writer: string): Promise<SigningKey> {
    const key = signingKey();
    await this.#store(this.#writerFile(writer), key.seed);
    return key;
  }

  /** The key of a writer that died on this machine. */
  async writerKey(writer: string): Promise<SigningKey | undefined> {
    const seed = await read(this.#writerFile(writer));
    return seed && signingKey(seed);
  }

  /** A closed log's key is thrown away, so that it can't be used to write the log anew. */
  async forget(writer: string): Promise<void> {
    await rm(this.#writerFile(writer), { force: true });
  }

  #writerFile(writer: string): string {
    return path.join(this.#dir, `writer-${writer}.key`);
  }

  /** Two processes may come at once: the first to link its file wins, and no half-written file is ever seen. */
  async #store(file: string, secret: Buffer): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const own = `${file}.${randomBytes(6).toString('hex')}`;
    await writeFile(own, `${secret.toString('hex')}\n`, { mode: 0o600, flush: true });
    try {
      await chmod(own, 0o600);
      await link(own, file).catch((error: unknown) => {
        if (systemCode(error) !== 'EEXIST') throw error;
      });
    } finally {
      await rm(own, { force: true });
    }
  }
}

async function read(file: string): Promise<Buffer | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    if (/^[0-9a-f]{64}\n$/.test(text)) return Buffer.from(text.trim(), 'hex');
    throw new RunbookError({
      code: 'evidence-key',
      message: `The key file ${file} is damaged.`,
      mend: 'Move it away; a new key is made, and commitments made under the old one can not be shown any more.',
    });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
