// PEM private keys: whole on one line (JSON, a variable), or as a block of lines.

import { patternRule, type Rule } from './rule.ts';

const begin = '-----BEGIN[ A-Z0-9]{0,30}PRIVATE KEY(?: BLOCK)?-----';
const end = '-----END[ A-Z0-9]{0,30}PRIVATE KEY(?: BLOCK)?-----';

export const inlineKeyRule: Rule = patternRule(
  'private-key',
  ['private key'],
  [new RegExp(`(?<s>${begin}[^-]*(?:${end}|$))`)],
);

const opening = new RegExp(begin);
const closing = new RegExp(end);
const keyLine =
  /(?:^|[\s|>"'])[A-Za-z0-9+/=]{1,76}(?:\\n)?["',\\]*\s*$|^\s*$|^[\s|>]*(?:Proc-Type|DEK-Info|Version|Comment|Hash):/;
const maxLines = 500;

/** Where a key begins that the line does not end; -1 where none does. */
export function keyBeginsAt(line: string): number {
  const match = opening.exec(line);
  return match && !closing.test(line.slice(match.index)) ? match.index : -1;
}

/** Follows a key's lines to its end. */
export class KeyBlock {
  #lines = 0;

  /** How much of `line`, from its start, still belongs to the key, and whether the key goes on after it. */
  take(line: string): { readonly length: number; readonly goesOn: boolean } {
    this.#lines += 1;
    const last = closing.exec(line);
    if (last) return { length: last.index + last[0].length, goesOn: false };
    if (this.#lines > maxLines || !keyLine.test(line)) return { length: 0, goesOn: false };
    return { length: line.length, goesOn: true };
  }
}
