// Which parts of one line are secret: runs the rules, lets the project's allow-list spare some, merges the rest.

import { uncolour } from './ansi.ts';
import { assignmentRule } from './assignmentRule.ts';
import { commandRules } from './commandRules.ts';
import { LearnedSecrets } from './learnedSecrets.ts';
import { NeedleScanner } from './needleScanner.ts';
import { inlineKeyRule } from './privateKey.ts';
import { patternRule, type Rule } from './rule.ts';
import { secretlintRule } from './secretlintRule.ts';
import { manifestHold, manifestLineRule } from './secretManifest.ts';
import { tokenHold, tokenRules } from './tokenRules.ts';
import { urlHold, urlRules } from './urlRule.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

/** What a project adds: `.runbook/redaction.yaml`. */
export interface RedactionSettings {
  /** Cut also these. Group `s` is the secret, or the whole match. `needle`, 3 characters or more, is in every match. */
  readonly patterns?: readonly { readonly kind: string; readonly pattern: RegExp; readonly needle: string }[];
  /** Never cut what one of these matches wholly. */
  readonly allow?: readonly RegExp[];
}

/** The table: order decides which kind a reader is told where several rules cut the same bytes. */
const builtIn: readonly Rule[] = [
  inlineKeyRule,
  ...tokenRules,
  manifestLineRule,
  ...urlRules,
  ...commandRules,
  assignmentRule,
  secretlintRule,
];

/** Reported for needles that concern lines around them: PEM keys, Secret manifests, name and value pairs. */
const blockNeedles = [
  'private key',
  'data:',
  'data"',
  'data\\"',
  'kind:',
  'kind"',
  'kind\\"',
  'apiversion',
  'name:',
  'name"',
];

/** The scanner of the table alone, made once. */
let builtInScanner: NeedleScanner | undefined;

export class LineCutter {
  readonly learned = new LearnedSecrets();
  readonly #rules: readonly Rule[];
  readonly #allow: readonly RegExp[];
  #scanner: NeedleScanner | undefined;
  #scannerOf = -1;

  constructor(settings: RedactionSettings = {}) {
    const own = (settings.patterns ?? []).map(({ kind, pattern, needle }) =>
      patternRule(
        kind,
        [needle],
        [pattern.source.includes('(?<s>') ? pattern : new RegExp(`(?<s>${pattern.source})`, pattern.flags)],
      ),
    );
    this.#rules = [...own, ...builtIn];
    this.#allow = (settings.allow ?? []).map(
      (one) => new RegExp(`^(?:${one.source})$`, one.flags.replace(/[gy]/g, '')),
    );
  }

  /** Tags below this are rules; this one stands for all else. */
  get #other(): number {
    return this.#rules.length;
  }

  /** Finds where rules must look: `hit(offset, rule)`, the offset lying in the line concerned. */
  scan(bytes: Buffer, from: number, to: number, hit: (offset: number, rule: number) => void): void {
    if (!this.#scanner || this.#scannerOf !== this.learned.version) {
      const shared = this.#rules.length === builtIn.length && this.learned.version === 0;
      const needles = this.#rules.flatMap((rule, tag) =>
        rule.needles.map((text) => ({ text, exact: rule.exact ?? false, tag })),
      );
      const around = blockNeedles.map((text) => ({ text, exact: false, tag: this.#other }));
      const known = [...this.learned.spellings.keys()].map((text) => ({
        text,
        exact: true,
        tag: this.#other,
      }));
      const fresh = (): NeedleScanner => new NeedleScanner([...needles, ...around, ...known]);
      if (shared) builtInScanner ??= fresh();
      this.#scanner = shared ? builtInScanner : fresh();
      this.#scannerOf = this.learned.version;
    }
    this.#scanner!.scan(bytes, from, to, (start, end, tag) => {
      const confirm = tag < this.#rules.length ? this.#rules[tag]!.confirm : undefined;
      if (!confirm || confirm(bytes, start, end, to)) hit(start, tag);
    });
  }

  /** Secrets of `line`, apart and in order. `only` names the rules to ask; without it all are. */
  cuts(line: string, growing: boolean, only?: ReadonlySet<number>): Span[] {
    const plain = uncolour(line);
    const found: Span[] = [];
    for (const span of this.learned.find(plain.text)) found.push(span);
    for (let index = 0; index < this.#rules.length; index += 1) {
      if (only && !only.has(index)) continue;
      const rule = this.#rules[index]!;
      for (const { start, end } of rule.find(plain.text, growing)) {
        const reaches = growing && end === plain.text.length;
        // What was cut already stays as it is.
        if (plain.text.startsWith('[cut ', start)) continue;
        if (!reaches && this.#isAllowed(plain.text.slice(start, end))) continue;
        found.push({ start, end, kind: rule.kind });
      }
    }
    return merge(found).map(({ start, end, kind }) => ({
      start: plain.toColoured(start),
      end: plain.toColoured(end - 1) + 1,
      kind,
    }));
  }

  /** From where on a growing line is undecided, given its `cuts`; its length where all is decided. */
  holdFrom(line: string, cuts: readonly Span[]): number {
    const plain = uncolour(line);
    const inPlain = Math.min(
      tokenHold(plain.text),
      urlHold(plain.text),
      manifestHold(plain.text),
      this.learned.hold(plain.text),
    );
    let hold = Math.min(
      plain.unfinishedAt,
      inPlain < plain.text.length ? plain.toColoured(inPlain) : line.length,
    );
    const last = plain.text.length > 0 ? plain.toColoured(plain.text.length - 1) + 1 : line.length;
    for (const cut of cuts) {
      if (cut.end >= last || cut.end > hold) hold = Math.min(hold, cut.start);
    }
    return hold;
  }

  #isAllowed(secret: string): boolean {
    return this.#allow.some((pattern) => pattern.test(secret));
  }
}

function merge(spans: readonly Span[]): Span[] {
  const sorted = spans
    .map((span, order) => ({ ...span, order }))
    .sort((a, b) => a.start - b.start || a.order - b.order);
  const merged: { start: number; end: number; kind: string; order: number }[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (!last || span.start >= last.end) {
      merged.push(span);
      continue;
    }
    if (span.order < last.order) Object.assign(last, { kind: span.kind, order: span.order });
    last.end = Math.max(last.end, span.end);
  }
  return merged;
}
