// Alertmanager's v1 API, deprecated since 0.16 and removed in 0.27. The v2 API answers with a list where v1 had `data`.

import type { Problem } from '../../base/problem.ts';
import type { LintRule } from '../lintRule.ts';

const address =
  /(\balertmanager[\w.-]*(?::\d+)?|:9093)((?:\/[\w.-]+)*?)\/api\/v1\/(alerts|silences?|status|receivers)\b/gi;

export const alertmanagerV1: LintRule = {
  codes: ['alertmanager-v1'],
  check({ cells }) {
    return cells.flatMap((cell) =>
      [...cell.text.matchAll(address)].map((match): Problem => {
        const path = /\/api\/v1\/\w+$/.exec(match[0])![0];
        const start = match.index + match[0].length - path.length;
        const end = match.index + match[0].length;
        const fix = fixOf(cell.text, end, path);
        return {
          code: 'alertmanager-v1',
          message: `\`${path}\` is of Alertmanager's v1 API, which 0.27 removed: it is /api/v2 now, without "data"`,
          severity: 'error',
          range: cell.rangeOf(start, end),
          ...(fix && {
            fix: {
              title: 'Use the v2 API',
              range: cell.rangeOf(start, fix.end),
              text: fix.text,
            },
          }),
        };
      }),
    );
  },
};

/** Sure where nothing reads the answer, or a jq whose path through `data` can go with it. */
function fixOf(text: string, end: number, path: string): { end: number; text: string } | null {
  if (!path.endsWith('/alerts')) return null;
  const lineEnd = text.indexOf('\n', end);
  const rest = text.slice(end, lineEnd < 0 ? text.length : lineEnd);
  const moved = '/api/v2/alerts';
  const pipe = rest.indexOf('|');
  if (pipe < 0 && !/\\$/.test(rest)) return { end, text: moved };
  const read = /^(["']?\s*\|\s*jq(?:\s+-\w+)*\s+["'])\.data(?=\[)/.exec(rest);
  return read ? { end: end + read[0].length, text: `${moved}${read[1]}.` } : null;
}
