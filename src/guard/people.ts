// Who is one human being among the names and keys of an allowed-signers file: names on one line, and names that share a
// key.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export class People {
  readonly #person: ReadonlyMap<string, string>;

  private constructor(person: ReadonlyMap<string, string>) {
    this.#person = person;
  }

  /** undefined where the file can't be read. */
  static async read(allowedSignersFile: string): Promise<People | undefined> {
    const text = await readFile(allowedSignersFile, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const parent = new Map<string, string>();
    const rootOf = (name: string): string => {
      const up = parent.get(name);
      return up === undefined || up === name ? name : rootOf(up);
    };
    const join = (one: string, other: string): void => {
      parent.set(rootOf(one), rootOf(other));
    };
    for (const line of text.split('\n')) {
      const found = /^\s*("[^"]+"|[^\s#]\S*)\s+(?:.*\s)?((?:ssh|ecdsa|sk)-\S+)\s+(\S+)/.exec(line);
      if (!found) continue;
      const key = fingerprintOf(found[3]!);
      if (!parent.has(key)) parent.set(key, key);
      for (const name of found[1]!.replaceAll('"', '').split(',')) join(normal(name), key);
    }
    return new People(new Map([...parent.keys()].map((name) => [name, rootOf(name)])));
  }

  /** The person behind a principal; the principal itself where the file does not know it. */
  named(principal: string): string {
    return this.#person.get(normal(principal)) ?? normal(principal);
  }

  /** The person who holds a key, by its fingerprint. */
  withKey(fingerprint: string): string {
    return this.#person.get(fingerprint) ?? fingerprint;
  }
}

/** `SHA256:…`, as `ssh-keygen -l` prints it, of a public key in base64. */
export function fingerprintOf(key: string): string {
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

function normal(principal: string): string {
  return principal.trim().toLowerCase();
}
