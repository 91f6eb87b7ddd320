// Previews of what manifests do: apply, create, replace, and delete of any kind.

import { type CallContext, type ChosenManifest, chooseByManifests, chooseObjects } from './chosenObjects.ts';
import { flag, isOn, type KubectlCall } from './kubectlArguments.ts';
import { numberAt } from './kubernetesObject.ts';
import { readManifests } from './manifests.ts';
import { dryRunQuery, type Plan, type PlannedChange, refusal } from './plannedChange.ts';
import { applyPatch } from './threeWayPatch.ts';

export async function planManifests(call: KubectlCall, context: CallContext): Promise<Plan> {
  if (!call.flags.has('filename') && !call.flags.has('kustomize')) {
    return { changes: [], notes: [], cannot: `${call.verb} without -f is not previewed` };
  }
  const manifests = await readManifests(call, context.input);
  const { objects, notes } = await chooseByManifests(call, manifests, context);
  if (isOn(call, 'prune')) notes.push('--prune deletes what the files no longer name: that is not shown');
  if (isOn(call, 'force') && call.verb === 'replace')
    notes.push('--force deletes each object and makes it again');
  const changes = objects.map((object) => changeOf(call, object, context));
  return { changes, notes };
}

function changeOf(call: KubectlCall, object: ChosenManifest, context: CallContext): PlannedChange {
  const { kind, namespace, name, live, manifest } = object;
  const query = { ...dryRunQuery, fieldValidation: validation(call) };
  const create = (signal: AbortSignal) =>
    context.store.write(
      'POST',
      kind,
      namespace,
      undefined,
      { body: manifest, query },
      { ...context.options, signal },
    );
  if (call.verb === 'create') {
    if (live) return { object, action: 'create', dryRun: refusal(`${name} exists already`) };
    return { object, action: 'create', dryRun: create };
  }
  if (!live) {
    if (call.verb === 'replace' && !isOn(call, 'force')) {
      return {
        object,
        action: 'change',
        dryRun: refusal(`${name} does not exist: there is nothing to replace`),
      };
    }
    return { object, action: 'create', dryRun: create };
  }
  if (call.verb === 'replace') {
    const body = {
      ...manifest,
      metadata: { resourceVersion: live.metadata.resourceVersion, ...manifest.metadata },
    };
    return {
      object,
      action: 'change',
      dryRun: (signal) =>
        context.store.write('PUT', kind, namespace, name, { body, query }, { ...context.options, signal }),
    };
  }
  const patch = isOn(call, 'server-side')
    ? { type: 'apply' as const, body: manifest }
    : applyPatch(live, manifest, kind.custom);
  const serverSide = {
    ...query,
    fieldManager: flag(call, 'field-manager') ?? 'kubectl',
    ...(isOn(call, 'force-conflicts') ? { force: true } : {}),
  };
  return {
    object,
    action: 'change',
    dryRun: (signal) =>
      context.store.patch(
        kind,
        namespace,
        name,
        { ...patch, query: patch.type === 'apply' ? serverSide : query },
        { ...context.options, signal },
      ),
  };
}

/** kubectl asks the server to be strict unless told otherwise. */
function validation(call: KubectlCall): string {
  const asked = (flag(call, 'validate') ?? 'true').toLowerCase();
  if (asked === 'false' || asked === 'ignore') return 'Ignore';
  return asked === 'warn' ? 'Warn' : 'Strict';
}

const dataKinds = new Set([
  'PersistentVolumeClaim',
  'PersistentVolume',
  'Namespace',
  'CustomResourceDefinition',
]);

export async function planDelete(call: KubectlCall, context: CallContext): Promise<Plan> {
  const byFile = call.flags.has('filename') || call.flags.has('kustomize');
  const { objects, notes } = byFile
    ? await chooseByManifests(call, await readManifests(call, context.input), context)
    : await chooseObjects(call, context);
  const changes = objects
    .filter(({ live }) => live)
    .map((object): PlannedChange => {
      const { kind, namespace, name, live } = object;
      if (dataKinds.has(kind.kind)) notes.push(`${kind.kind}/${name}: what it holds goes with it`);
      const pods = numberAt(live, 'status', 'replicas') ?? 0;
      if (pods > 0 && call.flags.get('cascade')?.at(-1) !== 'orphan') {
        notes.push(`${kind.kind.toLowerCase()}/${name}: its ${pods} pod${pods === 1 ? '' : 's'} end with it`);
      }
      return {
        object,
        action: 'delete',
        dryRun: async (signal) => {
          const query = { dryRun: 'All' };
          await context.store.write(
            'DELETE',
            kind,
            namespace,
            name,
            { query },
            { ...context.options, signal },
          );
          return undefined;
        },
      };
    });
  return { changes, notes };
}
