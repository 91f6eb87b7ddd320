// An address that curl itself refuses or rewrites: `[5m]` is a range to it (exit 3, silent with -s), `{job="x"}` a list
// whose braces it drops, and a space is no part of any address.

import type { Problem } from '../../base/problem.ts';
import type { CallSite, CallWord } from '../callSite.ts';
import type { LintCell } from '../lintCell.ts';
import { type LintRule, quoted } from '../lintRule.ts';

export const curlGlob: LintRule = {
  codes: ['curl-glob'],
  check({ cells }) {
    return cells.flatMap((cell) =>
      cell.calls
        .filter(({ name, words }) => name === 'curl' && !words.some(isGlobOff))
        .flatMap((call) => call.words.flatMap((word) => problemOf(cell, call, word))),
    );
  },
};

const isGlobOff = ({ value }: CallWord): boolean => value === '--globoff' || /^-[a-zA-Z]*g/.test(value);

function problemOf(cell: LintCell, call: CallSite, word: CallWord): Problem[] {
  if (!/^(https?:\/\/|[\w.-]+:\d+\/)/.test(word.value)) return [];
  const part = globOf(word.text);
  if (!part) return [];
  const at = word.start + word.text.indexOf(part);
  const effect = part.startsWith('[') ? 'refuses it (exit 3)' : 'takes it for a list and drops the braces';
  const hasSpace = /\s/.test(word.value);
  const end = call.start + 'curl'.length;
  return [
    {
      code: 'curl-glob',
      message:
        `\`${quoted(part, 50)}\` is a pattern to curl, which ${effect}: ` +
        (hasSpace ? 'use -G with --data-urlencode, or a promql cell' : 'add -g, or use a promql cell'),
      severity: part.startsWith('[') ? 'error' : 'warning',
      range: cell.rangeOf(at, at + part.length),
      // With a space in it the address stays invalid also with -g.
      ...(!hasSpace && {
        fix: { title: 'Add -g', range: cell.rangeOf(end, end), text: ' -g' },
      }),
    },
  ];
}

/** What curl would expand; a range such as `[1-3]` or `{a,b}` before the query is meant. */
function globOf(text: string): string | null {
  const query = text.indexOf('?');
  if (query < 0) return null;
  const rest = text.slice(query);
  // The one that makes curl give up counts more than one that it rewrites.
  const refused = [...rest.matchAll(/(?<!\\)\[[^\]]*\]/g)].find(([part]) => !/^\[\d+-\d+\]$/.test(part));
  return (refused ?? /(?<![\\$])\{[^}]*\}/.exec(rest))?.[0] ?? null;
}
