// Passwords and tokens inside URLs and data source names.

import { isHarmless } from './harmless.ts';
import { patternRule, type Rule } from './rule.ts';

export const urlRules: readonly Rule[] = [
  patternRule(
    'url-password',
    ['://'],
    [
      /[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/[^\s:@/"'`<>]{0,256}:(?<s>[^\s"'`<>/]{1,512})@(?=[\w.[$%{<-])/,
      /[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/(?<s>[A-Za-z0-9_.~+-]{16,512})@(?=[\w.[-])/,
    ],
    (secret) => isHarmless(secret),
    { confirm: hasUser },
  ),
  patternRule(
    'url-password',
    ['@tcp(', '@unix('],
    [/(?<![\w])[\w.-]{1,64}:(?<s>[^\s@]{1,256})@(?:tcp|unix)\(/],
    (secret) => isHarmless(secret),
  ),
  patternRule(
    'url-token',
    ['sig=', 'signature=', '-security-token=', 'x-amz-credential', 'code=', 'auth=', 'key='],
    [
      /[?&;](?:sig|signature|X-Amz-Signature|X-Amz-Security-Token|X-Goog-Signature|auth|key|code|access_key)=(?<s>[^\s&"'`<>#]+)/i,
    ],
    (secret) => secret.length < 8 || isHarmless(secret),
  ),
];

const url = /(?:[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/)[^\s"'`<>/?#]*$/;
const dataSource = /(?<![\w.])[\w.-]{1,64}:(?!\/)[^\s@:/"'`]{1,256}(?:@(?:t(?:cp?)?|u(?:n(?:ix?)?)?)?)?$/;

/** From where on a growing line may still turn out to hold a password in a URL; see `tokenHold`. */
export function urlHold(line: string): number {
  const tail = line.slice(-2048);
  const base = line.length - tail.length;
  const inUrl = url.exec(tail);
  if (inUrl) return base + inUrl.index + inUrl[0].indexOf('://') + 3;
  const source = dataSource.exec(tail);
  return source ? base + source.index + source[0].indexOf(':') + 1 : line.length;
}

/** An `@` before the host ends. */
function hasUser(bytes: Uint8Array, _start: number, end: number, limit: number): boolean {
  const last = Math.min(limit, end + 800);
  for (let at = end; at < last; at += 1) {
    const byte = bytes[at]!;
    if (byte === 0x40) return true;
    if (byte <= 0x20 || byte === 0x2f || byte === 0x22 || byte === 0x27 || byte === 0x3c || byte === 0x3e)
      return false;
  }
  return last === limit;
}
