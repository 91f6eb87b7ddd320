// The one exception type of the project: broken I/O or a broken invariant. Never an author's mistake
// (that is a Problem) and never a command's outcome (that is a RunResult).

/** Who has to read the message: the operator at the keyboard, the runbook's author, or us. */
export type Audience = 'operator' | 'author' | 'developer';

export interface RunbookErrorInit {
  /** Stable, kebab-case: tests and scripts hold on to it, not to the message. */
  readonly code: string;
  readonly message: string;
  /** What the reader can do about it; one sentence. */
  readonly mend?: string;
  readonly audience?: Audience;
  readonly cause?: unknown;
}

export class RunbookError extends Error {
  override readonly name = 'RunbookError';
  readonly code: string;
  readonly mend: string | undefined;
  readonly audience: Audience;

  constructor(init: RunbookErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.mend = init.mend;
    this.audience = init.audience ?? 'operator';
  }

  /** One line: what, and the mend. What the command line prints on stderr. */
  toLine(): string {
    const line = this.mend ? `${this.message} ${this.mend}` : this.message;
    return line.replace(/\s*\n\s*/g, ' ');
  }
}

/** An error made of anything that was thrown, its message kept. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The `code` of a Node system error (`ENOENT`, …), if it has one. */
export function systemCode(thrown: unknown): string | undefined {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
