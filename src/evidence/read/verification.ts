// What a verification says.

/** The shape of `runbook verify --json`, and what the badge in the editor shows. */
export interface VerifyProblem {
  /** Stable, kebab-case. */
  readonly code: string;
  /** Empty where no one writer is concerned. */
  readonly writer: string;
  /** The first event that is wrong; -1 where no event is. */
  readonly seq: number;
  readonly message: string;
}

export interface VerifiedWriter {
  readonly writer: string;
  /** Verifier key as signed notes spell it; empty where the log does not name one. */
  readonly key: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  readonly events: number;
  /** How many of them a checkpoint of the writer covers. */
  readonly sealed: number;
  /** It recorded that it made a pack. */
  readonly packed: boolean;
}

export interface Verification {
  readonly ok: boolean;
  readonly incident: string;
  readonly events: number;
  readonly problems: readonly VerifyProblem[];
  /** What may be true and can't be shown, a sentence each. Does not fail a verification. */
  readonly unproven: readonly string[];
  readonly writers: readonly VerifiedWriter[];
  readonly blobs: number;
}

/** Trust from outside: nothing in an incident vouches for itself. */
export interface Trust {
  /** Checkpoints that were handed out earlier: signed notes. */
  readonly checkpoints?: readonly string[];
  /** Verifier keys that are known; with any, every writer's key must be among them. */
  readonly keys?: readonly string[];
}

const maxProblems = 100;

/** Collects; stops taking problems at 100, since a hostile input could make millions. */
export class Findings {
  readonly problems: VerifyProblem[] = [];
  readonly unproven: string[] = [];

  problem(code: string, message: string, writer = '', seq = -1): void {
    if (this.problems.length >= maxProblems) return;
    this.problems.push({ code, writer: printable(writer), seq, message: printable(message) });
  }

  doubt(message: string): void {
    if (this.unproven.length < maxProblems) this.unproven.push(printable(message));
  }
}

/** Untrusted text as a terminal may show it: on one line, without control or direction signs, not endless. */
export function printable(text: string): string {
  const safe = text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu,
    (sign) => `\\u${sign.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
  return safe.length > 500 ? `${safe.slice(0, 500)}…` : safe;
}
