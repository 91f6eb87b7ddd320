// Durations as a runbook's prose tells them: `15 minutes`, `1 hr`, `Immediate`, `Next business day`.

const unitMs: readonly (readonly [RegExp, number])[] = [
  [/^(ms|milliseconds?)$/, 1],
  [/^(s|secs?|seconds?)$/, 1000],
  [/^(m|mins?|minutes?)$/, 60_000],
  [/^(h|hrs?|hours?)$/, 3_600_000],
  [/^(d|days?|business days?|working days?)$/, 86_400_000],
  [/^(w|wks?|weeks?|business weeks?)$/, 604_800_000],
];

const amount = '(\\d+(?:[.,]\\d+)?|an?|one|two|three|four|half an?|next|same)';
const unit =
  '(milliseconds?|seconds?|minutes?|hours?|business days?|working days?|days?|weeks?|secs?|mins?|hrs?|wks?|ms|s|m|h|d|w)';
const spoken = new RegExp(`(?:${amount}\\s*(?:-|–|—|to)\\s*)?\\b${amount}[\\s-]*${unit}\\b`, 'gi');
const words: Record<string, number> = { a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, next: 1, same: 1 };

/**
 * Milliseconds of the first duration in `text`, its parts added up (`1 hour 30 minutes`); of a range its end, which
 * is when time is up. A business day counts as 24 hours. Null where none is told.
 */
export function spokenDuration(text: string): number | null {
  let totalMs: number | null = null;
  let end = 0;
  for (const match of text.matchAll(spoken)) {
    if (totalMs !== null && !/^\s*(and|,)?\s*$/.test(text.slice(end, match.index))) break;
    const ms = amountOf(match[2]!) * unitOf(match[3]!);
    totalMs = (totalMs ?? 0) + ms;
    end = match.index + match[0].length;
  }
  if (totalMs !== null) return Math.round(totalMs);
  return /\b(immediate|immediately|instantly|at once|asap)\b/i.test(text) ? 0 : null;
}

function amountOf(text: string): number {
  const lower = text.toLowerCase();
  if (lower.startsWith('half')) return 0.5;
  return words[lower] ?? Number(lower.replace(',', '.'));
}

function unitOf(text: string): number {
  const lower = text.toLowerCase();
  return unitMs.find(([pattern]) => pattern.test(lower))?.[1] ?? 0;
}
