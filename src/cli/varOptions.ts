// `--var NAME=VALUE`, as often as it is given.

import { RunbookError } from '../base/runbookError.ts';

export function valuesOf(pairs: readonly string[]): Map<string, string> {
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)] as const;
      throw new RunbookError({
        code: 'var-unreadable',
        message: `--var ${JSON.stringify(pair)} names no value.`,
        mend: 'Write --var NAME=VALUE.',
      });
    }),
  );
}
