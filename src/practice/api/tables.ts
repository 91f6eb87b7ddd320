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

export function renderList(kind: Kind, objects: KubeObject[], metadata: Json, options: RenderOptions): Json {
  if (options.shape === 'table') return toTable(kind, objects, metadata, options);
  if (options.shape === 'metadata')
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items: objects.map(partial),
    };
  return {
    kind: `${kind.kind}List`,
    apiVersion: apiVersionOf(kind),
    metadata,
    items: objects.map((object) => inVersion(kind, object)),
  };
}

function toTable(kind: Kind, objects: KubeObject[], metadata: Json, options: RenderOptions): Json {
  const columns = columnsOf(kind);
  const columnDefinitions = columns.map(({ name, type, priority, format }) => ({
    name,
    type,
    format: format ?? '',
    description: '',
    priority,
  }));
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: options.withoutColumns ? null : columnDefinitions,
    rows: objects.map((object) => ({
      cells: columns.map((column) => cellOf(column, object, options.now)),
      ...(options.includeObject === 'None'
        ? {}
        : { object: options.includeObject === 'Object' ? inVersion(kind, object) : partial(object) }),
    })),
  };
}
