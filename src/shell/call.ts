// What a tool's rule is given (a call) and what it answers (a verdict).

import type { Risk } from './risk.ts';
import type { Word } from './word.ts';

/** Where a command runs: on this machine, or in what another command reaches. */
export interface Place {
  readonly kind: 'here' | 'pod' | 'container' | 'host' | 'node';
  /** For people: `pod postgres-0`, `host db1`, `here`. */
  readonly label: string;
}
export const here: Place = { kind: 'here', label: 'here' };

/** What a command reads on standard input. `text` is undefined where it can't be known; `from` is the tool before a pipe. */
export interface Stdin {
  readonly kind: 'none' | 'pipe' | 'text' | 'file';
  readonly text?: string;
  readonly from?: string;
}
export const noStdin: Stdin = { kind: 'none' };

export interface Call {
  /** The tool's name without directory. */
  readonly name: string;
  readonly args: readonly Word[];
  readonly stdin: Stdin;
  readonly place: Place;
  /** Milliseconds of `performance.now()`; past it nothing more is read. */
  readonly deadlineAt: number;
}

export interface Target {
  context: string | null;
  namespace: string | null;
  /** Flags and variables that point away from the pinned target, as written: `--server=…`, `KUBECONFIG`. */
  overrides: string[];
}

/** A command inside a command. */
export interface Inner {
  /** Either words, or text in the shell's language. */
  readonly words?: readonly Word[];
  readonly script?: string;
  /** Where it runs, if not where the outer one does. */
  readonly place?: Place;
  readonly stdin?: Stdin;
  /** Not one command with its wrapper (`sudo rm`), but two (`kubectl exec … -- rm`). */
  readonly separate?: boolean;
  /** Runs in the shell that is being read (`eval`), with its variables and functions; else in one of its own. */
  readonly sameShell?: boolean;
}

export interface Verdict {
  readonly risk: Risk;
  /** Why, in words. Never empty above `read`. */
  readonly reasons: readonly string[];
  readonly verb?: string;
  readonly target?: Target;
  readonly inner?: readonly Inner[];
  /** Does not end by itself, and why: `follows the log`. */
  readonly blocking?: string;
  /** Waits for somebody at a keyboard, and for what. */
  readonly interactive?: string;
  readonly sleepMs?: number;
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  /** Why the gate can't see what this does. */
  readonly ungated?: readonly string[];
  /** Why the tool itself refuses it, whatever else stands in it. */
  readonly fails?: string;
  /** Switches the cluster, project or account for what follows. */
  readonly switchesTarget?: string;
}

export function verdict(risk: Risk, reason: string, more: Partial<Verdict> = {}): Verdict {
  return { risk, reasons: [reason], ...more };
}

export interface Tool {
  readonly names: readonly string[];
  classify(call: Call): Verdict;
}
