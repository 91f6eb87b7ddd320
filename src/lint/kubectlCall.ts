// A kubectl call taken apart: verb, flags, operands, by the grammar that the shell room holds.

import { type ParsedArguments, parseFlags } from '../shell/flags.ts';
import { kubectlAliases } from '../shell/tools/kubectl.ts';
import { kubectlFlags } from '../shell/tools/kubectlFlags.ts';
import type { CallSite, CallWord } from './callSite.ts';

export interface KubectlCall {
  /** `get`, `rollout restart`; empty where there is none. */
  readonly verb: string;
  readonly known: boolean;
  readonly parsed: ParsedArguments;
  /** After the verb, as they stand; those after `--` are not among them. */
  readonly operands: readonly CallWord[];
}

const alsoVerbs = new Set(['help', 'options', 'completion', 'plugin', 'kustomize', 'alpha', 'api-versions']);

/** Null where the call is none of kubectl's. */
export function kubectlCall(call: CallSite): KubectlCall | null {
  if (call.name !== 'kubectl') return null;
  const globals = `${kubectlFlags['']} --alsologtostderr --stderrthreshold= -h,--help --version`;
  const first = parseFlags(call.words, globals, 'posix').operands[0];
  if (!first)
    return { verb: '', known: true, parsed: parseFlags(call.words, globals, 'cobra'), operands: [] };
  const at = call.words.indexOf(first as CallWord);
  const single = kubectlAliases[first.value] ?? first.value;
  const children = Object.keys(kubectlFlags).filter((key) => key.startsWith(`${single} `));
  let verb = single;
  let rest = call.words.slice(at + 1);
  const sub = children.length > 0 ? parseFlags(rest, globals, 'posix').operands[0] : undefined;
  const pair = sub ? (kubectlAliases[`${single} ${sub.value}`] ?? `${single} ${sub.value}`) : '';
  // `create service clusterip` and `create secret generic` are verbs of three words.
  if (pair !== '' && kubectlFlags[pair] !== undefined) {
    verb = pair;
    rest = rest.filter((word) => word !== sub);
    const third = rest.find((word) => kubectlFlags[`${pair} ${word.value}`] !== undefined);
    if (third) {
      verb = `${pair} ${third.value}`;
      rest = rest.filter((word) => word !== third);
    }
  }
  const own = kubectlFlags[verb];
  const parsed = parseFlags([...call.words.slice(0, at), ...rest], `${globals} ${own ?? ''}`, 'cobra');
  const after = new Set(parsed.rest ?? []);
  return {
    verb,
    known: own !== undefined && (own !== '' || !alsoVerbs.has(verb)),
    parsed,
    operands: (parsed.operands as CallWord[]).filter((word) => !after.has(word)),
  };
}

const clusterKinds =
  /^(nodes?|no|namespaces?|ns|persistentvolumes?|pv|crds?|customresourcedefinitions?|clusterroles?|clusterrolebindings?|storageclass(es)?|sc|priorityclass(es)?|pc|(validating|mutating)webhookconfigurations?|apiservices?|certificatesigningrequests?|csr|ingressclass(es)?|runtimeclass(es)?|volumeattachments?|csinodes?|csidrivers?|clusterissuers?|podsecuritypolic(y|ies)|psp)([./].*)?$/i;

/** Does the operand name a kind that lives in no namespace? */
export function isClusterKind(operand: string): boolean {
  return clusterKinds.test(operand);
}
