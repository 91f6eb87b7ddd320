// JSON patch, RFC 6902, over JSON pointers, RFC 6901.

import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../store/apiError.ts';
import type { Json } from '../store/kubeObject.ts';

/** `target` patched; it is not changed. Throws 422 for a path that isn't there or a test that fails. */
export function jsonPatch(target: Json, operations: Json): Json {
  if (!Array.isArray(operations)) throw ApiError.badRequest('a JSON patch is a list of operations');
  let document = structuredClone(target);
  for (const operation of operations) document = applyOne(document, operation);
  return document;
}

function applyOne(document: Json, { op, path, from, value }: Json): Json {
  if (typeof path !== 'string') throw rejected(`missing path in operation "${op}"`);
  switch (op) {
    case 'add':
      return write(document, path, structuredClone(value), 'add');
    case 'replace':
      read(document, path);
      return write(document, path, structuredClone(value), 'replace');
    case 'remove':
      return erase(document, path);
    case 'move': {
      const moved = read(document, from);
      return write(erase(document, from), path, moved, 'add');
    }
    case 'copy':
      return write(document, path, structuredClone(read(document, from)), 'add');
    case 'test':
      if (!isDeepStrictEqual(readOrUndefined(document, path), value ?? undefined))
        throw rejected(`testing value ${path} failed`);
      return document;
    default:
      throw rejected(`unexpected kind: ${op}`);
  }
}

function rejected(why: string): ApiError {
  return ApiError.invalid('', '', '', [{ field: 'patch', message: why }]);
}

function steps(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw rejected(`not a JSON pointer: ${pointer}`);
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function indexIn(list: Json[], step: string, extra = 0): number {
  const index = /^-\d+$/.test(step) ? list.length + Number(step) : Number(step);
  if (!/^-?\d+$/.test(step) || index < 0 || index >= list.length + extra)
    throw rejected(`unable to access invalid index: ${step}`);
  return index;
}

function child(parent: Json, step: string): Json {
  if (Array.isArray(parent)) return parent[indexIn(parent, step)];
  return parent?.[step];
}

function readOrUndefined(document: Json, pointer: string): Json {
  return steps(pointer).reduce(child, document);
}

function read(document: Json, pointer: string): Json {
  const value = readOrUndefined(document, pointer);
  if (value === undefined) throw rejected(`doc is missing key: ${pointer}`);
  return value;
}

function parentOf(document: Json, pointer: string): { parent: Json; last: string } {
  const all = steps(pointer);
  const last = all.pop()!;
  const parent = all.reduce(child, document);
  if (parent === null || typeof parent !== 'object') throw rejected(`doc is missing path: ${pointer}`);
  return { parent, last };
}

function write(document: Json, pointer: string, value: Json, how: 'add' | 'replace'): Json {
  if (pointer === '') return value;
  const { parent, last } = parentOf(document, pointer);
  if (!Array.isArray(parent)) parent[last] = value;
  else if (how === 'replace') parent[indexIn(parent, last)] = value;
  else if (last === '-') parent.push(value);
  else parent.splice(indexIn(parent, last, 1), 0, value);
  return document;
}

function erase(document: Json, pointer: string): Json {
  const { parent, last } = parentOf(document, pointer);
  if (Array.isArray(parent)) parent.splice(indexIn(parent, last), 1);
  else {
    if (!(last in parent)) throw rejected(`unable to remove nonexistent key: ${last}`);
    delete parent[last];
  }
  return document;
}
