// Names and texts of a pack that its maker and its verifier must agree on.

import { isId, isSha256 } from './layout.ts';

export const bagitTxt = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';
export const sealName = 'seal.note';
export const incidentFolder = 'data/incident/';

export interface Seal {
  readonly incident: string;
  /** Who made the pack: a writer of the incident. */
  readonly writer: string;
  /** Of tagmanifest-sha256.txt. */
  readonly sha256: string;
}

export function printSealText(seal: Seal): string {
  return `runbook-notebooks pack v1\n${seal.incident}\n${seal.writer}\n${seal.sha256}\n`;
}

export function parseSealText(text: string): Seal | undefined {
  const [head, incident = '', writer = '', sha256 = '', end, ...more] = text.split('\n');
  const fits = head === 'runbook-notebooks pack v1' && isId(incident) && isId(writer) && isSha256(sha256);
  return fits && end === '' && more.length === 0 ? { incident, writer, sha256 } : undefined;
}
