// PATCH in its four forms: JSON, merge, strategic merge and server-side apply.

import type { Kind } from '../kinds/kind.ts';
import { resourceOf } from '../kinds/kind.ts';
import { loadFieldTypes } from '../patch/fieldTypes.ts';
import { jsonPatch } from '../patch/jsonPatch.ts';
import { isMap, mergePatch } from '../patch/mergePatch.ts';
import { strategicMerge } from '../patch/strategicMerge.ts';
import { ApiError } from '../store/apiError.ts';
import type { Json, KubeObject } from '../store/kubeObject.ts';
import type { Registry } from '../store/registry.ts';
import { mediaType } from './body.ts';
import { checkFields } from './fieldValidation.ts';
import { noteManager, serverSideApply } from './managedFields.ts';
import type { ResourceCall } from './resourceRequests.ts';
import { scaleOf, withScale } from './scale.ts';
import { inVersion } from './tables.ts';

const strategic = 'application/strategic-merge-patch+json';
const common = ['application/json-patch+json', 'application/merge-patch+json'];
const apply = 'application/apply-patch+yaml';

export function patchTypes(kind: Kind): string[] {
  return kind.model ? [...common, strategic, apply] : [...common, apply];
}

/** The object as patched, not yet written; `created` when apply found none. */
export async function patchedObject(
  registry: Registry,
  call: ResourceCall,
  patch: Json,
): Promise<{ object: KubeObject; created: boolean }> {
  const { kind, target, info, request } = call;
  const type = mediaType(request);
  if (!patchTypes(kind).includes(type)) throw ApiError.unsupportedMediaType(patchTypes(kind));
  const validation = info.query.get('fieldValidation') ?? 'Warn';
  const present = registry.store.get(resourceOf(kind), target.namespace, target.name);
  if (type === apply) {
    await checkFields(kind, patch, validation);
    return serverSideApply(present, patch, info, registry.store.now(), kind);
  }
  if (!present) throw ApiError.notFound(kind.plural, kind.group, target.name);
  const scaled = target.subresource === 'scale';
  const before: Json = scaled ? scaleOf(present) : inVersion(kind, present);
  const after = await applyPatch(before, patch, type, scaled ? 'V1Scale' : kind.model);
  if (scaled) return { object: withScale(present, after), created: false };
  if (!patch?.metadata?.resourceVersion) delete after.metadata.resourceVersion;
  const warnings = await checkFields(kind, after, validation);
  for (const warning of warnings) call.response.appendHeader('Warning', `299 - ${JSON.stringify(warning)}`);
  noteManager(after, info, request, registry.store.now(), present);
  return { object: after, created: false };
}

/** The three patch types of RFC 6902, RFC 7386 and Kubernetes on any object. */
export async function applyPatch(before: Json, patch: Json, type: string, model: string): Promise<Json> {
  if (type === common[0]) return jsonPatch(before, patch);
  if (!isMap(patch)) throw ApiError.badRequest(`cannot unmarshal ${JSON.stringify(patch)} into a patch`);
  if (type === common[1]) return mergePatch(before, patch);
  return strategicMerge(before, patch, model, await loadFieldTypes());
}
