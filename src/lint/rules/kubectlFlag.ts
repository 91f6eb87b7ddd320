// A flag that kubectl's verb does not have: the command ends with status 1 before it does anything.

import type { Problem } from '../../base/problem.ts';
import { unknownPart } from '../../shell/word.ts';
import { kubectlCall } from '../kubectlCall.ts';
import { type LintRule, quoted } from '../lintRule.ts';

/** Flags that once were, with what does their work now; a fix only where the new one means the same. */
const renamed: Readonly<
  Record<string, { readonly now: string; readonly sure: boolean; readonly verb?: string }>
> = {
  '--delete-local-data': { now: '--delete-emptydir-data', sure: true, verb: 'drain' },
  '--show-all': { now: '', sure: true, verb: 'get' },
  '--export': { now: '', sure: false },
  '--generator': { now: '', sure: false },
  '--purge': { now: '', sure: false },
};

export const kubectlFlag: LintRule = {
  codes: ['kubectl-unknown-flag'],
  check({ cells }) {
    return cells.flatMap((cell) =>
      cell.calls.flatMap((call): Problem[] => {
        const kubectl = kubectlCall(call);
        if (!kubectl?.known || kubectl.verb === '') return [];
        return kubectl.parsed.unlisted.flatMap((flag): Problem[] => {
          const word = call.words.find(({ text }) => text === flag);
          if (!word || word.value.startsWith(unknownPart) || !word.value.startsWith('-')) return [];
          const known = renamed[flag.replace(/=.*$/, '')];
          // On a verb that never had it, it is nothing that was renamed.
          const { now, sure } =
            known && (known.verb ?? kubectl.verb) === kubectl.verb ? known : { now: '', sure: false };
          const range = cell.rangeOf(word.start, word.end);
          const instead = now === '' ? '' : `; it is ${now} now`;
          return [
            {
              code: 'kubectl-unknown-flag',
              message: `\`kubectl ${kubectl.verb}\` has no flag \`${quoted(flag)}\`${instead}`,
              severity: 'error',
              range,
              ...(sure && {
                fix: { title: now === '' ? `Remove ${flag}` : `Write ${now}`, range, text: now },
              }),
            },
          ];
        });
      }),
    );
  },
};
