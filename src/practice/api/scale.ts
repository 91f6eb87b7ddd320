// The `scale` subresource of workloads: autoscaling/v1 Scale, to and from `spec.replicas`.

import { ApiError } from '../store/apiError.ts';
import type { Json, KubeObject } from '../store/kubeObject.ts';

export function scaleOf(object: KubeObject): Json {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = object.spec.selector?.matchLabels ?? {};
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: object.spec.replicas ?? 1 },
    status: {
      replicas: object.status?.replicas ?? 0,
      selector: Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
    },
  };
}

/** `object` with the replicas of a Scale, whose resourceVersion must still hold where it has one. */
export function withScale(object: KubeObject, scale: Json): KubeObject {
  const replicas = scale?.spec?.replicas ?? 0;
  if (!Number.isInteger(replicas) || replicas < 0)
    throw ApiError.invalid('autoscaling', 'Scale', object.metadata.name, [
      { field: 'spec.replicas', message: `Invalid value: ${replicas}: must be greater than or equal to 0` },
    ]);
  const clone = structuredClone(object);
  clone.spec.replicas = replicas;
  if (scale.metadata?.resourceVersion) clone.metadata.resourceVersion = scale.metadata.resourceVersion;
  return clone;
}
