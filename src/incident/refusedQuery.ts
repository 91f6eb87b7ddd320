// Queries that curl never sent: `[5m]` in an address is a range to curl, which gives up with exit 3, silently with -s.

import type { CommandStatus } from '../kernel/types.ts';
import type { Assessment } from '../shell/assess.ts';

export interface RefusedQuery {
  /** What curl took for a pattern. */
  readonly pattern: string;
  readonly query: string;
}

/** curl's status for an address that it can't read. */
const malformed = 3;

/** The first query of the run that was refused so; undefined where there is none. */
export function refusedQuery(
  commands: readonly CommandStatus[],
  assessment: Assessment | undefined,
): RefusedQuery | undefined {
  const failed = commands.filter(({ pipeline, exitCode }) => [...pipeline, exitCode].includes(malformed));
  if (failed.length === 0) return undefined;
  for (const { tool, argv, line, endLine } of assessment?.commands ?? []) {
    if (tool !== 'curl' || !argv || argv.some(isGlobOff)) continue;
    // Of a pipeline or a loop the status has the line of its first command.
    if (!failed.some((one) => one.line <= endLine && line - one.line < 20)) continue;
    for (const word of argv.slice(1)) {
      const found = queryOf(word);
      if (found) return found;
    }
  }
  return undefined;
}

const isGlobOff = (word: string): boolean => word === '--globoff' || /^-[a-zA-Z]*g/.test(word);

function queryOf(address: string): RefusedQuery | undefined {
  const parameters = /\/api\/v1\/query(?:_range)?\/?\?(.*)$/s.exec(address)?.[1];
  const query = parameters && new URLSearchParams(parameters.replace(/#.*$/s, '')).get('query');
  const pattern = query ? /\[(?!\d+-\d+\])[^\]]*\]/.exec(query)?.[0] : undefined;
  return query && pattern ? { pattern, query } : undefined;
}

export function refusedQueryNotice({ pattern }: RefusedQuery): string {
  return `curl refused the address and asked nobody: ${pattern} is a pattern to it (exit 3). Ask the query natively, or add -g.`;
}
