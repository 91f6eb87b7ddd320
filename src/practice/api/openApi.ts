// The OpenAPI v3 document of one group version, as far as kubectl reads it: field types for `explain`, merge
// keys for `apply`, and what a PATCH takes.

import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import type { FieldType, FieldTypes } from '../patch/fieldTypes.ts';
import { listStrategy, retainKeys } from '../patch/mergeKeys.ts';
import type { Json } from '../store/kubeObject.ts';
import { patchTypes } from './patchRequest.ts';

const prefix = '#/components/schemas/';

export function openApiDocument(kinds: readonly Kind[], types: FieldTypes): Json {
  const schemas: Record<string, Json> = {};
  const paths: Record<string, Json> = {};
  for (const kind of kinds) {
    const name = kind.model || `custom.${kind.group}.${kind.version}.${kind.kind}`;
    if (kind.model) addModel(kind.model, types, schemas);
    else schemas[name] = customSchema(kind);
    const gvk = { group: kind.group, version: kind.version, kind: kind.kind };
    schemas[name] = {
      description: `${kind.kind} of the practice cluster.`,
      ...schemas[name],
      'x-kubernetes-group-version-kind': [gvk],
    };
    const root = kind.group ? `/apis/${apiVersionOf(kind)}` : `/api/${kind.version}`;
    const collection = `${root}/${kind.namespaced ? 'namespaces/{namespace}/' : ''}${kind.plural}`;
    const own = { 'x-kubernetes-group-version-kind': gvk };
    paths[collection] = { post: operation(own, name, ['application/json', 'application/yaml']) };
    paths[`${collection}/{name}`] = {
      get: { ...own, responses: { 200: { description: 'OK' } } },
      put: operation(own, name, ['application/json', 'application/yaml']),
      patch: operation(own, name, patchTypes(kind)),
    };
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes (practice cluster)', version: 'v1.32.0' },
    paths,
    components: { schemas },
  };
}

function operation(own: Json, schema: string, media: readonly string[]): Json {
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  }));
  const content = Object.fromEntries(media.map((type) => [type, { schema: { $ref: prefix + schema } }]));
  return { ...own, parameters, requestBody: { content }, responses: { 200: { description: 'OK' } } };
}

function addModel(model: string, types: FieldTypes, schemas: Record<string, Json>): void {
  if (schemas[model]) return;
  const properties: Record<string, Json> = {};
  schemas[model] = { type: 'object', properties };
  for (const [name, field] of types.of(model) ?? []) {
    properties[name] = fieldSchema(model, name, field, types);
    if (types.of(field.type)) addModel(field.type, types, schemas);
  }
}

function fieldSchema(model: string, name: string, field: FieldType, types: FieldTypes): Json {
  const one = types.of(field.type)
    ? { allOf: [{ $ref: prefix + field.type }], default: {} }
    : scalarSchema(field);
  if (field.shape === 'map') return { type: 'object', additionalProperties: one };
  const keeps = retainKeys.has(`${model}.${name}`);
  if (field.shape === 'single') return keeps ? { ...one, 'x-kubernetes-patch-strategy': 'retainKeys' } : one;
  const strategy = listStrategy(model, name);
  return {
    type: 'array',
    items: one,
    ...(strategy ? { 'x-kubernetes-patch-strategy': keeps ? 'merge,retainKeys' : 'merge' } : {}),
    ...(strategy?.key ? { 'x-kubernetes-patch-merge-key': strategy.key } : {}),
  };
}

function scalarSchema({ type, format }: FieldType): Json {
  if (type === 'number')
    return { type: format.startsWith('int') ? 'integer' : 'number', ...(format ? { format } : {}) };
  if (type === 'boolean') return { type: 'boolean' };
  if (type === 'string') return { type: 'string', ...(format ? { format } : {}) };
  if (type === 'Date' || type === 'V1MicroTime') return { type: 'string', format: 'date-time' };
  if (type === 'IntOrString')
    return { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] };
  return { type: 'object' };
}

function customSchema(kind: Kind): Json {
  const meta = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } };
  const given = kind.custom?.schema ?? {};
  return { type: 'object', ...given, properties: { ...meta, ...given.properties } };
}
