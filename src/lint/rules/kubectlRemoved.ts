// Verbs and kinds of objects that Kubernetes no longer has.

import type { Problem, SourceRange } from '../../base/problem.ts';
import type { CallSite, CallWord } from '../callSite.ts';
import { kubectlCall } from '../kubectlCall.ts';
import type { LintCell } from '../lintCell.ts';
import { type LintRule, quoted } from '../lintRule.ts';

const verbs: Readonly<Record<string, string>> = {
  'rolling-update': 'removed in kubectl 1.18: `kubectl rollout` takes its place',
  'run-container': 'removed: `kubectl run` takes its place',
  resize: 'removed: `kubectl scale` takes its place',
  stop: 'removed: `kubectl delete` takes its place',
  convert: 'a plugin of its own since 1.22',
};

const kinds: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  {
    pattern: /^(podsecuritypolicies|podsecuritypolicy|psp)(\.policy)?$/i,
    why: 'removed in Kubernetes 1.25: Pod Security admission takes its place',
  },
  { pattern: /^(replicationcontrollers\.extensions|thirdpartyresources?)$/i, why: 'removed' },
  { pattern: /^podpresets?(\.settings\.k8s\.io)?$/i, why: 'removed in Kubernetes 1.20' },
];

export const kubectlRemoved: LintRule = {
  codes: ['kubectl-removed'],
  check({ cells }) {
    return cells.flatMap((cell) =>
      cell.calls.flatMap((call) => [...oldVerb(cell, call), ...oldKinds(cell, call)]),
    );
  },
};

function oldVerb(cell: LintCell, call: CallSite): Problem[] {
  const kubectl = kubectlCall(call);
  const why = kubectl && Object.hasOwn(verbs, kubectl.verb) ? verbs[kubectl.verb] : undefined;
  if (!why) return [];
  const word = call.words.find(({ value }) => value === kubectl!.verb)!;
  return [problem(`\`kubectl ${kubectl!.verb}\` is ${why}`, cell.rangeOf(word.start, word.end))];
}

function oldKinds(cell: LintCell, call: CallSite): Problem[] {
  const kubectl = kubectlCall(call);
  const verb = kubectl?.verb.split(' ')[0] ?? '';
  if (!/^(get|describe|delete|edit|label|annotate|patch|explain|wait|create)$/.test(verb)) return [];
  const word = kubectl!.operands[0];
  if (!word) return [];
  const named = word.value.split(',');
  return named.flatMap((name): Problem[] => {
    const kind = name.split('/')[0]!;
    const old = kinds.find(({ pattern }) => pattern.test(kind));
    if (!old) return [];
    const at = word.start + word.text.indexOf(name);
    const found = problem(`\`${quoted(name)}\` is ${old.why}`, cell.rangeOf(at, at + name.length));
    // Of a list the others still work, once this one is gone.
    const others = named.filter((other) => other !== name).join(',');
    if (named.length < 2 || word.text !== word.value || !/^(get|describe)$/.test(verb)) return [found];
    return [{ ...found, fix: fixOf(cell, word, others, name) }];
  });
}

function fixOf(cell: LintCell, word: CallWord, text: string, name: string): NonNullable<Problem['fix']> {
  return { title: `Ask for ${text} without ${name}`, range: cell.rangeOf(word.start, word.end), text };
}

function problem(message: string, range: SourceRange): Problem {
  return { code: 'kubectl-removed', message, severity: 'error', range };
}
