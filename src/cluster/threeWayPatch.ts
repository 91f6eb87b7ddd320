// The patch of a client-side apply: what the manifest says, and deletions of what the last applied one said and this
// one doesn't. Lists of named things are merged by their name, as the server's strategic merge does for built-in kinds;
// custom kinds get a JSON merge patch, where a list is one value.

import { at, type KubernetesObject } from './kubernetesObject.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
type Fields = Record<string, unknown>;

export function applyPatch(
  live: KubernetesObject,
  manifest: KubernetesObject,
  custom: boolean,
): { type: 'strategic' | 'merge'; body: unknown } {
  const text = live.metadata.annotations?.[lastApplied];
  const before = parseOr(text);
  const { status: _status, ...wanted } = manifest as KubernetesObject & { status?: unknown };
  const body = before ? withDeletions(before, wanted, custom) : wanted;
  return { type: custom ? 'merge' : 'strategic', body };
}

function parseOr(text: string | undefined): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withDeletions(before: Fields, after: Fields, custom: boolean): Fields {
  const out: Fields = { ...after };
  for (const [key, old] of Object.entries(before)) {
    const now = after[key];
    if (now === undefined) out[key] = null;
    else if (isFields(old) && isFields(now)) out[key] = withDeletions(old, now, custom);
    else if (!custom && Array.isArray(old) && Array.isArray(now)) out[key] = mergedList(old, now);
  }
  return out;
}

/** The names by which the built-in kinds merge their lists, in the order to try. */
const mergeKeys = ['name', 'containerPort', 'port', 'mountPath', 'devicePath', 'ip', 'topologyKey', 'uid'];

function mergedList(before: unknown[], after: unknown[]): unknown[] {
  const key = mergeKeys.find((name) => [...before, ...after].every((one) => at(one, name) !== undefined));
  if (key === undefined || after.length === 0) return after;
  const old = new Map(before.map((one) => [at(one, key), one as Fields]));
  const merged = (after as Fields[]).map((one) => {
    const was = old.get(one[key]);
    old.delete(one[key]);
    return was ? withDeletions(was, one, false) : one;
  });
  const gone = [...old.keys()].map((value) => ({ [key]: value, $patch: 'delete' }));
  return [...merged, ...gone];
}
