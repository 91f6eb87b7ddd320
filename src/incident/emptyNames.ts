// `$(kubectl get pods -l app=x -o name | head -1)` that matches nothing: the command around it would run without a name.
// Told before the cell runs; a change without a name is asked for again at the gate, with its final words.

import { flag, parseKubectl } from '../cluster/kubectlArguments.ts';
import { type CallSite, callsOf } from '../lint/callSite.ts';
import { findPlaceholders } from '../shell/placeholders.ts';
import { unknownPart } from '../shell/word.ts';
import type { SessionTarget } from './sessionTarget.ts';
import { shellParser } from './shellTools.ts';

const lookupMs = 4000;
const mostLookups = 8;

/** A line for each list of names that is empty now. Never rejects: a cluster that can't be asked says nothing. */
export async function emptyNames(
  text: string,
  target: Pick<SessionTarget, 'cluster' | 'pin'> | undefined,
): Promise<string[]> {
  if (!target || !/\$\(\s*kubectl|`\s*kubectl/.test(text)) return [];
  const calls = callsOf(await shellParser(), text, findPlaceholders(text));
  const lists = calls.filter((call) => isListOfNames(call, text)).slice(0, mostLookups);
  const told = await Promise.all(lists.map((call) => emptyLine(call, text, target)));
  return [...new Set(told.flatMap((line) => line ?? []))];
}

/** In a substitution, all its words known, and printing names or parts of objects. */
function isListOfNames({ name, words, start }: CallSite, text: string): boolean {
  if (name !== 'kubectl' || !/(\$\(|`)\s*$/.test(text.slice(0, start))) return false;
  if (words.some(({ value }) => value.includes(unknownPart))) return false;
  const call = parseKubectl(words.map(({ value }) => value));
  const output = flag(call, 'output') ?? '';
  return (
    call.verb === 'get' &&
    call.positionals.length === 1 &&
    /^(name|jsonpath|go-template|custom-columns)/.test(output)
  );
}

async function emptyLine(
  { words, start, end }: CallSite,
  text: string,
  { cluster, pin }: Pick<SessionTarget, 'cluster' | 'pin'>,
): Promise<string | undefined> {
  const call = parseKubectl(words.map(({ value }) => value));
  const namespace = flag(call, 'namespace');
  const selector = flag(call, 'selector');
  const names = await cluster
    .names(
      {
        resource: call.positionals[0]!,
        allNamespaces: call.flags.has('all-namespaces'),
        ...(namespace ? { namespace } : {}),
        ...(selector ? { selector } : {}),
      },
      { signal: AbortSignal.timeout(lookupMs) },
    )
    .catch(() => undefined);
  if (names === undefined || names.length > 0) return undefined;
  const place = call.flags.has('all-namespaces') ? 'in any namespace' : `in ${namespace ?? pin.namespace}`;
  return `Nothing ${place} is found by \`${text.slice(start, end)}\`: what uses it runs without a name.`;
}
