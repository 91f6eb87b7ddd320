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

export const markers = /\[cut [^\]]*\]/g;

/**
 * Whether a text, its secrets cut out, may be `cut`: each marker stands for some text, and all else is the same. The
 * secrets themselves can't be compared without the machine's key. Takes no longer than a search, whatever a log holds.
 */
export function mayBeCutFrom(cut: string, text: string): boolean {
  const [first = '', ...others] = cut.split(markers);
  const last = others.pop();
  if (last === undefined) return cut === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at + 1);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.endsWith(last) && text.length - last.length > at;
}
