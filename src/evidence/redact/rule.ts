// What a rule of redaction is. Rules see one line at a time as Latin-1 text, a character a byte, so that an
// index is an offset in the bytes whatever the encoding.

export interface Range {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface Rule {
  /** What the reader is told was cut. */
  readonly kind: string;
  /** The rule is only asked about lines that hold one of these, in any case; at least 3 characters each. */
  readonly needles: readonly string[];
  /** Needles count only in this very case. */
  readonly exact?: boolean;
  /** A cheap second look at the bytes around a needle, before the line is read: false where it can't be. */
  readonly confirm?: (bytes: Uint8Array, start: number, end: number, limit: number) => boolean;
  /**
   * Secrets of the line. `growing` tells that the line may go on: then a range that reaches the line's end is
   * given even where only its continuation could make it a secret; it is held back, not cut.
   */
  find(line: string, growing: boolean): Iterable<Range>;
}

/** A rule made of patterns whose group `s` (or `s2`, `s3` in other alternatives) is the secret. */
export function patternRule(
  kind: string,
  needles: readonly string[],
  patterns: readonly RegExp[],
  keep?: (secret: string, line: string, start: number) => boolean,
  look?: Pick<Rule, 'exact' | 'confirm'>,
): Rule {
  const own = patterns.map((pattern) => new RegExp(pattern.source, unique(`${pattern.flags}dg`)));
  return {
    ...look,
    kind,
    needles,
    *find(line, growing) {
      for (const pattern of own) {
        pattern.lastIndex = 0;
        for (const match of line.matchAll(pattern)) {
          const groups = match.indices!.groups!;
          const [start, end] = groups.s ?? groups.s2 ?? groups.s3 ?? [0, 0];
          if (start === end) continue;
          const undecided = growing && end === line.length;
          if (!undecided && keep?.(line.slice(start, end), line, start)) continue;
          yield { start, end };
        }
      }
    },
  };
}

function unique(flags: string): string {
  return [...new Set(flags)].join('');
}

const wordByte = Uint8Array.from({ length: 256 }, (_, byte) =>
  /\w/.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** The needle does not stand inside a longer word. */
export function beginsWord(bytes: Uint8Array, start: number): boolean {
  return start === 0 || wordByte[bytes[start - 1]!] === 0;
}
