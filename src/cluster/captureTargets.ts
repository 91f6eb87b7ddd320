// Which objects a kubectl call will touch, so far that their state is worth keeping first: what replaces, restarts,
// scales, changes or deletes.

import { type CallContext, type ChosenObject, chooseByManifests, chooseObjects } from './chosenObjects.ts';
import type { KubectlCall } from './kubectlArguments.ts';
import { readManifests } from './manifests.ts';

const changing = new Set([
  'delete',
  'scale',
  'patch',
  'apply',
  'replace',
  'label',
  'annotate',
  'edit',
  'drain',
]);

/** Does the call change what a restart or a deletion would take away? Reads no cluster. */
export function wantsCapture(call: KubectlCall): boolean {
  if (call.verb === 'rollout') return call.subverb === 'restart' || call.subverb === 'undo';
  return call.verb === 'set' || changing.has(call.verb);
}

/** The live objects of the call, without those that aren't there. */
export async function captureTargets(
  call: KubectlCall,
  context: CallContext,
): Promise<{ objects: ChosenObject[]; notes: string[] }> {
  if (!wantsCapture(call)) return { objects: [], notes: [] };
  if (call.flags.has('filename') || call.flags.has('kustomize')) {
    const { objects, notes } = await chooseByManifests(
      call,
      await readManifests(call, context.input),
      context,
    );
    return { objects: objects.filter(({ live }) => live), notes };
  }
  if (call.verb === 'drain') return podsOfNodes(call, context);
  const words = call.positionals.filter((word) => !/=/.test(word) && !word.endsWith('-'));
  const { objects, notes } = await chooseObjects(call, context, words);
  return { objects: objects.filter(({ live }) => live), notes };
}

async function podsOfNodes(call: KubectlCall, context: CallContext) {
  const pods = await context.kinds.ofWord('pods');
  const objects: ChosenObject[] = [];
  for (const node of call.positionals) {
    const list = await context.store.list(pods, undefined, {
      ...context.options,
      fieldSelector: `spec.nodeName=${node}`,
    });
    for (const live of list.items) {
      objects.push({ kind: pods, namespace: live.metadata.namespace, name: live.metadata.name, live });
    }
  }
  return { objects, notes: [] };
}
