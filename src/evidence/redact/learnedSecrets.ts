// Values that were seen to be secret (the data of a Secret, a variable's value): from then on they are cut
// wherever they turn up, plain, URL-encoded, JSON-escaped, in base64 at any of its three alignments, or in hex.

import type { Range } from './rule.ts';

const minLength = 6;
const widths = [64, 76];
/** Too common to be taken for a secret outside the place where it was one. */
const common =
  /^(?:admin(?:istrator)?|username|password|default|postgres(?:ql)?|localhost|production|staging|development|secret|changeme|nobody|example|service|(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?|\d{1,7}|[\w.-]+\.svc(?:\.cluster\.local)?)$/i;
/** Members of Secrets that are written openly everywhere else. */
const openMember =
  /^(?:user(?:name)?|.*[._-]user(?:name)?|host(?:name)?|.*[._-]host|port|.*[._-]port|db|db[._-]?name|database|name|namespace|region|endpoint|type|service|ca\.crt|tls\.crt|.*\.pem\.crt|ssl[._-]?mode|role)$/i;

/** Whether the value of a Secret's member is worth looking for elsewhere. */
export function isOpenMember(name: string): boolean {
  return openMember.test(name);
}

export class LearnedSecrets {
  readonly #spellings = new Map<string, string>();
  #version = 0;

  /** Grows when something was learned. */
  get version(): number {
    return this.#version;
  }

  /** Spelling (Latin-1, a character a byte) to kind. */
  get spellings(): ReadonlyMap<string, string> {
    return this.#spellings;
  }

  /** False where the value is too short or too common to be looked for. */
  learn(value: string | Uint8Array, kind: string): boolean {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value);
    const plain = bytes.toString('latin1').replace(/[\r\n]+$/, '');
    if (plain.length < minLength || common.test(plain)) return false;
    const before = this.#spellings.size;
    for (const line of plain.split(/\r?\n/)) {
      if (line.trim().length >= minLength && (line === plain || line.length >= 16))
        this.#add(line.trim(), kind);
    }
    for (const spelling of encodings(Buffer.from(plain, 'latin1'))) this.#add(spelling, kind);
    if (this.#spellings.size > before) this.#version += 1;
    return true;
  }

  #add(spelling: string, kind: string): void {
    if (spelling.length >= minLength && !this.#spellings.has(spelling)) this.#spellings.set(spelling, kind);
  }

  *find(line: string): Iterable<Range & { readonly kind: string }> {
    for (const [spelling, kind] of this.#spellings) {
      for (let at = line.indexOf(spelling); at >= 0; at = line.indexOf(spelling, at + 1))
        yield { start: at, end: at + spelling.length, kind };
    }
  }

  /** From where on the end of a growing line may become one of them. */
  hold(line: string): number {
    let hold = line.length;
    for (const spelling of this.#spellings.keys()) {
      const from = Math.max(0, line.length - spelling.length + 1);
      for (
        let at = line.indexOf(spelling[0]!, from);
        at >= 0 && at < hold;
        at = line.indexOf(spelling[0]!, at + 1)
      ) {
        if (spelling.startsWith(line.slice(at))) hold = at;
      }
    }
    return hold;
  }
}

function* encodings(bytes: Buffer): Iterable<string> {
  const plain = bytes.toString('latin1');
  const whole = bytes.toString('base64');
  yield whole.replace(/=+$/, '');
  for (const width of widths) {
    for (let at = 0; at < whole.length && whole.length > width; at += width) {
      const piece = whole.slice(at, at + width).replace(/=+$/, '');
      if (piece.length >= 16) yield piece;
    }
  }
  for (let before = 0; before < 3; before += 1) {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // The characters that only this secret decides: none that its neighbours share.
    const core = shifted.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    if (core.length < 8) continue;
    yield core;
    yield core.replaceAll('+', '-').replaceAll('/', '_');
  }
  const text = bytes.toString('utf8');
  yield latin1(JSON.stringify(text).slice(1, -1));
  const encoded = encodeURIComponent(text);
  yield encoded;
  yield encoded.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  yield encoded.replaceAll('%20', '+');
  yield encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  if (plain.length >= 8) {
    yield bytes.toString('hex');
    yield bytes.toString('hex').toUpperCase();
  }
}

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
