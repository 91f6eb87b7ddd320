// What a preview is made of: for each object one change, asked of the server as a dry run.

import type { CallContext, ChosenObject } from './chosenObjects.ts';
import { ClusterError } from './clusterError.ts';
import type { KubectlCall } from './kubectlArguments.ts';
import type { KubernetesObject } from './kubernetesObject.ts';

export interface PlannedChange {
  readonly object: ChosenObject;
  readonly action: 'create' | 'change' | 'delete';
  /** Asks the server; gives the object as it would be, undefined for a deletion. Throws ClusterError for a refusal. */
  readonly dryRun: (signal: AbortSignal) => Promise<KubernetesObject | undefined>;
}

export interface Plan {
  readonly changes: PlannedChange[];
  /** What people have to know beside the diffs. */
  readonly notes: string[];
  /** Why the server can't show this; with it the changes only name the objects. */
  readonly cannot?: string;
}

/** One kind of kubectl call. */
export type Planner = (call: KubectlCall, context: CallContext) => Promise<Plan>;

/** Asked of every writing call of a preview. Dry runs pass validation and admission and store nothing. */
export const dryRunQuery = { dryRun: 'All', fieldManager: 'kubectl-preview' } as const;

/** A refusal of kubectl itself, told in place of the diff. */
export function refusal(message: string): () => Promise<never> {
  return () => Promise.reject(new ClusterError('cluster-refused', { message }));
}

/** Only named: what can't be asked of the server. */
export function namedOnly(
  objects: readonly ChosenObject[],
  action: PlannedChange['action'] = 'change',
): PlannedChange[] {
  return objects
    .filter(({ live }) => live)
    .map((object) => ({ object, action, dryRun: async () => object.live }));
}

/** A dry-run patch of each live object. */
export function patchEach(
  context: CallContext,
  objects: readonly ChosenObject[],
  patchOf: (live: KubernetesObject, object: ChosenObject) => PatchOfOne | string | undefined,
): PlannedChange[] {
  const changes: PlannedChange[] = [];
  for (const object of objects) {
    const { kind, namespace, name, live } = object;
    if (!live) continue;
    const patch = patchOf(live, object);
    if (patch === undefined) continue;
    changes.push({
      object,
      action: 'change',
      dryRun:
        typeof patch === 'string'
          ? refusal(patch)
          : (signal) =>
              context.store.patch(
                kind,
                namespace,
                name,
                { ...patch, query: dryRunQuery },
                { ...context.options, signal },
              ),
    });
  }
  return changes;
}

export interface PatchOfOne {
  readonly type: 'strategic' | 'merge' | 'json' | 'apply';
  readonly body: unknown;
  readonly subresource?: string;
}
