// Lists and objects as a client asked for them: whole, as a server-side table, or metadata only.

import { cellOf, columnsOf } from '../kinds/columns.ts';
import { apiVersionOf, type Kind } from '../kinds/kind.ts';
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
  return withList(head, 'items', items);
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
  const rows = objects.map((object) => {
    const cells = JSON.stringify(columns.map((column) => cellOf(column, object, options.now)));
    if (options.includeObject === 'None') return `{"cells":${cells}}`;
    const whole = options.includeObject === 'Object';
    return `{"cells":${cells},"object":${whole ? JSON.stringify(inVersion(kind, object)) : partialText(object)}}`;
  });
  return withList(head, 'rows', rows);
}

/** By the object: the store never alters one, it puts another in its place. */
const partialTexts = new WeakMap<KubeObject, string>();

function partialText(object: KubeObject): string {
  let text = partialTexts.get(object);
  if (text === undefined) {
    text = JSON.stringify(partial(object));
    partialTexts.set(object, text);
  }
  return text;
}

/** `head` with a last member of JSON texts. */
function withList(head: Json, name: string, texts: readonly string[]): string {
  return `${JSON.stringify(head).slice(0, -1)},"${name}":[${texts.join(',')}]}`;
}
