// A checkpoint's text: https://c2sp.org/tlog-checkpoint. Three lines: whose log, how many lines, which root.

import { decodeBase64 } from './base64.ts';

export interface Checkpoint {
  /** `runbook-notebooks/<incident>/<writer>`; also the name of the key that signs. */
  readonly origin: string;
  /** Lines of the log that it covers. */
  readonly size: number;
  /** RFC 6962 root over those lines, 32 bytes. */
  readonly root: Buffer;
}

export function originOf(incident: string, writer: string): string {
  return `runbook-notebooks/${incident}/${writer}`;
}

export function printCheckpoint(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root.toString('base64')}\n`;
}

/** Undefined for anything but exactly three well-formed lines. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const match = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text);
  const root = match && decodeBase64(match[3]!);
  const size = Number(match?.[2]);
  if (!root || !Number.isSafeInteger(size)) return undefined;
  return { origin: match[1]!, size, root };
}
