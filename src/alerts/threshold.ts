// When an alert fires, as its runbook tells it: `Scan failure rate > 5% over 10 minutes`.

import type { AlertThreshold } from './documentAlerts.ts';
import type { DocumentOutline } from './outline/documentOutline.ts';
import { spokenDuration } from './spokenDuration.ts';

const label = /^(?:alert\s+)?(?:threshold|condition|trigger|fires when|firing condition)s?\s*[:=]\s*(\S.*)$/i;
const compared =
  /(>=|<=|≥|≤|>|<|\bexceeds?\b|\babove\b|\bover\b|\bmore than\b|\bgreater than\b|\bbelow\b|\bunder\b|\bless than\b|\bfewer than\b)\s*(\d+(?:[.,]\d+)?)\s*(%|[A-Za-zµ/]+)?/i;
const duration = /\b(?:over|for|within|during|in)\s+(?:the\s+)?(?:last\s+|more than\s+|past\s+)?(\d[^,;.]*)/i;

export function thresholdsOf(outline: DocumentOutline): AlertThreshold[] {
  return outline.texts.flatMap(({ line, text }) => {
    const match = label.exec(text);
    return match ? [readThreshold(match[1]!, line)] : [];
  });
}

/** Reads comparison, value, unit and window; what is not told is null, the words are kept. */
function readThreshold(raw: string, line: number): AlertThreshold {
  const match = compared.exec(raw);
  const rest = match ? raw.slice(match.index + match[0].length) : raw;
  const windowMs = spokenDuration(duration.exec(rest)?.[1] ?? '');
  if (!match) return { raw, comparison: null, value: null, unit: null, windowMs, line };
  const unit = match[3] && !/^(over|for|in|within|during|or|and)$/i.test(match[3]) ? match[3] : null;
  return {
    raw,
    comparison: comparisonOf(match[1]!),
    value: Number(match[2]!.replace(',', '.')),
    unit,
    windowMs: windowMs ?? spokenDuration(duration.exec(raw.slice(match.index + match[1]!.length))?.[1] ?? ''),
    line,
  };
}

function comparisonOf(text: string): AlertThreshold['comparison'] {
  if (text === '>=' || text === '≥') return '>=';
  if (text === '<=' || text === '≤') return '<=';
  return text === '<' || /below|under|less|fewer/i.test(text) ? '<' : '>';
}
