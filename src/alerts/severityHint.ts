// A level's example in the very words of a heading: the scale names "policy engine failure" as a P1, and a section is
// headed so. Told as a hint: it is no declaration of the section's severity.

import { normaliseName } from './alertName.ts';
import type { SeverityHint, SeverityScale } from './documentAlerts.ts';

/** The examples of all scales, normalised; the first scale to name one has it. */
export function hintsOf(scales: readonly SeverityScale[]): ReadonlyMap<string, SeverityHint> {
  const hints = new Map<string, SeverityHint>();
  for (const scale of scales) {
    for (const { raw, level, line, examples } of scale.levels) {
      for (const example of examples) {
        const topic = normaliseName(example);
        if (topic.length >= 8 && !hints.has(topic)) hints.set(topic, { raw, level, scale: scale.name, line });
      }
    }
  }
  return hints;
}

/** `headings` outermost first; the innermost that matches counts, `Scenario 4:` before it or not. */
export function severityHint(
  headings: readonly string[],
  hints: ReadonlyMap<string, SeverityHint>,
): SeverityHint | undefined {
  if (hints.size === 0) return undefined;
  for (const heading of [...headings].reverse()) {
    const topic = normaliseName(heading.replace(/^\s*(?:\w+\s+)?\d+[.:)]?\s*[:–—-]?\s*/, ''));
    const hint = hints.get(topic);
    if (hint) return hint;
  }
  return undefined;
}
