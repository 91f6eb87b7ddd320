// A severity in a sentence. Scales name their levels themselves, many with this very word.

/** `Severity SEV-1`, `Severity high`; `Severity 1` stays as it is. */
export function severityName(raw: string): string {
  return /^severity\b/i.test(raw.trim()) ? raw : `Severity ${raw}`;
}
