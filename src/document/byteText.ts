// Bytes as a string and back, for every input there is. Valid UTF-8 is itself. A byte that is no part of valid
// UTF-8 becomes one character of U+10FF80 … U+10FFFF, private use at the very end of Unicode: such a string is
// well formed, so it survives JSON and any channel that re-encodes. Where a file really holds one of those
// characters its four bytes are stood in for one by one, so that the way back is never in doubt.

const standInBase = 0x10ff00; // + byte, for bytes 0x80 … 0xff
/** The high surrogate that all stand-ins share: a cheap test whether a string can hold one. */
const standInHighSurrogate = '\udbff';
const standIns = /[\u{10FF80}-\u{10FFFF}]/gu;

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Never throws; `bytesOf(textOf(bytes))` is `bytes`. A byte order mark stays, as U+FEFF. */
export function textOf(bytes: Uint8Array): string {
  try {
    const text = strictDecoder.decode(bytes);
    return text.includes(standInHighSurrogate) ? decodeWithStandIns(bytes) : text;
  } catch {
    return decodeWithStandIns(bytes);
  }
}

/** The bytes of a text; stand-ins become the bytes that they stand for, a lone surrogate U+FFFD. */
export function bytesOf(text: string): Uint8Array {
  if (!text.includes(standInHighSurrogate)) return encoder.encode(text);
  const parts: Uint8Array[] = [];
  let done = 0;
  for (const match of text.matchAll(standIns)) {
    if (match.index > done) parts.push(encoder.encode(text.slice(done, match.index)));
    parts.push(Uint8Array.of(match[0].codePointAt(0)! - standInBase));
    done = match.index + match[0].length;
  }
  if (done < text.length) parts.push(encoder.encode(text.slice(done)));
  return concatenate(parts);
}

/** A text as it is when its bytes are read again: lone surrogates gone, stand-ins that now form a character melted. */
export function asReadAgain(text: string): string {
  return /[\p{Surrogate}\u{10FF80}-\u{10FFFF}]/u.test(text) ? textOf(bytesOf(text)) : text;
}

function decodeWithStandIns(bytes: Uint8Array): string {
  let text = '';
  let run = 0;
  let at = 0;
  const flush = (): void => {
    if (at > run) text += strictDecoder.decode(bytes.subarray(run, at));
  };
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    flush();
    text += String.fromCodePoint(standInBase + bytes[at]!);
    run = ++at;
  }
  flush();
  return text;
}

/** Length of the valid UTF-8 sequence at `at` (Unicode 15, table 3-7); 0 for none and for a stand-in's own. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const second = bytes[at + 1] ?? 0;
  const third = bytes[at + 2] ?? 0;
  const fourth = bytes[at + 3] ?? 0;
  if (first >= 0xc2 && first <= 0xdf) return isTail(second) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80;
    const high = first === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && isTail(third) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high || !isTail(third) || !isTail(fourth)) return 0;
    const isStandIn = first === 0xf4 && second === 0x8f && third >= 0xbe;
    return isStandIn ? 0 : 4;
  }
  return 0;
}

function isTail(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
