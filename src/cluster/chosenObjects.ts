// Which live objects a kubectl call is about: by name, selector, --all or manifest. Preview, capture and undo start
// from the same answer.

import type { ApiClient } from './apiClient.ts';
import type { CallOptions } from './apiTransport.ts';
import { flag, isOn, type KubectlCall, type ObjectRef, objectRefs } from './kubectlArguments.ts';
import type { KubernetesObject } from './kubernetesObject.ts';
import type { CallInput, Manifests } from './manifests.ts';
import type { ObjectStore } from './objectStore.ts';
import type { ResourceKind, ResourceKinds } from './resourceKinds.ts';

/** What every reader of a call works with. */
export interface CallContext {
  readonly api: ApiClient;
  readonly kinds: ResourceKinds;
  readonly store: ObjectStore;
  /** The pinned one, for calls that name none. */
  readonly namespace: string;
  readonly input: CallInput;
  readonly options: CallOptions;
}

export interface ChosenObject {
  readonly kind: ResourceKind;
  readonly namespace: string | undefined;
  readonly name: string;
  /** As it is now; undefined where there is none. */
  readonly live: KubernetesObject | undefined;
}

export interface ChosenObjects {
  readonly objects: ChosenObject[];
  /** Told to people: a list that goes on, a name that isn't there, a call that kubectl itself refuses. */
  readonly notes: string[];
}

/** What kubectl means by `all`. */
const everyday = [
  'pods', 'replicationcontrollers', 'services', 'daemonsets', 'deployments', 'replicasets', 'statefulsets',
  'horizontalpodautoscalers', 'cronjobs', 'jobs',
]; // biome-ignore format: one list

/** undefined: all namespaces. */
export function namespaceOf(call: KubectlCall, context: CallContext): string | undefined {
  return isOn(call, 'all-namespaces') ? undefined : (flag(call, 'namespace') ?? context.namespace);
}

export async function chooseObjects(
  call: KubectlCall,
  context: CallContext,
  words: readonly string[] = call.positionals,
): Promise<ChosenObjects> {
  const objects: ChosenObject[] = [];
  const notes: string[] = [];
  for (const ref of objectRefs(words).flatMap(expandAll)) {
    const kind = await context.kinds.ofWord(ref.resource, context.options);
    const namespace = kind.namespaced ? namespaceOf(call, context) : undefined;
    if (ref.name !== undefined) {
      objects.push(
        await chooseOne(
          kind,
          namespace ?? (kind.namespaced ? context.namespace : undefined),
          ref.name,
          context,
        ),
      );
      continue;
    }
    const selector = flag(call, 'selector');
    const fieldSelector = flag(call, 'field-selector');
    if (!selector && !fieldSelector && !isOn(call, 'all') && call.verb !== 'rollout') {
      notes.push(`kubectl refuses this: ${ref.resource} without a name, a selector or --all`);
      continue;
    }
    const list = await context.store.list(kind, namespace, { ...context.options, selector, fieldSelector });
    for (const live of list.items) {
      objects.push({ kind, namespace: live.metadata.namespace, name: live.metadata.name, live });
    }
    if (list.items.length === 0)
      notes.push(`no ${kind.plural} match ${selector ?? fieldSelector ?? '--all'}`);
    if (list.truncated) notes.push(`more than ${list.items.length} ${kind.plural} match`);
  }
  for (const { kind, name, live } of objects) {
    if (!live) notes.push(`${kind.kind.toLowerCase()}/${name} does not exist`);
  }
  return { objects, notes };
}

function expandAll(ref: ObjectRef): ObjectRef[] {
  if (ref.resource !== 'all' || ref.name !== undefined) return [ref];
  return everyday.map((resource) => ({ resource, name: undefined }));
}

async function chooseOne(
  kind: ResourceKind,
  namespace: string | undefined,
  name: string,
  context: CallContext,
): Promise<ChosenObject> {
  return { kind, namespace, name, live: await context.store.find(kind, namespace, name, context.options) };
}

export interface ChosenManifest extends ChosenObject {
  readonly manifest: KubernetesObject;
}

/** The live counterparts of manifests, in their order. */
export async function chooseByManifests(
  call: KubectlCall,
  manifests: Manifests,
  context: CallContext,
): Promise<{ objects: ChosenManifest[]; notes: string[] }> {
  const notes = [...manifests.unknown, ...manifests.problems];
  const objects: ChosenManifest[] = [];
  const asked = flag(call, 'namespace');
  for (const manifest of manifests.objects) {
    const { apiVersion, kind: kindName, metadata } = manifest;
    try {
      const kind = await context.kinds.ofManifest(apiVersion, kindName, context.options);
      const own = metadata.namespace;
      if (kind.namespaced && asked && own && own !== asked) {
        notes.push(`kubectl refuses ${kindName}/${metadata.name}: its namespace ${own} is not ${asked}`);
        continue;
      }
      const namespace = kind.namespaced ? (own ?? asked ?? context.namespace) : undefined;
      const name = metadata.name ?? '';
      const live = name ? await context.store.find(kind, namespace, name, context.options) : undefined;
      objects.push({ kind, namespace, name, live, manifest });
    } catch (error) {
      notes.push(`${kindName}/${metadata.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { objects, notes };
}
