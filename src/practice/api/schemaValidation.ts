// Custom objects held against their CustomResourceDefinition's schema: the keywords that people use.

import type { Cause } from '../kinds/validation.ts';
import { isMap } from '../patch/mergePatch.ts';
import type { Json } from '../store/kubeObject.ts';

const always = new Set(['apiVersion', 'kind', 'metadata']);

/** What is wrong with `object`; fields that the schema lacks are added to `unknown`. */
export function schemaProblems(schema: Json, object: Json, unknown: string[]): Cause[] {
  const causes: Cause[] = [];
  if (schema) check(schema, object, '', causes, unknown);
  return causes;
}

function check(schema: Json, value: Json, path: string, causes: Cause[], unknown: string[]): void {
  const tell = (message: string, field = path): void => {
    causes.push({ field: field || '<nil>', message });
  };
  if (value === null || value === undefined) return;
  if (schema['x-kubernetes-int-or-string']) {
    if (typeof value !== 'string' && !Number.isInteger(value))
      tell('Invalid value: must be an integer or a string');
    return;
  }
  const type = Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  const fits = !schema.type || schema.type === type || (schema.type === 'number' && type === 'integer');
  if (!fits) {
    tell(`Invalid value: "${type}": ${path} in body must be of type ${schema.type}: "${type}"`);
    return;
  }
  if (schema.enum && !schema.enum.includes(value))
    tell(
      `Unsupported value: ${JSON.stringify(value)}: supported values: ${schema.enum.map((one: Json) => JSON.stringify(one)).join(', ')}`,
    );
  if (value < schema.minimum)
    tell(`Invalid value: ${value}: ${path} in body should be greater than or equal to ${schema.minimum}`);
  if (value > schema.maximum)
    tell(`Invalid value: ${value}: ${path} in body should be less than or equal to ${schema.maximum}`);
  if (schema.pattern && typeof value === 'string' && !new RegExp(schema.pattern).test(value))
    tell(`Invalid value: "${value}": ${path} in body should match '${schema.pattern}'`);
  if (Array.isArray(value) && schema.items)
    for (const [index, one] of value.entries())
      check(schema.items, one, `${path}[${index}]`, causes, unknown);
  if (!isMap(value)) return;
  for (const name of schema.required ?? [])
    if (!(name in value)) tell('Required value', path ? `${path}.${name}` : name);
  for (const [key, one] of Object.entries(value)) {
    const at = path ? `${path}.${key}` : key;
    if (!path && always.has(key)) continue;
    const property =
      schema.properties?.[key] ??
      (isMap(schema.additionalProperties) ? schema.additionalProperties : undefined);
    if (property) check(property, one, at, causes, unknown);
    else if (
      schema.properties &&
      !schema['x-kubernetes-preserve-unknown-fields'] &&
      !schema.additionalProperties
    )
      unknown.push(at);
  }
}
