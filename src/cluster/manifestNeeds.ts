// The rights that a kubectl call needs for the objects of the manifests that it names by -f.

import type { AccessRequest } from './accessReview.ts';
import type { CallOptions } from './apiTransport.ts';
import { flag, type KubectlCall } from './kubectlArguments.ts';
import { textAt } from './kubernetesObject.ts';
import { readManifests } from './manifests.ts';
import type { ResourceKinds } from './resourceKinds.ts';

const verbsOf: Readonly<Record<string, readonly string[]>> = {
  apply: ['get', 'create', 'patch'],
  create: ['create'],
  replace: ['get', 'update'],
  delete: ['delete'],
  get: ['get'],
  diff: ['get', 'patch'],
};

/**
 * Each right once. Files that can't be read here, and standard input, give none.
 * Error: `cluster-not-found` for a kind that the cluster doesn't serve.
 */
export async function manifestNeeds(
  call: KubectlCall,
  kinds: ResourceKinds,
  place: { readonly namespace: string; readonly cwd: string },
  options: CallOptions = {},
): Promise<AccessRequest[]> {
  const verbs = verbsOf[call.verb];
  if (!verbs || !call.flags.has('filename')) return [];
  const found = new Map<string, AccessRequest>();
  for (const object of (await readManifests(call, { cwd: place.cwd })).objects) {
    const kind = await kinds.ofManifest(object.apiVersion, object.kind, options);
    const namespace = textAt(object, 'metadata', 'namespace') ?? flag(call, 'namespace') ?? place.namespace;
    for (const verb of verbs) {
      const request = {
        verb,
        group: kind.group,
        resource: kind.plural,
        ...(kind.namespaced ? { namespace } : {}),
      };
      found.set(JSON.stringify(request), request);
    }
  }
  return [...found.values()];
}
