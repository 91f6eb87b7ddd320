// Fields that a kind doesn't have, and values of the wrong type: refused, warned of, or ignored, as asked.

import type { Kind } from '../kinds/kind.ts';
import { type FieldType, type FieldTypes, loadFieldTypes } from '../patch/fieldTypes.ts';
import { isMap } from '../patch/mergePatch.ts';
import { ApiError } from '../store/apiError.ts';
import type { Json } from '../store/kubeObject.ts';
import { schemaProblems } from './schemaValidation.ts';

/** Warnings to send, with `Warn`. Throws 400 for a wrong type, and with `Strict` for an unknown field. */
export async function checkFields(kind: Kind, object: Json, mode: string): Promise<string[]> {
  const unknown: string[] = [];
  if (kind.custom) {
    const causes = schemaProblems(kind.custom.schema, object, unknown);
    if (causes.length > 0) throw ApiError.invalid(kind.group, kind.kind, object.metadata?.name ?? '', causes);
  } else if (kind.model) walk(object, kind.model, '', await loadFieldTypes(), unknown);
  if (mode === 'Ignore' || unknown.length === 0) return [];
  const told = unknown.map((field) => `unknown field "${field}"`);
  if (mode !== 'Strict') return told;
  throw ApiError.badRequest(
    `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: strict decoding error: ${told.join(', ')}`,
  );
}

function walk(value: Json, model: string, path: string, types: FieldTypes, unknown: string[]): void {
  const fields = types.of(model);
  if (!fields) return;
  if (!isMap(value)) throw wrongType(value, model, path);
  for (const [key, one] of Object.entries(value)) {
    const at = path ? `${path}.${key}` : key;
    const field = fields.get(key);
    if (!field) unknown.push(at);
    else if (one !== null && one !== undefined) walkField(one, field, at, types, unknown);
  }
}

function walkField(value: Json, field: FieldType, path: string, types: FieldTypes, unknown: string[]): void {
  const single = { ...field, shape: 'single' as const };
  if (field.shape === 'list') {
    if (!Array.isArray(value)) throw wrongType(value, `[]${field.type}`, path);
    for (const [index, one] of value.entries())
      if (one !== null) walkField(one, single, `${path}[${index}]`, types, unknown);
  } else if (field.shape === 'map') {
    if (!isMap(value)) throw wrongType(value, `map[string]${field.type}`, path);
    for (const [key, one] of Object.entries(value))
      if (one !== null) walkField(one, single, `${path}.${key}`, types, unknown);
  } else if (types.of(field.type)) walk(value, field.type, path, types, unknown);
  else if (!scalarFits(value, field, path)) throw wrongType(value, goName(field), path);
}

/** Maps and fields of quantities, which may be numbers: client-node calls them strings. */
const quantityPath =
  /\.(limits|requests|hard|used|capacity|allocatable|default|defaultRequest|max|min|overhead|sizeLimit|divisor)(\.[^.]+)?$/;

function scalarFits(value: Json, { type, format }: FieldType, path: string): boolean {
  if (type === 'string')
    return typeof value === 'string' || (typeof value === 'number' && quantityPath.test(path));
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'number')
    return typeof value === 'number' && (!format.startsWith('int') || Number.isInteger(value));
  if (type === 'Date' || type === 'V1MicroTime') return typeof value === 'string';
  return true;
}

function goName({ type, format }: FieldType): string {
  if (type === 'boolean') return 'bool';
  return type === 'number' ? format || 'float64' : type;
}

function wrongType(value: Json, type: string, path: string): ApiError {
  const got = Array.isArray(value)
    ? 'array'
    : value !== null && typeof value === 'object'
      ? 'object'
      : typeof value;
  return ApiError.badRequest(
    `json: cannot unmarshal ${got === 'boolean' ? 'bool' : got} into Go struct field .${path} of type ${type}`,
  );
}
