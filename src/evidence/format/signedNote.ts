// Signed notes: https://c2sp.org/signed-note. A text, a blank line, and signature lines. Only Ed25519 (type
// 0x01) is made and checked here; lines of unknown keys are passed over, as the specification demands.

import { createHash } from 'node:crypto';
import { decodeBase64 } from './base64.ts';
import { type SigningKey, verifySignature } from './keys.ts';

const ed25519 = 0x01;
const maxNoteBytes = 64 * 1024;
const maxSignatures = 100;

/** Whose signature counts: `name+hash+base64(0x01 ‖ key)` is its spelling. */
export interface VerifierKey {
  readonly name: string;
  /** 4 bytes that tell a note's lines apart; no security. */
  readonly id: Buffer;
  readonly publicKey: Buffer;
}

export type OpenedNote =
  | { readonly ok: true; readonly text: string; readonly signer: VerifierKey }
  | { readonly ok: false; readonly reason: string };

export function verifierKey(name: string, publicKey: Uint8Array): VerifierKey {
  const typed = Buffer.concat([Buffer.of(ed25519), publicKey]);
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
  return { name, id, publicKey: Buffer.from(publicKey) };
}

export function printVerifierKey(key: VerifierKey): string {
  const typed = Buffer.concat([Buffer.of(ed25519), key.publicKey]);
  return `${key.name}+${key.id.toString('hex')}+${typed.toString('base64')}`;
}

/** Undefined for a key that is misspelled, of another type, or whose hash does not fit. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  const typed = match && decodeBase64(match[3]!);
  if (!match || typed?.length !== 33 || typed[0] !== ed25519) return undefined;
  const key = verifierKey(match[1]!, typed.subarray(1));
  return key.id.toString('hex') === match[2] ? key : undefined;
}

/** `text` ends in a line feed. */
export function signNote(text: string, name: string, key: SigningKey): string {
  const { id } = verifierKey(name, key.publicKey);
  const signature = key.sign(Buffer.from(text));
  return `${text}\n\u2014 ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}

/** Strict: every line is checked for its form, and the first line of a known key decides. */
export function openNote(note: string, known: readonly VerifierKey[]): OpenedNote {
  if (Buffer.byteLength(note) > maxNoteBytes) return refused('it is larger than 64 KiB');
  if (/[\u0000-\u0009\u000b-\u001f\ufffd]/.test(note)) return refused('it holds control characters');
  const cut = note.lastIndexOf('\n\n');
  if (cut < 0 || !note.endsWith('\n')) return refused('it has no signature');
  const text = note.slice(0, cut + 1);
  const lines = note.slice(cut + 2, -1).split('\n');
  if (lines.length > maxSignatures) return refused('it has more than 100 signatures');
  let signer: VerifierKey | undefined;
  for (const line of lines) {
    const match = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line);
    const bytes = match && decodeBase64(match[2]!);
    if (!bytes || bytes.length < 5) return refused('a signature line is malformed');
    const key = known.find((one) => one.name === match[1] && one.id.equals(bytes.subarray(0, 4)));
    if (!key || signer) continue;
    if (!verifySignature(key.publicKey, Buffer.from(text), bytes.subarray(4)))
      return refused(`the signature of ${key.name} is wrong`);
    signer = key;
  }
  return signer ? { ok: true, text, signer } : refused('no signature is of a known key');
}

function refused(reason: string): OpenedNote {
  return { ok: false, reason };
}
