// What came of asking a server: the value, or the one cause why there is none, in words for the operator.

export type OutcomeCause =
  | 'invalid-url'
  | 'unreachable'
  | 'untrusted-certificate'
  | 'slow'
  | 'cancelled'
  | 'unauthorised'
  | 'forbidden'
  | 'redirected'
  | 'html'
  | 'removed-api'
  | 'not-found'
  | 'bad-query'
  | 'server-error'
  | 'unreadable'
  | 'too-large';

export interface Failure {
  readonly ok: false;
  readonly cause: OutcomeCause;
  /** One sentence: what happened, with the server's address and no credentials. */
  readonly message: string;
  /** One sentence: what to do about it. */
  readonly mend: string;
  readonly status?: number;
}

export interface Success<T> {
  readonly ok: true;
  readonly value: T;
  /** What the server warns of besides. */
  readonly warnings: readonly string[];
}

export type Outcome<T> = Success<T> | Failure;

export function success<T>(value: T, warnings: readonly string[] = []): Success<T> {
  return { ok: true, value, warnings };
}

export function mapOutcome<T, U>(outcome: Outcome<T>, map: (value: T) => U): Outcome<U> {
  return outcome.ok ? { ...outcome, value: map(outcome.value) } : outcome;
}
