// Previews of scale, patch and the rollout family.

import path from 'node:path';
import { parse } from 'yaml';
import { toError } from '../base/runbookError.ts';
import { type CallContext, type ChosenObject, chooseObjects } from './chosenObjects.ts';
import { flag, type KubectlCall } from './kubectlArguments.ts';
import { at, numberAt } from './kubernetesObject.ts';
import {
  dryRunQuery,
  namedOnly,
  type PatchOfOne,
  type Plan,
  type PlannedChange,
  patchEach,
} from './plannedChange.ts';
import { readRegularFile } from './regularFile.ts';
import { revisionPatch } from './rolloutHistory.ts';

export async function planScale(call: KubectlCall, context: CallContext): Promise<Plan> {
  const { objects, notes } = await chooseObjects(call, context);
  const replicas = Number(flag(call, 'replicas'));
  const current = flag(call, 'current-replicas');
  const changes = objects.flatMap((object): PlannedChange[] => {
    const { kind, namespace, name, live } = object;
    if (!live) return [];
    const has = numberAt(live, 'spec', 'replicas') ?? 1;
    if (current !== undefined && Number(current) !== -1 && Number(current) !== has) {
      notes.push(`${name} has ${has} replicas, not ${current}: kubectl leaves it alone`);
      return [];
    }
    return [
      {
        object,
        action: 'change',
        // Through the scale subresource, as kubectl does it: the right to scale may be all that one has.
        dryRun: async (signal) => {
          const scale = await context.store.patch(
            kind,
            namespace,
            name,
            { type: 'merge', body: { spec: { replicas } }, subresource: 'scale', query: dryRunQuery },
            { ...context.options, signal },
          );
          const spec = { ...(live.spec as object), replicas: numberAt(scale, 'spec', 'replicas') ?? 0 };
          return { ...live, spec };
        },
      },
    ];
  });
  if (replicas === 0 && changes.length > 0) notes.push('nothing of it runs any more afterwards');
  return { changes, notes };
}

const patchTypes = { strategic: 'strategic', merge: 'merge', json: 'json' } as const;

export async function planPatch(call: KubectlCall, context: CallContext): Promise<Plan> {
  const { objects, notes } = await chooseObjects(call, context);
  const type = patchTypes[(flag(call, 'type') ?? 'strategic') as keyof typeof patchTypes];
  if (!type) return { changes: [], notes: [`kubectl knows no patch type ${flag(call, 'type')}`] };
  let body: unknown;
  try {
    body = parse(await patchText(call, context));
  } catch (error) {
    return { changes: [], notes: [`the patch can't be read: ${toError(error).message.split('\n')[0]}`] };
  }
  const subresource = flag(call, 'subresource');
  const changes = patchEach(context, objects, () => ({
    type,
    body,
    ...(subresource ? { subresource } : {}),
  }));
  return { changes, notes };
}

async function patchText(call: KubectlCall, context: CallContext): Promise<string> {
  const file = flag(call, 'patch-file');
  if (file === undefined) return flag(call, 'patch') ?? '';
  return readRegularFile(path.resolve(context.input.cwd, file));
}

export async function planRollout(call: KubectlCall, context: CallContext): Promise<Plan> {
  const { objects, notes } = await chooseObjects(call, context);
  switch (call.subverb) {
    case 'restart':
      return {
        changes: namedOnly(objects),
        notes: [...notes, ...objects.filter(({ live }) => live).map(replacedPods)],
        cannot: 'a restart changes only a time stamp; what it does is to replace the pods',
      };
    case 'pause':
    case 'resume': {
      const paused = call.subverb === 'pause';
      const patch = (): PatchOfOne => ({ type: 'strategic', body: { spec: { paused: paused || null } } });
      return { changes: patchEach(context, objects, patch), notes };
    }
    case 'undo': {
      const revision = Number(flag(call, 'to-revision') ?? 0);
      const patches = new Map<ChosenObject, PatchOfOne | string>();
      for (const object of objects) {
        if (object.live) patches.set(object, await revisionPatch(object.live, revision, context));
      }
      return { changes: patchEach(context, objects, (_, object) => patches.get(object)), notes };
    }
    default:
      return { changes: [], notes };
  }
}

function replacedPods({ kind, name, live }: ChosenObject): string {
  const daemons = numberAt(live, 'status', 'desiredNumberScheduled');
  const pods = daemons ?? numberAt(live, 'spec', 'replicas') ?? 1;
  const strategy = at(live, 'spec', 'strategy', 'type') ?? at(live, 'spec', 'updateStrategy', 'type');
  const gap = strategy === 'Recreate' ? ', all at once: it is down in between' : '';
  return `${kind.kind.toLowerCase()}/${name}: ${pods} pod${pods === 1 ? '' : 's'} will be replaced${gap}`;
}
