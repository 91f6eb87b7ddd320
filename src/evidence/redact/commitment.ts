// A commitment stands where a secret stood: under a key that stays on this machine, so that its holder can show
// later which secret it was, and nobody else can try out guesses.

import { createHmac, type Hmac } from 'node:crypto';

const domain = 'runbook-evidence/commitment/v1\0';

export interface Committer {
  /** 64 hex digits. */
  commit(secret: Uint8Array): string;
  /** The same, for a secret that comes in pieces. */
  begin(): Hmac;
}

/** `key` is the machine's, 32 bytes. */
export function committer(key: Uint8Array): Committer {
  const begin = (): Hmac => createHmac('sha256', key).update(domain);
  return { begin, commit: (secret) => begin().update(secret).digest('hex') };
}

/** What a reader sees in place of a secret. */
export function marker(kind: string, commitment: string): string {
  return `[cut ${kind} ${commitment.slice(0, 12)}]`;
}
