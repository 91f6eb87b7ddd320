// Live names that fit a placeholder (`auth-service-xxx`, `<pod>`, `web-*`), with age and state, for quick picks. The
// server's own table gives the state, so that custom kinds show theirs.

import { escapeRegExp } from '../base/escapeRegExp.ts';
import type { ApiClient } from './apiClient.ts';
import type { CallOptions } from './apiTransport.ts';
import { type KubernetesObject, textAt } from './kubernetesObject.ts';
import { type ResourceKind, resourcePath } from './resourceKinds.ts';

export interface LiveName {
  readonly name: string;
  readonly namespace: string | undefined;
  /** Since it was made; undefined where the server doesn't tell. */
  readonly ageMs: number | undefined;
  /** `Running`, `2/3`, `CrashLoopBackOff`, `Bound`; empty where the kind has no such column. */
  readonly state: string;
}

export interface NamesQuery {
  readonly kind: ResourceKind;
  /** undefined: all namespaces. */
  readonly namespace: string | undefined;
  /** As written in a runbook; absent: all. */
  readonly pattern?: string;
  readonly selector?: string;
}

interface Table {
  readonly kind: string;
  readonly columnDefinitions?: { name: string }[];
  readonly rows?: { cells: unknown[]; object?: Partial<KubernetesObject> }[];
  readonly items?: KubernetesObject[];
}

const tableAccept =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
const stateColumns = ['Status', 'State', 'Phase', 'Ready', 'Completions', 'Desired', 'Type'];

/** The youngest first. */
export async function matchingNames(
  api: ApiClient,
  query: NamesQuery,
  options: CallOptions = {},
  now = Date.now(),
): Promise<LiveName[]> {
  const table = await api.json<Table>('GET', resourcePath(query.kind, query.namespace), {
    ...options,
    accept: tableAccept,
    query: { labelSelector: query.selector, includeObject: 'Metadata', limit: 500 },
    what: `the list of ${query.kind.plural}`,
  });
  const fits = patternOf(query.pattern ?? '');
  return rowsOf(table)
    .filter(({ object }) => fits.test(textAt(object, 'metadata', 'name') ?? ''))
    .map(({ object, state }) => {
      const made = Date.parse(textAt(object, 'metadata', 'creationTimestamp') ?? '');
      return {
        name: textAt(object, 'metadata', 'name') ?? '',
        namespace: textAt(object, 'metadata', 'namespace'),
        ageMs: Number.isNaN(made) ? undefined : Math.max(0, now - made),
        state,
      };
    })
    .sort(
      (one, other) =>
        (one.ageMs ?? Infinity) - (other.ageMs ?? Infinity) || one.name.localeCompare(other.name),
    );
}

function rowsOf(table: Table): { object: unknown; state: string }[] {
  if (table.kind !== 'Table') {
    // A server without tables answers with the list itself.
    return (table.items ?? []).map((object) => ({ object, state: textAt(object, 'status', 'phase') ?? '' }));
  }
  const names = (table.columnDefinitions ?? []).map(({ name }) => name);
  const column = stateColumns.map((name) => names.indexOf(name)).find((index) => index >= 0) ?? -1;
  return (table.rows ?? []).map(({ cells, object }) => ({
    object,
    state: column < 0 ? '' : String(cells[column] ?? ''),
  }));
}

/** `<…>`, `{…}`, `[…]`, `$NAME`, three or more x, `...` and `*` stand for anything; the rest is as written. */
export function patternOf(pattern: string): RegExp {
  const wild = /<[^>]*>|\{[^}]*\}|\[[^\]]*\]|\$\w+|\*+|\.{3,}|…|(?<![a-z0-9])x{3,}(?![a-z0-9])/gi;
  let source = '';
  let from = 0;
  for (const match of pattern.matchAll(wild)) {
    source += escapeRegExp(pattern.slice(from, match.index));
    source += '.*';
    from = match.index + match[0].length;
  }
  source += escapeRegExp(pattern.slice(from));
  return new RegExp(`^${source || '.*'}$`);
}
