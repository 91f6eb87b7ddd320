// Finds many short texts in bytes in one pass (Wu and Manber's method with blocks of two bytes): what lets
// whole megabytes of plain log go by without a single regular expression being run.

const folded = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

const lineFeed = 0x0a;
const leastRepeated = 4096;

interface Needle {
  /** Lower case where `exact` is false. */
  readonly bytes: Buffer;
  readonly exact: boolean;
  readonly tag: number;
}

export class NeedleScanner {
  /** Length of the shortest needle; the window that slides. */
  readonly #window: number;
  /** Length of the longest needle. */
  readonly #longest: number;
  readonly #shift: Uint8Array;
  /** By the pair of bytes that ends the window: an array, since this is looked up every few bytes. */
  readonly #buckets: (Needle[] | undefined)[] = new Array(65536);
  /** By the same pair, the needles' first bytes and those behind the window, a bit for each five low bits. */
  readonly #firsts = new Uint32Array(65536);
  readonly #nexts = new Uint32Array(65536);

  /** Needles are at least 3 bytes long; `tag` is what a hit is reported as. */
  constructor(needles: Iterable<{ readonly text: string; readonly exact: boolean; readonly tag: number }>) {
    const all: Needle[] = [...needles].map(({ text, exact, tag }) => {
      const bytes = Buffer.from(exact ? text : text.toLowerCase(), 'latin1');
      return { bytes, exact, tag };
    });
    this.#window = Math.min(8, ...all.map((needle) => needle.bytes.length));
    this.#longest = Math.max(0, ...all.map((needle) => needle.bytes.length));
    this.#shift = new Uint8Array(65536).fill(this.#window - 1);
    for (const needle of all) this.#add(needle);
  }

  #add(needle: Needle): void {
    for (let at = 0; at + 1 < this.#window; at += 1) {
      const shift = this.#window - 2 - at;
      for (const pair of spellings(needle.bytes[at]!, needle.bytes[at + 1]!, needle.exact)) {
        if (shift < this.#shift[pair]!) this.#shift[pair] = shift;
        if (shift > 0) continue;
        this.#firsts[pair]! |= 1 << (needle.bytes[0]! & 31);
        const next = needle.bytes[this.#window];
        this.#nexts[pair]! |= next === undefined ? -1 : 1 << (next & 31);
        const bucket = this.#buckets[pair];
        if (bucket) bucket.push(needle);
        else this.#buckets[pair] = [needle];
      }
    }
  }

  /** Calls `found(start, end, tag)` for each hit, in order of the window. */
  scan(
    bytes: Buffer,
    from: number,
    to: number,
    found: (start: number, end: number, tag: number) => void,
  ): void {
    const known = this.#knownFrom(bytes, from, to);
    if (known < to) {
      let hits = 0;
      this.#slide(bytes, from, known, () => {
        hits += 1;
      });
      if (hits === 0) return;
    }
    this.#slide(bytes, from, to, found);
  }

  /**
   * Where one line repeats to the end, as blank or filler lines do: a hit further on would have had its twin a line
   * earlier. Returns up to where bytes have to be looked at to know that there is none.
   */
  #knownFrom(bytes: Buffer, from: number, to: number): number {
    if (to - from < leastRepeated) return to;
    const period = bytes.indexOf(lineFeed, from) + 1 - from;
    const known = from + period + this.#longest;
    if (period <= 0 || known >= to) return to;
    return bytes.compare(bytes, from + period, to, from, to - period) === 0 ? known : to;
  }

  #slide(
    bytes: Buffer,
    from: number,
    to: number,
    found: (start: number, end: number, tag: number) => void,
  ): void {
    const shifts = this.#shift;
    const window = this.#window;
    const buckets = this.#buckets;
    const firsts = this.#firsts;
    const nexts = this.#nexts;
    let at = from + window - 1;
    while (at < to) {
      const pair = (bytes[at - 1]! << 8) | bytes[at]!;
      const shift = shifts[pair]!;
      if (shift !== 0) {
        at += shift;
        continue;
      }
      const start = at - window + 1;
      // Two bits turn nearly all away before a needle is looked at; upper and lower case share theirs.
      if ((firsts[pair]! >>> (bytes[start]! & 31)) & 1 && (nexts[pair]! >>> (bytes[at + 1]! & 31)) & 1) {
        for (const needle of buckets[pair]!) {
          const end = start + needle.bytes.length;
          if (end <= to && matches(bytes, start, needle)) found(start, end, needle.tag);
        }
      }
      at += 1;
    }
  }
}

function matches(bytes: Uint8Array, start: number, needle: Needle): boolean {
  const wanted = needle.bytes;
  for (let index = 0; index < wanted.length; index += 1) {
    const byte = bytes[start + index]!;
    if ((needle.exact ? byte : folded[byte]) !== wanted[index]) return false;
  }
  return true;
}

function spellings(first: number, second: number, exact: boolean): number[] {
  if (exact) return [(first << 8) | second];
  const cases = (byte: number): number[] => (byte >= 97 && byte <= 122 ? [byte, byte - 32] : [byte]);
  return cases(first).flatMap((one) => cases(second).map((two) => (one << 8) | two));
}
