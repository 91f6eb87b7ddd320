// The part of JSONPath that printer columns use: fields, indexes, `[*]` and `[?(@.a=="b")]`.

import type { Json } from '../store/kubeObject.ts';

const step =
  /\.([A-Za-z_$][\w-]*)|\[(\d+)\]|\[\*\]|\[['"]([^'"]+)['"]\]|\[\?\(@\.([\w.]+)\s*==\s*['"]?([^'")]*)['"]?\)\]/g;

/** What one step of a path makes of a value. */
type Step = (value: Json) => Json[];

interface CompiledPath {
  /** Where the path is nothing but fields and indexes: most are, and they are read for each row of a table. */
  readonly keys: readonly (string | number)[] | undefined;
  readonly steps: readonly Step[];
}

/** Paths come from columns, which are few and last: of the built-in kinds and the custom ones. */
const compiled = new Map<string, CompiledPath>();

/** Everything that `path` leads to; empty where it leads nowhere. */
export function jsonPath(object: Json, path: string): Json[] {
  let ready = compiled.get(path);
  if (!ready) {
    ready = compile(path);
    compiled.set(path, ready);
  }
  if (ready.keys) {
    let value = object;
    for (const key of ready.keys) {
      if (value === undefined || value === null) return [];
      value = value[key];
    }
    return value === undefined || value === null ? [] : [value];
  }
  let values: Json[] = [object];
  for (const one of ready.steps) {
    values = values.flatMap((value) => (value === null || value === undefined ? [] : one(value)));
  }
  return values.filter((value) => value !== undefined && value !== null);
}

function compile(path: string): CompiledPath {
  const dotted = path.replace(/^\{|\}$/g, '').replace(/\\\./g, '\u0000');
  const keys: (string | number)[] = [];
  const steps: Step[] = [];
  for (const [whole, field, index, quoted, filterPath, filterValue] of dotted.matchAll(step)) {
    if (whole === '[*]') steps.push((value) => (Array.isArray(value) ? value : Object.values(value)));
    else if (filterPath !== undefined) {
      const at = filterPath.split('.');
      steps.push((value) =>
        (value as Json[]).filter(
          (one) => String(at.reduce((found: Json, key) => found?.[key], one)) === filterValue,
        ),
      );
    } else {
      const key = index === undefined ? (field ?? quoted)!.replaceAll('\u0000', '.') : Number(index);
      keys.push(key);
      steps.push((value) => [value[key]]);
    }
  }
  return { keys: keys.length === steps.length ? keys : undefined, steps };
}
