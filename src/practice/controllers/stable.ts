// JSON text that doesn't depend on the order of keys: to compare and to digest templates.

import type { Json } from '../store/kubeObject.ts';

export function stable(value: Json): string {
  return JSON.stringify(value, (_key, one) =>
    one && typeof one === 'object' && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
