// The one door to redaction: for streams, for texts, for arguments and for whole JSON values.

import type { Hmac } from 'node:crypto';
import { type Json, toJson } from '../format/canonicalJson.ts';
import { type Committer, committer, marker } from './commitment.ts';
import { isHarmless } from './harmless.ts';
import { isOpenMember } from './learnedSecrets.ts';
import { LineCutter, type RedactionSettings } from './lineCutter.ts';
import { secretsOf } from './secretManifest.ts';
import { isSecretName } from './secretName.ts';
import { type CutMade, StreamRedactor } from './streamRedactor.ts';

export interface Redacted<T> {
  readonly value: T;
  readonly cuts: readonly CutMade[];
}

const argumentLists = new Set(['argv', 'args', 'command', 'arguments']);

export class Redactor {
  readonly #cutter: LineCutter;
  readonly #committer: Committer;

  /** `key`: the machine's commitment key, 32 bytes. */
  constructor(key: Uint8Array, settings?: RedactionSettings) {
    this.#committer = committer(key);
    this.#cutter = new LineCutter(settings);
  }

  /** From now on `value` is cut wherever it turns up, in any common encoding. False where it is too common. */
  learn(value: string | Uint8Array, kind = 'known-secret'): boolean {
    return this.#cutter.learned.learn(value, kind);
  }

  /** Learns the values of an environment's secret-looking names. */
  learnEnvironment(env: Readonly<Record<string, string | undefined>>): void {
    for (const [name, value] of Object.entries(env)) {
      if (value && isSecretName(name) && !isHarmless(value)) this.learn(value, 'secret-variable');
    }
  }

  /** Learns the data of a Kubernetes Secret: raw, and what its base64 holds. */
  learnSecretData(data: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(data)) {
      if (typeof value !== 'string' || isOpenMember(name)) continue;
      for (const secret of secretsOf(value)) this.learn(secret, 'secret-data');
    }
  }

  commit(bytes: Uint8Array): string {
    return this.#committer.commit(bytes);
  }

  /** For bytes too many to be held at once. */
  beginCommitment(): Hmac {
    return this.#committer.begin();
  }

  stream(): StreamRedactor {
    return new StreamRedactor(this.#cutter, this.#committer);
  }

  text(text: string): Redacted<string> {
    const bytes = Buffer.from(text, 'utf8');
    let touched = false;
    this.#cutter.scan(bytes, 0, bytes.length, () => {
      touched = true;
    });
    if (!touched) return { value: text, cuts: [] };
    const stream = this.stream();
    const parts = [stream.write(bytes), stream.end()];
    return stream.cutCount === 0
      ? { value: text, cuts: [] }
      : { value: Buffer.concat(parts).toString('utf8'), cuts: stream.cuts };
  }

  /** Arguments, which know each other: `-a hunter2` is a password behind `redis-cli`. */
  argv(given: readonly string[]): Redacted<string[]> {
    const cuts: CutMade[] = [];
    // A word of several lines is a text of its own, in which lines belong together.
    const argv = given.map((word) => {
      if (!word.includes('\n')) return word;
      const redacted = this.text(word);
      cuts.push(...redacted.cuts);
      return redacted.value;
    });
    const words = argv.map((word) => Buffer.from(word, 'utf8').toString('latin1'));
    const line = words.map((word) => word.replace(/\s/g, '\x02').replace(/["'`]/g, '\x03')).join(' ');
    const spans = this.#cutter.cuts(line, false);
    let at = 0;
    const value = words.map((word, index) => {
      const own = spans.filter((span) => span.start < at + word.length && span.end > at);
      const from = at;
      at += word.length + 1;
      if (own.length === 0) {
        const redacted = this.text(argv[index]!);
        cuts.push(...redacted.cuts);
        return redacted.value;
      }
      let out = '';
      let done = 0;
      for (const span of own) {
        const start = Math.max(done, span.start - from);
        const end = Math.min(word.length, span.end - from);
        const commitment = this.#committer.commit(Buffer.from(word.slice(start, end), 'latin1'));
        out += word.slice(done, start) + marker(span.kind, commitment);
        cuts.push({ kind: span.kind, commitment, at: Buffer.byteLength(out) });
        done = end;
      }
      const redacted = this.text(Buffer.from(out + word.slice(done), 'latin1').toString('utf8'));
      cuts.push(...redacted.cuts);
      return redacted.value;
    });
    return { value, cuts };
  }

  /** Every text of a JSON value, names too; values under secret-looking names and the data of Secrets whole. */
  json(value: unknown): Redacted<Json> {
    const cuts: CutMade[] = [];
    const keep = <T>(redacted: Redacted<T>): T => {
      cuts.push(...redacted.cuts);
      return redacted.value;
    };
    const whole = (text: string, kind: string): string => {
      const commitment = this.#committer.commit(Buffer.from(text, 'utf8'));
      cuts.push({ kind, commitment, at: 0 });
      return marker(kind, commitment);
    };
    const walk = (node: Json, name: string): Json => {
      if (typeof node === 'string') {
        if (isSecretName(name) && node !== '' && !isHarmless(node) && !/\s/.test(node))
          return whole(node, 'secret-value');
        return keep(this.text(node));
      }
      if (Array.isArray(node)) {
        if (argumentLists.has(name) && node.every((one) => typeof one === 'string'))
          return keep(this.argv(node as string[]));
        return node.map((one) => walk(one, name));
      }
      if (typeof node !== 'object' || node === null) return node;
      const object = node as { readonly [key: string]: Json };
      const isSecret = object.kind === 'Secret';
      const pair =
        typeof object.name === 'string' && typeof object.value === 'string' && isSecretName(object.name);
      return Object.fromEntries(
        Object.entries(object).map(([key, member]) => {
          const safeKey = keep(this.text(key));
          if (
            isSecret &&
            (key === 'data' || key === 'stringData') &&
            typeof member === 'object' &&
            member &&
            !Array.isArray(member)
          ) {
            this.learnSecretData(member as Record<string, unknown>);
            const data = Object.entries(member as Record<string, Json>);
            return [
              safeKey,
              Object.fromEntries(
                data.map(([one, inner]) => [
                  one,
                  typeof inner === 'string' && inner !== '' ? whole(inner, 'secret-data') : inner,
                ]),
              ),
            ];
          }
          if (pair && key === 'value' && !isHarmless(member as string))
            return [safeKey, whole(member as string, 'secret-value')];
          return [safeKey, walk(member, key)];
        }),
      );
    };
    return { value: walk(toJson(value), ''), cuts };
  }
}
