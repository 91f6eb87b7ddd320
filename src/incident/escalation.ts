// When and to whom a runbook escalates: the times of its severity scale, the conditions of its escalation section, and
// the contacts that it lists for this severity. Shown when due; nothing is sent to anybody.

import { spokenDuration } from '../alerts/spokenDuration.ts';
import type { SeverityChoice } from './incidentSeverity.ts';
import type { Runbook } from './runbook.ts';

export interface EscalationRule {
  /** The runbook's own words. */
  readonly text: string;
  /** Since the incident began, in milliseconds; null for a condition that only a person can judge. */
  readonly afterMs: number | null;
}

export interface EscalationContact {
  /** `Primary On-Call`, or the kind of incident that a table's row is for. */
  readonly role: string;
  readonly reach: string;
}

export interface Escalation {
  readonly rules: readonly EscalationRule[];
  readonly contacts: readonly EscalationContact[];
}

export function escalationOf(
  { cells }: Pick<Runbook, 'cells'>,
  severity: SeverityChoice | undefined,
): Escalation {
  const rules: EscalationRule[] = [];
  if (severity?.escalation) {
    const afterMs = severity.escalationMs ?? spokenDuration(severity.escalation);
    rules.push({ text: `${severity.raw}: ${severity.escalation}`, afterMs });
  }
  const contacts: EscalationContact[] = [];
  for (const { cell } of cells) {
    if (cell.kind !== 'markup' || !cell.headings.some((one) => /escalat/i.test(one))) continue;
    const heading = cell.headings.at(-1) ?? '';
    const lines = cell.text.split('\n');
    contacts.push(...tableContacts(lines, severity));
    for (const line of lines) {
      const item = /^\s*(?:[-*+]|\d{1,3}[.)])\s+(\S.*)$/.exec(line)?.[1];
      if (!item) continue;
      const contact = /^\*\*([^*]+)\*\*\s*:?\s*(\S.*)$|^([^:]{2,40}):\s+(\S.*)$/.exec(item);
      if (/contact|matrix|who/i.test(heading) && contact)
        contacts.push({ role: plain(contact[1] ?? contact[3]!), reach: plain(contact[2] ?? contact[4]!) });
      else if (/when|criteria|trigger|condition/i.test(heading))
        rules.push({
          text: plain(item),
          afterMs: />|longer|more than|over|after/i.test(item) ? spokenDuration(item) : null,
        });
    }
  }
  return { rules, contacts };
}

/** Rows for this severity where rows name one, as in `Platform Outage (P0)`; all rows otherwise. */
function tableContacts(lines: readonly string[], severity: SeverityChoice | undefined): EscalationContact[] {
  const rows = lines.filter((line) => /^\s*\|.*\|\s*$/.test(line)).map(cellsOf);
  const [head, , ...body] = rows;
  if (!head?.some((title) => /contact|on-?call|executive|manager|lead|who|escalat/i.test(title))) return [];
  const isOwn = ([first = '']: readonly string[]): boolean => {
    const named = /\(([^)]*)\)/.exec(first)?.[1];
    if (!named || !severity) return true;
    const words = named.split(/[\s/,]+/).map((word) => word.toLowerCase());
    return words.includes(severity.raw.toLowerCase());
  };
  return body.filter(isOwn).map(([role = '', ...rest]) => ({
    role,
    reach: rest
      .map((text, index) => (text && text !== '-' ? `${head[index + 1]}: ${text}` : ''))
      .filter(Boolean)
      .join(', '),
  }));
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((text) => plain(text));
}

const plain = (text: string): string =>
  text
    .replace(/\*\*|__|`/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** Rules whose time has come. */
export function dueRules({ rules }: Escalation, elapsedMs: number): EscalationRule[] {
  return rules.filter(({ afterMs }) => afterMs !== null && elapsedMs >= afterMs);
}
