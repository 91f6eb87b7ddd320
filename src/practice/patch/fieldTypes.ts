// The types of the built-in kinds' fields, read from client-node's generated models (some 700 of them, hence
// loaded when first needed). Used for strategic merge, field validation and the OpenAPI document.

import type { Json } from '../store/kubeObject.ts';

export interface FieldType {
  /** A model's name, or `string`, `number`, `boolean`, `Date`, `any`, `IntOrString`. */
  readonly type: string;
  readonly shape: 'single' | 'list' | 'map';
  /** `int32`, `int64`, `double`, `byte`, `date-time`, …; may be ''. */
  readonly format: string;
}

export interface FieldTypes {
  /** The fields of a model by their name on the wire; undefined for what is no model. */
  of(model: string): ReadonlyMap<string, FieldType> | undefined;
}

interface Attribute {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

let loaded: Promise<FieldTypes> | undefined;

export function loadFieldTypes(): Promise<FieldTypes> {
  loaded ??= import('@kubernetes/client-node/dist/gen/models/all.js').then(toFieldTypes);
  return loaded;
}

function toFieldTypes(models: Json): FieldTypes {
  const known = new Map<string, ReadonlyMap<string, FieldType>>();
  return {
    of(model) {
      const present = known.get(model);
      if (present) return present;
      const attributes: Attribute[] | undefined = models[model]?.attributeTypeMap;
      if (!attributes) return undefined;
      const fields = new Map(attributes.map((one) => [one.baseName, toFieldType(one)]));
      known.set(model, fields);
      return fields;
    },
  };
}

function toFieldType({ type, format }: Attribute): FieldType {
  const list = /^Array<(.*)>$/.exec(type);
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  const inner = list?.[1] ?? map?.[1] ?? type;
  return { type: inner, shape: list ? 'list' : map ? 'map' : 'single', format };
}
