// The part of JSONPath that printer columns use: fields, indexes, `[*]` and `[?(@.a=="b")]`.

import type { Json } from '../store/kubeObject.ts';

const step =
  /\.([A-Za-z_$][\w-]*)|\[(\d+)\]|\[\*\]|\[['"]([^'"]+)['"]\]|\[\?\(@\.([\w.]+)\s*==\s*['"]?([^'")]*)['"]?\)\]/g;

/** Everything that `path` leads to; empty where it leads nowhere. */
export function jsonPath(object: Json, path: string): Json[] {
  let values: Json[] = [object];
  const dotted = path.replace(/^\{|\}$/g, '').replace(/\\\./g, '\u0000');
  for (const match of dotted.matchAll(step)) {
    const [whole, field, index, quoted, filterPath, filterValue] = match;
    values = values.flatMap((value) => {
      if (value === null || value === undefined) return [];
      if (whole === '[*]') return Array.isArray(value) ? value : Object.values(value);
      if (index !== undefined) return [value[Number(index)]];
      if (filterPath !== undefined)
        return (value as Json[]).filter(
          (one) => String(filterPath.split('.').reduce((at: Json, key) => at?.[key], one)) === filterValue,
        );
      return [value[(field ?? quoted)!.replaceAll('\u0000', '.')]];
    });
  }
  return values.filter((value) => value !== undefined && value !== null);
}
