// Who manages which field: kept for server-side apply, which needs it to see conflicts and to take away what
// an applier no longer names. Other writes are noted as one entry a manager.
// Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/

import type { IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import { isMap } from '../patch/mergePatch.ts';
import { ApiError } from '../store/apiError.ts';
import { type Json, type KubeObject, kubeTime } from '../store/kubeObject.ts';
import type { RequestInfo } from './requestInfo.ts';

const skipped = new Set(['apiVersion', 'kind']);
const metadataKept = new Set(['labels', 'annotations', 'finalizers', 'ownerReferences']);
/** Lists whose elements are told apart by these fields, in any kind; other lists are one value. */
const elementKeys: Record<string, readonly string[]> = {
  containers: ['name'],
  initContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  ports: ['containerPort', 'port'],
  ownerReferences: ['uid'],
  conditions: ['type'],
};

type Fields = Map<string, Json>;

function keyFieldOf(list: string, elements: Json[]): string | undefined {
  return elementKeys[list]?.find((key) => elements.every((one) => isMap(one) && one[key] !== undefined));
}

/** Every leaf of an object by its path; a path is JSON of its steps. */
function leavesOf(value: Json, path: string[] = [], into: Fields = new Map()): Fields {
  const list = Array.isArray(value) ? keyFieldOf(path.at(-1) ?? '', value) : undefined;
  if (list && value.length > 0)
    for (const one of value) leavesOf(one, [...path, `k:${JSON.stringify({ [list]: one[list] })}`], into);
  else if (isMap(value) && Object.keys(value).length > 0)
    for (const [key, one] of Object.entries(value)) {
      if (path.length === 0 && (skipped.has(key) || key === 'status')) continue;
      if (path.length === 1 && path[0] === 'f:metadata' && !metadataKept.has(key)) continue;
      leavesOf(one, [...path, `f:${key}`], into);
    }
  else into.set(JSON.stringify(path), value);
  return into;
}

function toFieldsV1(leaves: Fields): Json {
  const tree: Json = {};
  for (const path of leaves.keys()) {
    let at = tree;
    for (const step of JSON.parse(path) as string[]) at = at[step] ??= {};
  }
  return tree;
}

function fromFieldsV1(tree: Json, path: string[] = [], into = new Set<string>()): Set<string> {
  const keys = Object.keys(tree ?? {});
  if (keys.length === 0 && path.length > 0) into.add(JSON.stringify(path));
  for (const key of keys) fromFieldsV1(tree[key], [...path, key], into);
  return into;
}

/** Notes on `object` that its changes to `previous` are the requester's. */
export function noteManager(
  object: Json,
  info: RequestInfo,
  request: IncomingMessage,
  now: number,
  previous?: KubeObject,
): void {
  const agent = request.headers['user-agent']?.split('/')[0] ?? 'unknown';
  const manager = info.query.get('fieldManager') ?? agent;
  const before = previous ? leavesOf(previous) : new Map();
  const changed: Fields = new Map();
  for (const [path, value] of leavesOf(object))
    if (!isDeepStrictEqual(before.get(path), value)) changed.set(path, value);
  if (changed.size === 0) return;
  const entries: Json[] = structuredClone(previous?.metadata.managedFields ?? []);
  for (const entry of entries) {
    const kept = [...fromFieldsV1(entry.fieldsV1)].filter((path) => !changed.has(path));
    entry.fieldsV1 = toFieldsV1(new Map(kept.map((path) => [path, null])));
  }
  const own = entries.find((one) => one.manager === manager && one.operation === 'Update');
  const fields = new Map([...fromFieldsV1(own?.fieldsV1)].map((path): [string, Json] => [path, null]));
  for (const path of changed.keys()) fields.set(path, null);
  object.metadata ??= {};
  object.metadata.managedFields = [
    ...entries.filter((one) => one !== own && Object.keys(one.fieldsV1).length > 0),
    entryOf(manager, 'Update', object.apiVersion, fields, now),
  ];
}

function entryOf(manager: string, operation: string, apiVersion: string, fields: Fields, now: number): Json {
  return {
    manager,
    operation,
    apiVersion,
    time: kubeTime(now),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
  };
}

/** Applies a configuration: conflicts unless forced; what the manager applied before and names no more goes. */
export function serverSideApply(
  present: KubeObject | undefined,
  applied: Json,
  info: RequestInfo,
  now: number,
  kind: Kind,
): { object: KubeObject; created: boolean } {
  const manager = info.query.get('fieldManager');
  if (!manager) throw ApiError.badRequest('fieldManager is required for apply patch');
  const wanted = leavesOf(applied);
  const object: KubeObject = present ? structuredClone(present) : structuredClone(applied);
  const entries: Json[] = present?.metadata.managedFields ?? [];
  const before = present ? leavesOf(present) : new Map();
  const own = entries.find((one) => one.manager === manager && one.operation === 'Apply');
  const lost = new Set<string>();
  const conflicts: { manager: string; field: string }[] = [];
  for (const entry of entries.filter((one) => one !== own))
    for (const path of fromFieldsV1(entry.fieldsV1))
      if (wanted.has(path) && before.has(path) && !isDeepStrictEqual(before.get(path), wanted.get(path))) {
        conflicts.push({ manager: entry.manager, field: dotted(path) });
        lost.add(path);
      }
  if (conflicts.length > 0 && info.query.get('force') !== 'true') throw conflictError(conflicts);
  const others = new Set(
    entries.filter((one) => one !== own).flatMap((one) => [...fromFieldsV1(one.fieldsV1)]),
  );
  for (const path of fromFieldsV1(own?.fieldsV1))
    if (!wanted.has(path) && !others.has(path)) erase(object, JSON.parse(path));
  for (const [path, value] of wanted) put(object, JSON.parse(path), value);
  object.metadata.managedFields = [
    ...entries
      .filter((one) => one !== own)
      .map((one) => {
        const kept = [...fromFieldsV1(one.fieldsV1)].filter((path) => !lost.has(path));
        return { ...one, fieldsV1: toFieldsV1(new Map(kept.map((path) => [path, null]))) };
      })
      .filter((one) => Object.keys(one.fieldsV1).length > 0),
    entryOf(manager, 'Apply', apiVersionOf(kind), wanted, now),
  ];
  if (present && applied.metadata?.resourceVersion)
    object.metadata.resourceVersion = applied.metadata.resourceVersion;
  else if (present) delete (object.metadata as Json).resourceVersion;
  return { object, created: !present };
}

function conflictError(conflicts: { manager: string; field: string }[]): ApiError {
  const told = conflicts.map(({ manager, field }) => `conflict with "${manager}": ${field}`);
  return ApiError.applyConflict(
    `Apply failed with ${conflicts.length} conflict${conflicts.length === 1 ? '' : 's'}: ${told.join('\n')}`,
    conflicts.map(({ manager, field }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with "${manager}"`,
      field,
    })),
  );
}

function dotted(path: string): string {
  return (JSON.parse(path) as string[])
    .map((step) => {
      if (step.startsWith('f:')) return `.${step.slice(2)}`;
      const [[key, value]] = Object.entries(JSON.parse(step.slice(2))) as [[string, unknown]];
      return `[${key}=${JSON.stringify(value)}]`;
    })
    .join('');
}

function elementAt(list: Json[], step: string): number {
  const [[key, value]] = Object.entries(JSON.parse(step.slice(2))) as [[string, unknown]];
  return list.findIndex((one) => one[key] === value);
}

function put(object: Json, steps: string[], value: Json): void {
  let at = object;
  for (const [index, step] of steps.entries()) {
    const last = index === steps.length - 1;
    if (step.startsWith('f:')) {
      const key = step.slice(2);
      if (last) at[key] = structuredClone(value);
      else at = at[key] ??= steps[index + 1]!.startsWith('k:') ? [] : {};
    } else {
      let found = elementAt(at, step);
      if (found < 0) found = at.push(JSON.parse(step.slice(2))) - 1;
      at = at[found];
    }
  }
}

function erase(object: Json, steps: string[]): void {
  const trail: { parent: Json; step: string }[] = [];
  let at = object;
  for (const step of steps) {
    trail.push({ parent: at, step });
    at = step.startsWith('f:') ? at?.[step.slice(2)] : at?.[elementAt(at, step)];
    if (at === undefined) return;
  }
  for (const { parent, step } of trail.reverse()) {
    if (step.startsWith('f:')) delete parent[step.slice(2)];
    else parent.splice(elementAt(parent, step), 1);
    const onlyKey = !Array.isArray(parent) && Object.keys(parent).length === 0;
    if (!onlyKey && !(Array.isArray(parent) && parent.length === 0)) return;
  }
}
