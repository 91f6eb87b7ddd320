// Which runbook a rule's URL means: by the end of its path, by its file name, by its anchor, without regard to case.

import { fileStem, normaliseName } from '../alertName.ts';
import type { AlertRule } from './alertRule.ts';
import type { RunbookEntry } from './runbookEntry.ts';

/** Where a rule says what answers it, in the order that the field gives precedence. */
const places = [
  { via: 'runbook_url', of: (rule: AlertRule) => rule.annotations.runbook_url },
  { via: 'link', of: (rule: AlertRule) => rule.annotations.link },
  { via: 'link-label', of: (rule: AlertRule) => rule.labels.link },
  { via: 'runbook', of: (rule: AlertRule) => rule.annotations.runbook },
] as const;

export type RuleLinkVia = (typeof places)[number]['via'];

export interface RuleUrl {
  readonly via: RuleLinkVia;
  readonly url: string;
}

export function ruleUrls(rule: AlertRule): RuleUrl[] {
  return places.flatMap(({ via, of }) => {
    const url = of(rule)?.trim();
    return url ? [{ via, url }] : [];
  });
}

export type UrlMatch =
  | {
      readonly kind: 'found';
      readonly runbook: RunbookEntry;
      readonly line: number | null;
      readonly others: number;
    }
  | { readonly kind: 'anchor-missing'; readonly runbook: RunbookEntry; readonly anchor: string }
  | { readonly kind: 'none' };

/** Finds runbooks by URL; built once for a set of them. */
export class RunbookUrlIndex {
  readonly #byStem = new Map<string, { entry: RunbookEntry; path: string[] }[]>();

  constructor(entries: readonly RunbookEntry[]) {
    for (const entry of entries) {
      const path = segments(entry.file);
      const stem = normaliseName(path.at(-1) ?? '');
      const own = this.#byStem.get(stem);
      if (own) own.push({ entry, path });
      else this.#byStem.set(stem, [{ entry, path }]);
    }
  }

  /** The runbook whose path ends most like the URL's; `others` tells how many end just as well. */
  find(url: string): UrlMatch {
    const [beforeAnchor = '', anchor = ''] = url.split('#', 2);
    const path = segments(withoutHost(beforeAnchor.replace(/\?.*$/, '')));
    const candidates = this.#byStem.get(normaliseName(path.at(-1) ?? '')) ?? [];
    let best: { entry: RunbookEntry; length: number; others: number } | undefined;
    for (const { entry, path: own } of candidates) {
      const length = commonEnd(own, path);
      if (!best || length > best.length) best = { entry, length, others: 0 };
      else if (length === best.length) best.others += 1;
    }
    if (!best) return { kind: 'none' };
    const runbook = best.entry;
    if (anchor === '') return { kind: 'found', runbook, line: null, others: best.others };
    const line = anchorLine(runbook, decode(anchor));
    return line === undefined
      ? { kind: 'anchor-missing', runbook, anchor }
      : { kind: 'found', runbook, line, others: best.others };
  }
}

/** Exact but for case first; some sites drop the hyphens of an anchor or keep its humps. */
function anchorLine(runbook: RunbookEntry, anchor: string): number | undefined {
  const exact = runbook.anchors.get(anchor.toLowerCase());
  if (exact !== undefined) return exact;
  const flat = normaliseName(anchor);
  for (const [own, line] of runbook.anchors) if (normaliseName(own) === flat) return line;
  return undefined;
}

function withoutHost(url: string): string {
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
}

/** Path segments in lower case; `index` pages and endings of files say nothing. */
function segments(path: string): string[] {
  const parts = path
    .split(/[\\/]/)
    .map(decode)
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  const last = parts.pop();
  const stem = last === undefined ? [] : [fileStem(last.replace(/\.html?$/i, ''))];
  const all = [...parts, ...stem].map((part) => part.toLowerCase());
  return /^_?index$|^readme$/.test(all.at(-1) ?? '') ? all.slice(0, -1) : all;
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a.at(-1 - count) === b.at(-1 - count)) count += 1;
  return count;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
