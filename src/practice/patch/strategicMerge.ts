// Strategic merge patch: maps merge, lists merge by key where the kind says so, with the directives
// `$patch`, `$retainKeys`, `$deleteFromPrimitiveList/…` and `$setElementOrder/…`.
// Source: https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/ and the
// design note strategic-merge-patch.md of kubernetes/community.

import { ApiError } from '../store/apiError.ts';
import type { Json } from '../store/kubeObject.ts';
import { inPatchOrder, sameElement } from './elementOrder.ts';
import type { FieldTypes } from './fieldTypes.ts';
import { type ListStrategy, listStrategy } from './mergeKeys.ts';
import { isMap } from './mergePatch.ts';

const directive = '$patch';
const deletePrefix = '$deleteFromPrimitiveList/';
const orderPrefix = '$setElementOrder/';

/** `original` (of client-node's `model`) patched; neither is changed. Throws 400 for a malformed patch. */
export function strategicMerge(original: Json, patch: Json, model: string, types: FieldTypes): Json {
  return mergeMap(structuredClone(original), structuredClone(patch), model, types);
}

function mergeMap(original: Json, patch: Json, model: string, types: FieldTypes): Json {
  if (directive in patch) return directed(original, patch);
  retain(original, patch);
  mergeOrdered(original, patch, model, types);
  for (const [rawKey, value] of Object.entries<Json>(patch)) {
    const deletes = rawKey.startsWith(deletePrefix);
    const key = deletes ? rawKey.slice(deletePrefix.length) : rawKey;
    if (value === null) {
      delete original[key];
      continue;
    }
    const present = original[key];
    const sameShape =
      present !== undefined &&
      present !== null &&
      Array.isArray(present) === Array.isArray(value) &&
      typeof present === typeof value;
    if (!sameShape) {
      if (!deletes && !(isMap(value) && directive in value))
        original[key] = withoutDirectives(withoutNulls(value));
    } else if (Array.isArray(value)) {
      const strategy = listStrategy(model, key);
      if (deletes) original[key] = present.filter((one: Json) => !value.includes(one));
      else if (!strategy) original[key] = value;
      else original[key] = mergeList(present, value, strategy, typeOf(model, key, types), types);
    } else if (isMap(value)) original[key] = mergeMap(present, value, typeOf(model, key, types), types);
    else original[key] = value;
  }
  return original;
}

function typeOf(model: string, field: string, types: FieldTypes): string {
  const found = types.of(model)?.get(field);
  return found && found.shape !== 'map' ? found.type : '';
}

function directed(_original: Json, patch: Json): Json {
  const { [directive]: what, ...rest } = patch;
  if (what === 'replace') return rest;
  if (what === 'delete') return {};
  throw ApiError.badRequest(`unknown patch type found: ${what}`);
}

/** `$retainKeys`: of a union's fields only those named stay. */
function retain(original: Json, patch: Json): void {
  const keys: Json = patch.$retainKeys;
  delete patch.$retainKeys;
  if (!Array.isArray(keys)) return;
  for (const key of Object.keys(original)) if (!keys.includes(key)) delete original[key];
}

function mergeOrdered(original: Json, patch: Json, model: string, types: FieldTypes): void {
  for (const directiveKey of Object.keys(patch).filter((key) => key.startsWith(orderPrefix))) {
    const order: Json[] = patch[directiveKey];
    delete patch[directiveKey];
    const field = directiveKey.slice(orderPrefix.length);
    const before: Json[] | undefined = original[field];
    const wanted: Json[] | undefined = patch[field];
    if (wanted === null || (!before && !wanted)) continue;
    if (!before?.length && !wanted?.length)
      throw ApiError.badRequest('no elements in any of the given slices');
    const strategy = listStrategy(model, field) ?? {};
    const listed = listStrategy(model, field) !== undefined;
    let merged: Json[] = before ?? [];
    if (!before) merged = withoutDirectives(wanted);
    else if (wanted)
      merged = listed ? mergeList(before, wanted, strategy, typeOf(model, field, types), types) : wanted;
    const server = before && wanted && strategy.key ? leftOf(before, wanted, strategy.key) : (before ?? []);
    original[field] = inPatchOrder(merged, order, server, strategy.key);
    delete patch[field];
  }
}

function mergeList(
  original: Json[],
  patch: Json[],
  strategy: ListStrategy,
  model: string,
  types: FieldTypes,
): Json[] {
  if (original.length === 0 && patch.length === 0) return original;
  const { key } = strategy;
  if (!key) return inPatchOrder([...new Set([...original, ...patch])], patch, original, undefined);
  let kept = [...original];
  const additions: Json[] = [];
  let replaces = false;
  for (const element of patch) {
    if (!isMap(element)) throw ApiError.badRequest('cannot merge a list of maps with anything else');
    if (element[directive] === 'replace') replaces = true;
    else if (element[directive] === 'delete') {
      if (!(key in element)) throw noKey(element, key);
      kept = kept.filter((one) => one[key] !== element[key]);
    } else if (directive in element)
      throw ApiError.badRequest(`unknown patch type found: ${element[directive]}`);
    else additions.push(element);
  }
  if (replaces) return additions;
  const merged = [...kept];
  for (const element of additions) {
    if (!(key in element)) throw noKey(element, key);
    const index = merged.findIndex((one) => sameElement(one, element, key));
    if (index < 0) merged.push(element);
    else merged[index] = mergeMap(merged[index], { ...element }, model, types);
  }
  return inPatchOrder(merged, additions, kept, key);
}

/**
 * The server's list as the reference sees it once it has merged: deleted elements are shifted out of it in place and
 * the patch's new ones take the places that came free, so that they have an order among the server's own.
 * Source: `deleteMatchingEntries` and `mergeSliceWithoutSpecialElements` of k8s.io/apimachinery's strategicpatch,
 * which share their slice with the caller; kubectl and the API server both do.
 */
function leftOf(before: Json[], patch: Json[], key: string): Json[] {
  if (patch.some((one) => one?.[directive] === 'replace')) return before;
  const places = [...before];
  let length = places.length;
  const indexOf = (element: Json): number =>
    places.slice(0, length).findIndex((one) => sameElement(one, element, key));
  for (const element of patch) {
    if (element?.[directive] !== 'delete') continue;
    for (let index = indexOf(element); index >= 0; index = indexOf(element)) {
      places.copyWithin(index, index + 1, length);
      length -= 1;
    }
  }
  for (const element of patch) {
    if (isMap(element) && !(directive in element) && indexOf(element) < 0) places[length++] = element;
  }
  return places.slice(0, before.length);
}

function noKey(element: Json, key: string): ApiError {
  return ApiError.badRequest(`map: ${JSON.stringify(element)} does not contain declared merge key: ${key}`);
}

/** Nulls of maps mean "delete": what is new has nothing to delete. */
function withoutNulls(value: Json): Json {
  if (!isMap(value)) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutNulls(one)]));
}

function withoutDirectives(value: Json): Json {
  if (Array.isArray(value))
    return value.filter((one) => !(isMap(one) && directive in one)).map(withoutDirectives);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).filter(
    ([key, one]) => !isDirective(key) && !(isMap(one) && directive in one),
  );
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutDirectives(one)]));
}

function isDirective(key: string): boolean {
  return (
    key === directive || key === '$retainKeys' || key.startsWith(deletePrefix) || key.startsWith(orderPrefix)
  );
}
