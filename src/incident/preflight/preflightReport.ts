// The shapes of a preflight: what a runbook needs, and whether it is there, each with the places that need it.

/** `note` is worth reading and stops nothing; `unknown` could not be asked, with the reason. */
export type CheckState = 'ok' | 'note' | 'problem' | 'unknown';

export const checkAreas = ['cluster', 'tools', 'files', 'values', 'permissions', 'alerts'] as const;
export type CheckArea = (typeof checkAreas)[number];

/** A place in the runbook that needs it. */
export interface Where {
  /** Index among the document's cells, from 0. */
  readonly cell: number;
  /** In the file, from 0. */
  readonly line: number;
  /** The title of the exclusive option that the line belongs to; null where it belongs to none. */
  readonly option: string | null;
}

export interface Check {
  readonly area: CheckArea;
  /** The thing: `kubectl`, `scripts/pfctl`, `<pod>`, `kubectl delete pod x`. */
  readonly what: string;
  readonly state: CheckState;
  /** What was found, in words. */
  readonly says: string;
  readonly mend?: string;
  readonly where: readonly Where[];
  /** With `problem`: what stands at these places fails here whatever is answered. */
  readonly stops?: boolean;
}

/** An option, or a whole cell, that can't work here. */
export interface Blocked {
  readonly cell: number;
  /** null: the cell as a whole. */
  readonly option: string | null;
  /** The first reasons, a clause each. */
  readonly why: readonly string[];
}

export interface PreflightReport {
  readonly runbook: string;
  /** Hexadecimal, of the text that was checked. */
  readonly sha256: string;
  /** Absent where no cluster is pinned. */
  readonly target?: { readonly context: string; readonly server: string; readonly namespace: string };
  readonly checks: readonly Check[];
  readonly blocked: readonly Blocked[];
  readonly tookMs: number;
}

/** Options and cells that a check stops, in their order, each with its reasons. */
export function blockedBy(checks: readonly Check[]): Blocked[] {
  const found = new Map<string, { cell: number; option: string | null; line: number; why: string[] }>();
  for (const { what, says, where, state, stops } of checks) {
    if (state !== 'problem' || !stops) continue;
    for (const { cell, option, line } of where) {
      const key = `${cell} ${option ?? ''}`;
      const one = found.get(key) ?? { cell, option, line, why: [] };
      found.set(key, one);
      one.line = Math.min(one.line, line);
      const reason = `${what}: ${says}`;
      if (!one.why.includes(reason) && one.why.length < 4) one.why.push(reason);
    }
  }
  return [...found.values()]
    .sort((one, other) => one.cell - other.cell || one.line - other.line)
    .map(({ cell, option, why }) => ({ cell, option, why }));
}
