// Cuts secrets out of a stream of bytes, however it is sliced: whole lines are decided as they come, what an
// unfinished line may still become is held back. Nothing undecided ever leaves it.

import type { Hmac } from 'node:crypto';
import { type Committer, marker } from './commitment.ts';
import { isOpenMember } from './learnedSecrets.ts';
import type { LineCutter, Span } from './lineCutter.ts';
import { KeyBlock, keyBeginsAt } from './privateKey.ts';
import { type HeldLine, ManifestReader, secretsOf } from './secretManifest.ts';
import { SecretScalar } from './secretScalar.ts';

/** What was cut, and where in the redacted bytes it stood. */
export interface CutMade {
  readonly kind: string;
  /** HMAC under the machine's key, 64 hex digits. */
  readonly commitment: string;
  readonly at: number;
}

/** A line longer than this is released in pieces. */
const longLine = 64 * 1024;
const contextLength = 2048;
const keptCuts = 1000;
const lineFeed = 0x0a;
const nothing = Buffer.alloc(0);

export class StreamRedactor {
  readonly #cutter: LineCutter;
  readonly #committer: Committer;
  readonly #cuts: CutMade[] = [];
  #cutCount = 0;
  #pending: Buffer = Buffer.alloc(0);
  /** What of the unfinished line has been given out already. */
  #context = '';
  /** A line before this one that belongs to it: it ended in a backslash. */
  #joined = '';
  #expectsValue = false;
  readonly #scalar = new SecretScalar();
  #manifest = new ManifestReader();
  #key: { readonly block: KeyBlock; readonly hmac: Hmac } | undefined;
  /** A secret too long to be held: swallowed up to the next delimiter. */
  #swallow: { readonly hmac: Hmac; readonly kind: string } | undefined;
  #out: Buffer[] = [];
  #written = 0;

  constructor(cutter: LineCutter, committer: Committer) {
    this.#cutter = cutter;
    this.#committer = committer;
  }

  /** At most the first 1,000 cuts; `cutCount` counts all. */
  get cuts(): readonly CutMade[] {
    return this.#cuts;
  }

  get cutCount(): number {
    return this.#cutCount;
  }

  /** Whether bytes are held back that `release` could decide. */
  get isHolding(): boolean {
    return this.#pending.length > 0;
  }

  /** Takes bytes, gives those that are decided. */
  write(chunk: Uint8Array): Buffer {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.#pending.length > 0) {
      // Only the line that was unfinished is put together: copying all of a chunk costs more than reading it.
      const first = bytes.indexOf(lineFeed) + 1;
      const line = Buffer.concat([this.#pending, first > 0 ? bytes.subarray(0, first) : bytes]);
      this.#pending = line;
      bytes = bytes.subarray(first > 0 ? first : bytes.length);
      if (first > 0) {
        this.#pending = nothing;
        this.#lines(line, line.length);
      }
    }
    const end = bytes.lastIndexOf(lineFeed) + 1;
    if (end > 0) this.#lines(bytes, end);
    // A copy: the caller may use its buffer again.
    if (end < bytes.length) this.#pending = Buffer.from(bytes.subarray(end));
    if (this.#pending.length > longLine) this.#release(true);
    return this.#take();
  }

  /** Gives what of the unfinished line is decided already. Call it 250 ms after the last bytes came. */
  release(): Buffer {
    if (this.#pending.length > 0) this.#release(false);
    return this.#take();
  }

  /** The stream is over: all that is left is decided. */
  end(): Buffer {
    if (this.#pending.length > 0) {
      const last = this.#pending;
      this.#pending = Buffer.alloc(0);
      this.#slowLine(last.toString('latin1'), undefined);
    }
    this.#endManifest(this.#manifest.end());
    if (this.#key) this.#endKey();
    if (this.#swallow) this.#endSwallow();
    return this.#take();
  }

  #take(): Buffer {
    const out = this.#out.length === 1 ? this.#out[0]! : Buffer.concat(this.#out);
    this.#out = [];
    return out;
  }

  #give(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#out.push(bytes);
    this.#written += bytes.length;
  }

  #giveText(text: string): void {
    this.#give(Buffer.from(text, 'latin1'));
  }

  /** Whole lines, `data` up to `end`: those without a needle go by unread. */
  #lines(data: Buffer, end: number): void {
    const hits: number[] = [];
    this.#cutter.scan(data, 0, end, (offset, rule) => hits.push(offset, rule));
    let at = 0;
    let hit = 0;
    while (at < end) {
      if (!this.#isCarrying()) {
        const from = hit < hits.length ? lineStart(data, hits[hit]!) : end;
        if (from > at) {
          this.#give(data.subarray(at, from));
          at = from;
          continue;
        }
      }
      const stop = data.indexOf(lineFeed, at) + 1;
      const rules = new Set<number>();
      for (; hit < hits.length && hits[hit]! < stop; hit += 2) rules.add(hits[hit + 1]!);
      this.#slowLine(data.toString('latin1', at, stop), this.#context || this.#joined ? undefined : rules);
      at = stop;
    }
  }

  #isCarrying(): boolean {
    return (
      this.#context !== '' ||
      this.#joined !== '' ||
      this.#expectsValue ||
      this.#scalar.isInside ||
      this.#manifest.isInside ||
      this.#key !== undefined ||
      this.#swallow !== undefined
    );
  }

  /** One line, or the last piece of one, with its line feed if it has one. */
  #slowLine(raw: string, rules: ReadonlySet<number> | undefined): void {
    let text = raw;
    if (this.#swallow) text = this.#swallowed(text, true);
    if (this.#key) {
      const taken = this.#key.block.take(this.#context + text.replace(/\r?\n$/, ''));
      const length = Math.max(0, taken.length - this.#context.length);
      this.#key.hmac.update(text.slice(0, taken.goesOn ? undefined : length), 'latin1');
      this.#context = '';
      if (taken.goesOn) return;
      this.#endKey();
      text = text.slice(length);
    }
    const feed = /\r?\n$/.exec(text)?.[0] ?? '';
    const line = text.slice(0, text.length - feed.length);
    const before = this.#joined + this.#context;
    const given = this.#context;
    this.#context = '';
    const whole = given + line;
    const spans = this.#cutter.cuts(before + line, false, rules).map((span) => moved(span, -before.length));
    if (this.#expectsValue) spans.push(...valueSpan(whole, given.length));
    const below = this.#scalar.feed(whole);
    if (below) spans.push(moved({ ...below, kind: 'secret-value' }, -given.length));
    this.#expectsValue =
      /(?:^|[\s{,-])\\?["']?name\\?["']?\s*:\s*\\?["']?[\w.-]*(?:password|passwd|secret|token|api_?key|access_?key|private_?key|credentials?|_pwd|_pass|_pw)\d?\\?["']?,?\s*$/i.test(
        whole,
      );
    this.#joined =
      /(?<!\\)\\$/.test(line) && feed
        ? `${before.slice(0, before.length - given.length)}${whole.slice(0, -1)} `.slice(-contextLength)
        : '';
    const manifest = this.#manifest.feed(whole, given ? text : raw);
    this.#endManifest(manifest.released);
    if (manifest.step === 'hold') return;
    if (manifest.value) {
      const value = moved({ ...manifest.value, kind: 'secret-data' }, -given.length);
      this.#learn(whole, line.slice(Math.max(0, value.start), value.end));
      spans.push(value);
    }
    const keyAt = keyBeginsAt(line);
    if (keyAt >= 0) {
      this.#cutSpans(line.slice(0, keyAt), spans);
      const hmac = this.#committer.begin().update(text.slice(keyAt), 'latin1');
      this.#key = { block: new KeyBlock(), hmac };
      return;
    }
    this.#cutSpans(line, spans);
    this.#giveText(feed);
  }

  #cutSpans(line: string, spans: readonly Span[]): void {
    let at = 0;
    for (const span of [...spans].sort((a, b) => a.start - b.start)) {
      const start = Math.max(at, span.start);
      const end = Math.min(line.length, span.end);
      // What was cut already stays as it is.
      if (end <= start || line.startsWith('[cut ', start)) continue;
      this.#giveText(line.slice(at, start));
      this.#cut(span.kind, this.#committer.commit(Buffer.from(line.slice(start, end), 'latin1')));
      at = end;
    }
    this.#giveText(line.slice(at));
  }

  #cut(kind: string, commitment: string): void {
    if (this.#cuts.length < keptCuts) this.#cuts.push({ kind, commitment, at: this.#written });
    this.#cutCount += 1;
    this.#giveText(marker(kind, commitment));
  }

  #learn(line: string, value: string): void {
    if (isOpenMember(/^[\s-]*"?([^\s:"]+)"?\s*:/.exec(line)?.[1] ?? '')) return;
    for (const secret of secretsOf(value))
      this.#cutter.learned.learn(
        typeof secret === 'string' ? Buffer.from(secret, 'latin1') : secret,
        'secret-data',
      );
  }

  #endManifest(
    released: { readonly lines: readonly HeldLine[]; readonly verdict: string } | undefined,
  ): void {
    if (!released) return;
    const secret = released.verdict === 'secret';
    for (const { text, value } of released.lines) {
      if (secret && value) this.#learn(text, text.slice(value.start, value.end));
    }
    for (const { text, value } of released.lines) {
      const spans = this.#cutter.cuts(text, false);
      this.#cutSpans(text, secret && value ? [{ ...value, kind: 'secret-data' }, ...spans] : spans);
    }
  }

  #endKey(): void {
    const { hmac } = this.#key!;
    this.#key = undefined;
    this.#cut('private-key', hmac.digest('hex'));
  }

  #endSwallow(): void {
    const { hmac, kind } = this.#swallow!;
    this.#swallow = undefined;
    this.#cut(kind, hmac.digest('hex'));
  }

  /** What is left of `text` behind the secret that is being swallowed. */
  #swallowed(text: string, ends: boolean): string {
    const stop = text.search(/[\s"'<>]/);
    if (stop < 0) {
      this.#swallow!.hmac.update(text, 'latin1');
      if (ends) this.#endSwallow();
      return '';
    }
    this.#swallow!.hmac.update(text.slice(0, stop), 'latin1');
    this.#endSwallow();
    return text.slice(stop);
  }

  #rulesFor(text: string): ReadonlySet<number> {
    const bytes = Buffer.from(text, 'latin1');
    const rules = new Set<number>();
    this.#cutter.scan(bytes, 0, bytes.length, (_, rule) => rules.add(rule));
    return rules;
  }

  /** Gives the decided part of the unfinished line; all but its last part where it is `tooLong`. */
  #release(tooLong: boolean): void {
    if (this.#key) return;
    let line = this.#pending.toString('latin1');
    if (this.#swallow) {
      line = this.#swallowed(line, false);
      this.#pending = Buffer.from(line, 'latin1');
      if (this.#swallow || line === '') return;
    }
    if ((this.#manifest.isInside || this.#expectsValue || this.#scalar.isInside) && !tooLong) return;
    const before = this.#joined + this.#context;
    const whole = before + line;
    const cuts = this.#cutter.cuts(whole, true, tooLong ? this.#rulesFor(whole) : undefined);
    let hold = Math.max(0, this.#cutter.holdFrom(whole, cuts) - before.length);
    const spans = cuts.map((span) => moved(span, -before.length));
    if (tooLong && line.length - hold > longLine / 2) {
      // No token is that long, or its beginning is cut and the rest of it swallowed.
      const straddling = spans.find((span) => span.end === line.length);
      if (straddling && straddling.start <= hold) {
        this.#cutSpans(
          line.slice(0, Math.max(0, straddling.start)),
          spans.filter((span) => span !== straddling),
        );
        this.#swallow = {
          kind: straddling.kind,
          hmac: this.#committer.begin().update(line.slice(Math.max(0, straddling.start)), 'latin1'),
        };
        this.#pending = Buffer.alloc(0);
        this.#context = '';
        return;
      }
      hold = line.length - 1024;
      for (const span of spans) if (span.start < hold && span.end > hold) hold = span.end;
    }
    if (hold <= 0) return;
    const piece = line.slice(0, hold);
    this.#cutSpans(
      piece,
      spans.filter((span) => span.end <= hold),
    );
    this.#context = (this.#context + piece).slice(-contextLength);
    this.#pending = Buffer.from(this.#pending.subarray(hold));
  }
}

function moved<T extends { readonly start: number; readonly end: number }>(span: T, by: number): T {
  return { ...span, start: span.start + by, end: span.end + by };
}

/** The value that belongs to a secret-looking name on the line before. */
function valueSpan(line: string, given: number): Span[] {
  const match = /^\s*\\?["']?value\\?["']?\s*:\s*\\?(?:"(?<a>[^"]*)|'(?<b>[^']*)|(?<c>[^\s{].*?)\s*$)/d.exec(
    line,
  );
  const groups = match?.indices?.groups;
  const range = groups?.a ?? groups?.b ?? groups?.c;
  return range && !line.startsWith('[cut ', range[0])
    ? [{ start: range[0] - given, end: range[1] - given, kind: 'secret-value' }]
    : [];
}

function lineStart(data: Buffer, at: number): number {
  return at === 0 ? 0 : data.lastIndexOf(lineFeed, at - 1) + 1;
}
