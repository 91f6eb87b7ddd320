// Ties rules and runbooks together: by the rule's own URL first, else by the name that a runbook declares. Tells dead
// links, rules without a runbook, and where the two sides disagree.

import { nameKey } from '../alertName.ts';
import type { AlertLink, CellSeverity, SeverityNumber } from '../documentAlerts.ts';
import { levelOf } from '../severity/resolveSeverity.ts';
import { generalLevel } from '../severity/severityWord.ts';
import type { PlacedRule } from './alertRule.ts';
import type { RunbookEntry } from './runbookEntry.ts';
import { type RuleLinkVia, RunbookUrlIndex, ruleUrls } from './runbookUrl.ts';

export interface RulePlace {
  readonly file: string;
  /** From 0. */
  readonly line: number;
}

interface RuleOf {
  readonly name: string;
  /** The rule's `severity` label as it stands. */
  readonly severity: string | null;
  readonly level: SeverityNumber;
  readonly rule: RulePlace;
}

export interface RunbookLink extends RuleOf {
  /** The runbook's file as it was given. */
  readonly runbook: string;
  /** Line of the section that answers, where the link names one. */
  readonly line: number | null;
  readonly via: RuleLinkVia | AlertLink['via'];
  readonly url: string | null;
  readonly conflicts: readonly string[];
}

export interface DeadLink extends RuleOf {
  readonly via: RuleLinkVia;
  readonly url: string;
  readonly reason: string;
}

export interface RunbookLinks {
  /** One for each rule that has a runbook: an alert at two severities is here twice. */
  readonly links: readonly RunbookLink[];
  readonly dead: readonly DeadLink[];
  /** Rules without a link of their own that no runbook names. */
  readonly unlinked: readonly RuleOf[];
}

export function linkRunbooks(rules: readonly PlacedRule[], runbooks: readonly RunbookEntry[]): RunbookLinks {
  const index = new RunbookUrlIndex(runbooks);
  const byName = runbooksByName(runbooks);
  const severities = new Map<string, Set<string>>();
  for (const rule of rules) {
    const key = nameKey(rule.name);
    severities.set(key, (severities.get(key) ?? new Set()).add(rule.labels.severity ?? ''));
  }
  const links: RunbookLink[] = [];
  const dead: DeadLink[] = [];
  const unlinked: RuleOf[] = [];
  for (const rule of rules) {
    const base = ruleOf(rule);
    const words = severities.get(nameKey(rule.name))!;
    const urls = ruleUrls(rule);
    let linked = false;
    for (const { via, url } of urls) {
      const match = index.find(url);
      if (match.kind === 'found') {
        if (linked) continue;
        const conflicts = conflictsWith(rule, match.runbook, words, match.line);
        if (match.others > 0) conflicts.push(`${match.others} more runbooks match ${url} as well`);
        links.push({ ...base, runbook: match.runbook.file, line: match.line, via, url, conflicts });
        linked = true;
      } else {
        dead.push({ ...base, via, url, reason: deadReason(match, url) });
      }
    }
    const named = linked ? undefined : byName.get(nameKey(rule.name));
    if (named) {
      const [first, ...others] = named;
      const { entry, link } = first!;
      const conflicts = conflictsWith(rule, entry, words, link.line ?? null);
      if (urls.length > 0) conflicts.push(`its ${urls[0]!.via} ${urls[0]!.url} leads to no runbook here`);
      for (const other of others) conflicts.push(`${other.entry.file} names this alert as well`);
      links.push({
        ...base,
        runbook: entry.file,
        line: link.line ?? null,
        via: link.via,
        url: null,
        conflicts,
      });
    } else if (!linked && urls.length === 0) {
      unlinked.push(base);
    }
  }
  return { links, dead, unlinked };
}

function ruleOf(rule: PlacedRule): RuleOf {
  const severity = rule.labels.severity ?? null;
  return {
    name: rule.name,
    severity,
    level: severity === null ? null : generalLevel(severity),
    rule: { file: rule.file, line: rule.line },
  };
}

function deadReason(match: { kind: string; runbook?: RunbookEntry; anchor?: string }, url: string): string {
  return match.kind === 'anchor-missing'
    ? `${match.runbook!.file} has no section "#${match.anchor}"`
    : `no runbook here matches ${url}`;
}

/** Every runbook that declares a name, the surest first. */
function runbooksByName(
  runbooks: readonly RunbookEntry[],
): Map<string, { entry: RunbookEntry; link: AlertLink }[]> {
  const byName = new Map<string, { entry: RunbookEntry; link: AlertLink }[]>();
  for (const entry of runbooks) {
    for (const link of entry.told.alerts) {
      const key = nameKey(link.name);
      byName.set(key, [...(byName.get(key) ?? []), { entry, link }]);
    }
  }
  for (const own of byName.values()) own.sort((a, b) => b.link.confidence - a.link.confidence);
  return byName;
}

function conflictsWith(
  rule: PlacedRule,
  entry: RunbookEntry,
  words: ReadonlySet<string>,
  line: number | null,
): string[] {
  const { told } = entry;
  const conflicts = told.conflicts.map(({ message }) => `in the runbook ${message}`);
  const names = told.alerts.map(({ name }) => name);
  if (names.length > 0 && !names.some((name) => nameKey(name) === nameKey(rule.name)))
    conflicts.push(`the runbook names ${names.slice(0, 5).join(', ')}, the rule ${rule.name}`);
  const severities = severitiesFor(rule, entry, line).filter(({ level }) => level !== null);
  // A rule's P0 means what the runbook's own scale says of it, where it has one.
  const levels = new Set([...words].map((word) => levelOf(word, told.scales).level));
  if (severities.length > 0 && rule.labels.severity && !severities.some(({ level }) => levels.has(level)))
    conflicts.push(`the runbook says ${severities[0]!.raw}, the rule ${rule.labels.severity}`);
  return conflicts;
}

/**
 * What the runbook says of this alert's severity: at the section that the link leads to, else in the sections that
 * name the alert, else as a whole. Another section's severity is another alert's.
 */
function severitiesFor(
  rule: PlacedRule,
  { told, cellLines }: RunbookEntry,
  line: number | null,
): CellSeverity[] {
  const isOwn = (link: AlertLink): boolean => nameKey(link.name) === nameKey(rule.name);
  const declared = told.alerts.filter(isOwn).flatMap(({ severity }) => severity ?? []);
  if (declared.length > 0) return declared;
  if (line !== null) {
    const at = cellLines.findLastIndex((start) => start <= line);
    const own = told.cells[at]?.severity;
    return own ? [own] : [];
  }
  const sections = told.cells.filter(({ alerts }) => alerts.some(isOwn));
  const found = sections.flatMap(({ severity }) => severity ?? []);
  if (sections.length > 0) return found;
  return told.severity ? [told.severity] : [];
}
