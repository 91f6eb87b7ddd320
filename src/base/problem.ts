// An author's mistake in a runbook, a policy or a rule file: collected and shown, never thrown.

/** Lines and characters count from 0; `endLine`/`endCharacter` are exclusive, as in VS Code. */
export interface SourceRange {
  readonly line: number;
  readonly character: number;
  readonly endLine: number;
  readonly endCharacter: number;
}

export type ProblemSeverity = 'error' | 'warning' | 'info' | 'hint';

export interface Problem {
  /** Stable, kebab-case. */
  readonly code: string;
  /** Quotes the offending text. */
  readonly message: string;
  readonly severity: ProblemSeverity;
  readonly range: SourceRange;
  /** A mend that is sure: replace `range` with `text`. */
  readonly fix?: { readonly title: string; readonly range: SourceRange; readonly text: string };
}
