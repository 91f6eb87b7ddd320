// Lists and objects as a client asked for them: whole, as a server-side table, or metadata only.

import { cellOf, columnsOf, tellsTime } from '../kinds/columns.ts';
import { apiVersionOf, type Column, type Kind } from '../kinds/kind.ts';
import type { Json, KubeObject } from '../store/kubeObject.ts';

export type Shape = 'object' | 'table' | 'metadata';

/** What `Accept` asks for, the first entry that we can give. */
export function shapeOf(accept: string | undefined): Shape {
  for (const entry of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = entry.split(';').map((part) => part.trim());
    if (type !== 'application/json' && type !== '*/*') continue;
    const as = parameters.find((one) => one.startsWith('as='))?.slice(3);
    if (!as) return 'object';
    if (!parameters.some((one) => one === 'v=v1')) continue;
    if (as === 'Table') return 'table';
    if (as.startsWith('PartialObjectMetadata')) return 'metadata';
  }
  return 'object';
}

function partial({ metadata }: KubeObject): Json {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

/** An object in the version that was asked for: all versions of a kind are stored as one. */
export function inVersion(kind: Kind, object: KubeObject): KubeObject {
  const apiVersion = apiVersionOf(kind);
  if (object.apiVersion === apiVersion) return object;
  const converted = { ...object, apiVersion };
  if (apiVersion === 'autoscaling/v1') {
    const { metrics, ...spec } = object.spec;
    const target = metrics?.find((one: Json) => one.resource?.name === 'cpu')?.resource.target
      .averageUtilization;
    converted.spec = { ...spec, ...(target ? { targetCPUUtilizationPercentage: target } : {}) };
  }
  return converted;
}

export interface RenderOptions {
  readonly shape: Shape;
  /** `None`, `Metadata` (the default) or `Object`: what a table's row carries. */
  readonly includeObject?: string | null;
  readonly now: number;
  /** Of a watch: only the first table has the columns. */
  readonly withoutColumns?: boolean;
}

export function renderObject(kind: Kind, object: KubeObject, options: RenderOptions): Json {
  if (options.shape === 'metadata') return partial(object);
  if (options.shape === 'table')
    return toTable(kind, [object], { resourceVersion: object.metadata.resourceVersion }, options);
  return inVersion(kind, object);
}

/** As JSON text: of a long table most is the same from one request to the next, and is kept. */
export function listText(kind: Kind, objects: KubeObject[], metadata: Json, options: RenderOptions): string {
  if (options.shape === 'table') return tableText(kind, objects, metadata, options);
  const metadataOnly = options.shape === 'metadata';
  const head = metadataOnly
    ? { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata }
    : { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata };
  const items = objects.map((object) =>
    metadataOnly ? partialText(object) : JSON.stringify(inVersion(kind, object)),
  );
  return withList(head, 'items', items.join(','));
}

function toTable(kind: Kind, objects: KubeObject[], metadata: Json, options: RenderOptions): Json {
  return JSON.parse(tableText(kind, objects, metadata, options));
}

function tableText(kind: Kind, objects: KubeObject[], metadata: Json, options: RenderOptions): string {
  const columns = columnsOf(kind);
  const columnDefinitions = columns.map(({ name, type, priority, format }) => ({
    name,
    type,
    format: format ?? '',
    description: '',
    priority,
  }));
  const head = {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: options.withoutColumns ? null : columnDefinitions,
  };
  const pieces: string[] = [];
  for (const object of objects) {
    if (pieces.length > 0) pieces.push(',');
    for (const piece of rowOf(kind, columns, object, options)) {
      if (typeof piece === 'string') pieces.push(piece);
      else pieces.push(JSON.stringify(cellOf(piece, object, options.now)));
    }
  }
  return withList(head, 'rows', pieces.join(''));
}

/** A row as JSON text, in pieces: a cell that tells the time is its column, all between two such is one text. */
type Row = readonly (string | Column)[];

/** By the object: the store never alters one, it puts another in its place. */
const keptRows = new WeakMap<KubeObject, { readonly columns: readonly Column[]; readonly row: Row }>();

function rowOf(kind: Kind, columns: readonly Column[], object: KubeObject, options: RenderOptions): Row {
  if (options.includeObject === 'None') return makeRow(columns, object);
  if (options.includeObject === 'Object')
    return makeRow(columns, object, JSON.stringify(inVersion(kind, object)));
  let kept = keptRows.get(object);
  if (kept?.columns !== columns) {
    kept = { columns, row: makeRow(columns, object, partialText(object)) };
    keptRows.set(object, kept);
  }
  return kept.row;
}

function makeRow(columns: readonly Column[], object: KubeObject, carried?: string): Row {
  const row: (string | Column)[] = [];
  let texts = ['{"cells":['];
  const close = () => row.push(texts.join('')); // Joined they are one flat text; added to each other, a tree to walk.
  for (const [index, column] of columns.entries()) {
    if (index > 0) texts.push(',');
    if (tellsTime(column)) {
      close();
      row.push(column);
      texts = [];
    } else texts.push(JSON.stringify(cellOf(column, object, 0)));
  }
  texts.push(']', ...(carried === undefined ? [] : [',"object":', carried]), '}');
  close();
  return row;
}

function partialText(object: KubeObject): string {
  return JSON.stringify(partial(object));
}

/** `head` with a last member: `items`, the JSON texts of a list. */
function withList(head: Json, name: string, items: string): string {
  return `${JSON.stringify(head).slice(0, -1)},"${name}":[${items}]}`;
}
