// What differs between an object as it is and as it would be, a line a field: `containers[web].image: web:1 → web:2`.
// A diff of its YAML without the lines around would tell the values and not whose they are.

import { diffLines } from 'diff';
import type { KubernetesObject } from './kubernetesObject.ts';
import { readableObject } from './readableObject.ts';

/** Letters of a value. */
const mostValue = 100;
const mostDepth = 40;
/** Where a list's items are told apart by one of these, they are compared by it and not by their places. */
const namedBy = ['name', 'key', 'topologyKey', 'ip', 'host', 'containerPort', 'port', 'mountPath'] as const;
/** They stand above nearly everything, and tell nothing. */
const usual = /^(spec\.template\.spec|spec|metadata)\.(?=[^.[])/;

/** Without what the server keeps for itself; values of Secrets are never among them. */
export function changedFields(before: KubernetesObject, after: KubernetesObject): string[] {
  const lines: string[] = [];
  compare('', readableObject(before), readableObject(after), lines, 0);
  return lines;
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (fields: Fields | undefined, key: string): unknown =>
  fields && Object.hasOwn(fields, key) ? fields[key] : undefined;

/** Of what is added or taken away whole, each field has its line. */
const canOpen = (value: unknown): value is Fields | undefined =>
  value === undefined || (isFields(value) && Object.keys(value).length > 0);

function compare(path: string, one: unknown, other: unknown, lines: string[], depth: number): void {
  if (JSON.stringify(one) === JSON.stringify(other)) return;
  if (depth < mostDepth && canOpen(one) && canOpen(other)) {
    for (const key of new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})])) {
      compare(below(path, key), own(one, key), own(other, key), lines, depth + 1);
    }
    return;
  }
  if (depth < mostDepth && Array.isArray(one) && Array.isArray(other)) {
    const key = nameOf([...one, ...other]);
    if (key === undefined) lines.push(`${shownPath(path)}: ${told(one)} → ${told(other)}`);
    else compareNamed(path, byName(one, key), byName(other, key), lines, depth);
    return;
  }
  const isText = typeof one === 'string' && typeof other === 'string' && /\n./.test(one + other);
  if (isText) lines.push(`${shownPath(path)}:`, ...changedLines(one, other));
  else if (one === undefined) lines.push(`+ ${shownPath(path)}: ${told(other)}`);
  else if (other === undefined) lines.push(`- ${shownPath(path)}: ${told(one)}`);
  else lines.push(`${shownPath(path)}: ${told(one)} → ${told(other)}`);
}

/** A variable is its name and its value: `env[LIMIT]: 10 → 20`. */
function compareNamed(
  path: string,
  one: ReadonlyMap<string, Fields>,
  other: ReadonlyMap<string, Fields>,
  lines: string[],
  depth: number,
): void {
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const [before, after] = [valueAlone(one.get(name)), valueAlone(other.get(name))];
    compare(`${path}[${name}]`, before, after, lines, depth + 1);
  }
}

function valueAlone(item: Fields | undefined): unknown {
  return item && Object.keys(item).every((key) => key === 'name' || key === 'value') && 'value' in item
    ? item.value
    : item;
}

/** A field that every item has, and no two of one list alike. */
function nameOf(items: readonly unknown[]): string | undefined {
  if (!items.every(isFields)) return undefined;
  return namedBy.find((key) => items.every((item) => ['string', 'number'].includes(typeof item[key])));
}

function byName(items: readonly unknown[], key: string): Map<string, Fields> {
  const named = new Map<string, Fields>();
  for (const item of items as Fields[]) {
    const name = String(item[key]);
    named.set(named.has(name) ? `${name}#${named.size}` : name, item);
  }
  return named;
}

/** Of a file in a ConfigMap: only what changes in it. */
function changedLines(one: string, other: string): string[] {
  return diffLines(one, other).flatMap(({ added, removed, value }) =>
    added || removed
      ? value
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => `  ${added ? '+' : '-'} ${cut(line)}`)
      : [],
  );
}

const below = (path: string, key: string): string =>
  /^[\w-]+$/.test(key) ? (path ? `${path}.${key}` : key) : `${path}[${key}]`;
const shownPath = (path: string): string => path.replace(usual, '');
const cut = (text: string): string => (text.length > mostValue ? `${text.slice(0, mostValue)}…` : text);

function told(value: unknown): string {
  return cut(typeof value === 'string' && /^\S+$/.test(value) ? value : JSON.stringify(value));
}
