// Data of Kubernetes Secrets in what a command prints. kubectl prints `data` before `kind`, so the values of a
// `data` block are held back until its kind is read; without one they are cut if they all look like base64.

import type { Range, Rule } from './rule.ts';

const base64 =
  /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|^[A-Za-z0-9+/]{2}==$|^[A-Za-z0-9+/]{3}=$/;
const maxHeldLines = 5000;

const kindOfSecret = /\\*"kind\\*"\s*:\s*\\*"Secret\\*"/;
const dataObject = /\\*"(?:data|stringData)\\*"\s*:\s*\{(?<body>[^{}]*)\}?/dg;
const member = /\\*"[^"\\]*\\*"\s*:\s*\\*"(?<s>(?:[^"\\]|\\[^"])*)/dg;

/** A Secret as JSON on one line. */
export const manifestLineRule: Rule = {
  kind: 'secret-data',
  needles: ['"secret"', '"secret\\"'],
  *find(line): Iterable<Range> {
    if (!kindOfSecret.test(line)) return;
    for (const object of line.matchAll(dataObject)) {
      const [from] = object.indices!.groups!.body!;
      for (const one of object.groups!.body!.matchAll(member)) {
        const [start, end] = one.indices!.groups!.s!;
        if (end > start) yield { start: from + start, end: from + end };
      }
    }
  },
};

/** From where on a growing line of JSON may still turn out to be a Secret's data. */
export function manifestHold(line: string): number {
  const at = line.search(/\\*"(?:data|stringData)\\*"\s*:\s*\{/);
  if (at < 0) return line.length;
  return /\\*"kind\\*"\s*:\s*\\*"[A-Za-z]+\\*"/.test(line.slice(at)) ? line.length : at;
}

export interface HeldLine {
  /** With its line feed. */
  readonly text: string;
  readonly value: Range | undefined;
}

type Verdict = 'secret' | 'plain';

/** Follows manifests over several lines. `feed` is called for each line that could concern one. */
export class ManifestReader {
  #kind: { readonly indent: number; readonly kind: string } | undefined;
  #block:
    | { readonly indent: number; readonly certain: boolean; readonly json: boolean; lines: HeldLine[] }
    | undefined;

  get isInside(): boolean {
    return this.#block !== undefined;
  }

  /** Whether lines are being held back. */
  get isHolding(): boolean {
    return this.#block !== undefined && !this.#block.certain && this.#block.lines.length > 0;
  }

  /**
   * What to do with a line: `pass` it on as any other, `cut` the range given, or `hold` it. Lines that were held
   * before come back in `released`, with the verdict on their values; they go first.
   */
  feed(
    line: string,
    raw: string,
  ): {
    readonly step: 'pass' | 'cut' | 'hold';
    readonly value?: Range;
    readonly released?: { readonly lines: readonly HeldLine[]; readonly verdict: Verdict };
  } {
    const indent = /^[\s-]*/.exec(line)![0].length;
    const kind = /^[\s-]*"?kind"?:\s*"?([A-Za-z]+)"?,?\s*$/.exec(line)?.[1];
    if (this.#block) {
      const block = this.#block;
      const closes = block.json ? /^\s*\},?\s*$/.test(line) && indent <= block.indent : false;
      if (line.trim() === '' || closes || (indent > block.indent && block.lines.length < maxHeldLines)) {
        const value = closes ? undefined : entryValue(line, block.json);
        if (block.certain) return value ? { step: 'cut', value } : { step: 'pass' };
        block.lines.push({ text: raw, value });
        return { step: 'hold' };
      }
      if (
        /^\s*"?(?:immutable|binaryData|stringData)"?:/.test(line) &&
        !block.certain &&
        indent === block.indent
      ) {
        block.lines.push({ text: raw, value: undefined });
        return { step: 'hold' };
      }
      const verdict =
        kind && indent === block.indent ? (kind === 'Secret' ? 'secret' : 'plain') : guess(block.lines);
      const released = { lines: block.lines, verdict } as const;
      this.#block = undefined;
      return { ...this.#start(line, indent, kind), released };
    }
    return this.#start(line, indent, kind);
  }

  #start(line: string, indent: number, kind: string | undefined): { readonly step: 'pass' } {
    if (kind) this.#kind = { indent, kind };
    else if (/^[\s-]*"?apiVersion"?:/.test(line) && this.#kind?.indent === indent) this.#kind = undefined;
    const opens = /^[\s-]*(?:(?<yaml>data|stringData):|"(?<json>data|stringData)":\s*\{)\s*$/.exec(
      line,
    )?.groups;
    const name = opens?.yaml ?? opens?.json;
    if (!name) return { step: 'pass' };
    const known = this.#kind?.indent === indent ? this.#kind.kind : undefined;
    if (known && known !== 'Secret') return { step: 'pass' };
    const certain = known === 'Secret' || name === 'stringData';
    this.#block = { indent, certain, json: opens?.json !== undefined, lines: [] };
    return { step: 'pass' };
  }

  /** What is held when nothing more comes. */
  end(): { readonly lines: readonly HeldLine[]; readonly verdict: Verdict } | undefined {
    const block = this.#block;
    this.#block = undefined;
    return block && block.lines.length > 0 ? { lines: block.lines, verdict: guess(block.lines) } : undefined;
  }
}

function entryValue(line: string, json: boolean): Range | undefined {
  const match = json
    ? /^\s*"[^"]*"\s*:\s*"(?<s>(?:[^"\\]|\\.)*)/d.exec(line)
    : (/^\s*[^\s:]+:\s+(?:"(?<s>[^"]*)"?|'(?<s2>[^']*)'?|(?<s3>\S.*?))\s*$/d.exec(line) ??
      /^\s*(?<s>\S.*?)\s*$/d.exec(line));
  const groups = match?.indices?.groups;
  const range = groups?.s ?? groups?.s2 ?? groups?.s3;
  if (!range || range[0] === range[1]) return undefined;
  return /^[|>][+-]?$|^[^\s:]+:$/.test(line.slice(...range)) ? undefined : { start: range[0], end: range[1] };
}

function guess(lines: readonly HeldLine[]): Verdict {
  const values = lines.flatMap(({ text, value }) => (value ? [text.slice(value.start, value.end)] : []));
  return values.length > 0 && values.every((value) => base64.test(value)) ? 'secret' : 'plain';
}

/** The value and, where it is base64, what it holds: both are secrets to be known from now on. */
export function secretsOf(value: string): (string | Uint8Array)[] {
  return base64.test(value) ? [value, Buffer.from(value, 'base64')] : [value];
}
