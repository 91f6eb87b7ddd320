// Small controllers: what hangs on a deleted owner, namespaces, endpoints, claims.

import { parseQuantity } from '../kinds/quantity.ts';
import type { Json, KubeObject } from '../store/kubeObject.ts';
import type { Change } from '../store/objectStore.ts';
import { selectorMatches } from '../store/selectors.ts';
import { type Controller, type ControllerContext, isPodReady, keyOf } from './cluster.ts';

/** Deletes what the deleted owned, or lets it go where the deletion said `Orphan`. */
export class GarbageCollector implements Controller {
  readonly name = 'garbage-collector';
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  concerns({ type, object }: Change): Iterable<string> {
    const { deletionTimestamp, finalizers, uid } = object.metadata;
    if (type === 'DELETED') return this.#context.registry.store.ownedBy(uid).length > 0 ? [`${uid}/`] : [];
    const waits =
      deletionTimestamp && finalizers?.some((one) => one === 'orphan' || one === 'foregroundDeletion');
    return waits ? [`${uid}/${object.kind} ${object.metadata.namespace ?? ''} ${object.metadata.name}`] : [];
  }

  reconcile(uid: string, owner: string): void {
    const { registry } = this.#context;
    const { store } = registry;
    const [kindName, namespace = '', name = ''] = owner.split(' ');
    const kind = owner ? registry.kinds.all().find((one) => one.kind === kindName) : undefined;
    const resource = kind && `${kind.group}/${kind.plural}`;
    const object = resource ? store.get(resource, namespace, name) : undefined;
    const orphan = object?.metadata.finalizers?.includes('orphan') ?? false;
    for (const { resource: of, object: one } of store.ownedBy(uid)) {
      const { namespace: at = '', name: called } = one.metadata;
      const others = one.metadata.ownerReferences?.filter((ref) => ref.uid !== uid) ?? [];
      if (orphan || others.length > 0)
        store.modify(of, at, called, (clone) => {
          clone.metadata.ownerReferences = others;
        });
      else if (!one.metadata.deletionTimestamp) registry.delete(this.#context.kind(of), at, called);
    }
    if (!object || !kind || (!orphan && store.ownedBy(uid).length > 0)) {
      if (object && kind) this.#context.later(200, () => this.reconcile(uid, owner));
      return;
    }
    store.modify(resource!, namespace, name, (clone) => {
      const left = clone.metadata.finalizers?.filter(
        (one) => one !== 'orphan' && one !== 'foregroundDeletion',
      );
      clone.metadata.finalizers = left ?? [];
    });
    registry.removeIfReleased(kind, store.get(resource!, namespace, name)!);
  }
}

/** Gives each namespace its service account and CA, and empties one that is going. */
export class NamespaceController implements Controller {
  readonly name = 'namespace';
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  concerns({ resource, type, object }: Change): Iterable<string> {
    if (resource === '/namespaces' && type !== 'DELETED') return [keyOf(object)];
    const { namespace } = object.metadata;
    const going =
      type === 'DELETED' && namespace
        ? this.#context.registry.store.get('/namespaces', '', namespace)
        : undefined;
    return going?.metadata.deletionTimestamp ? [keyOf(going)] : [];
  }

  reconcile(_none: string, name: string): void {
    const { registry } = this.#context;
    const namespace = registry.store.get('/namespaces', '', name);
    if (!namespace) return;
    if (!namespace.metadata.deletionTimestamp) {
      for (const [resource, called, more] of [
        ['/serviceaccounts', 'default', {}],
        ['/configmaps', 'kube-root-ca.crt', { data: { 'ca.crt': 'practice cluster\n' } }],
      ] as const)
        if (!registry.store.get(resource, name, called))
          registry.create(this.#context.kind(resource), name, { metadata: { name: called }, ...more });
      return;
    }
    let left = 0;
    for (const kind of registry.kinds.all()) {
      if (!kind.namespaced || kind.createOnly) continue;
      for (const one of registry.store.list(`${kind.group}/${kind.plural}`, name)) {
        if (!one.metadata.deletionTimestamp) registry.delete(kind, name, one.metadata.name);
        if (registry.store.get(`${kind.group}/${kind.plural}`, name, one.metadata.name)) left += 1;
      }
    }
    if (left === 0) registry.store.remove('/namespaces', '', name);
  }
}

/** Keeps the addresses of ready pods behind each service. */
export class EndpointsController implements Controller {
  readonly name = 'endpoints';
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  concerns({ resource, object, previous }: Change): Iterable<string> {
    if (resource === '/services') return [keyOf(object)];
    if (resource !== '/pods') return [];
    const { namespace } = object.metadata;
    const labels = [object.metadata.labels, previous?.metadata.labels];
    return [...this.#context.registry.store.each('/services')]
      .filter((service) => service.metadata.namespace === namespace)
      .filter((service) => labels.some((one) => selectorMatches(service.spec.selector, one, true)))
      .map(keyOf);
  }

  reconcile(namespace: string, name: string): void {
    const { registry } = this.#context;
    const { store } = registry;
    const service = store.get('/services', namespace, name);
    if (!service) {
      store.remove('/endpoints', namespace, name);
      for (const slice of store.list('discovery.k8s.io/endpointslices', namespace))
        if (slice.metadata.labels?.['kubernetes.io/service-name'] === name)
          store.remove('discovery.k8s.io/endpointslices', namespace, slice.metadata.name);
      return;
    }
    if (!service.spec.selector) return;
    const pods = store
      .list('/pods', namespace)
      .filter(
        (pod) => pod.status?.podIP && selectorMatches(service.spec.selector, pod.metadata.labels, true),
      );
    const addresses = (ready: boolean): Json[] =>
      pods
        .filter((pod) => isPodReady(pod) === ready && !pod.metadata.deletionTimestamp)
        .map((pod) => ({
          ip: pod.status.podIP,
          nodeName: pod.spec.nodeName,
          targetRef: { kind: 'Pod', namespace, name: pod.metadata.name, uid: pod.metadata.uid },
        }));
    const ports = (service.spec.ports ?? []).map((port: Json) => ({
      ...(port.name ? { name: port.name } : {}),
      port: targetPort(port, pods[0]),
      protocol: port.protocol,
    }));
    const ready = addresses(true);
    const unready = addresses(false);
    const subset = {
      ...(ready.length ? { addresses: ready } : {}),
      ...(unready.length ? { notReadyAddresses: unready } : {}),
      ports,
    };
    const subsets = pods.length && (ready.length || unready.length) ? [subset] : [];
    put(this.#context, '/endpoints', namespace, name, {
      metadata: { labels: service.metadata.labels },
      subsets,
    });
    put(this.#context, 'discovery.k8s.io/endpointslices', namespace, `${name}-practice`, {
      metadata: { labels: { ...service.metadata.labels, 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: ports.map((one: Json) => ({ name: '', ...one })),
      endpoints: [...ready, ...unready].map((one) => ({
        addresses: [one.ip],
        conditions: { ready: ready.includes(one), serving: ready.includes(one), terminating: false },
        nodeName: one.nodeName,
        targetRef: one.targetRef,
      })),
    });
  }
}

/** The number of the port behind a service's port on `pod`. */
export function targetPort(port: Json, pod: KubeObject | undefined): number {
  if (typeof port.targetPort === 'number') return port.targetPort;
  const ports: Json[] = pod?.spec.containers.flatMap((one: Json) => one.ports ?? []) ?? [];
  return ports.find((one) => one.name === port.targetPort)?.containerPort ?? port.port;
}

function put(
  context: ControllerContext,
  resource: string,
  namespace: string,
  name: string,
  body: Json,
): void {
  const { registry } = context;
  const present = registry.store.get(resource, namespace, name);
  if (!present)
    registry.create(context.kind(resource), namespace, { ...body, metadata: { ...body.metadata, name } });
  else
    registry.store.modify(resource, namespace, name, (clone) => {
      const { metadata, ...rest } = body;
      Object.assign(clone, JSON.parse(JSON.stringify(rest)));
      if (metadata.labels) clone.metadata.labels = metadata.labels;
    });
}

/** Binds claims to volumes made for them, and grows them when their class allows it. */
export class ClaimController implements Controller {
  readonly name = 'claim';
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  concerns({ resource, object }: Change): Iterable<string> {
    return resource === '/persistentvolumeclaims' ? [keyOf(object)] : [];
  }

  reconcile(namespace: string, name: string): void {
    const { registry, events } = this.#context;
    const { store } = registry;
    const claim = store.get('/persistentvolumeclaims', namespace, name);
    if (!claim) {
      for (const volume of store.list('/persistentvolumes'))
        if (volume.spec.claimRef?.namespace === namespace && volume.spec.claimRef.name === name)
          store.remove('/persistentvolumes', '', volume.metadata.name);
      return;
    }
    const wanted = claim.spec.resources.requests;
    const storageClass = store.get('storage.k8s.io/storageclasses', '', claim.spec.storageClassName);
    if (!storageClass) return;
    if (claim.status?.phase === 'Bound') {
      const capacity = claim.status.capacity.storage;
      if ((parseQuantity(capacity) ?? 0) >= (parseQuantity(wanted.storage) ?? 0)) return;
      store.modify('/persistentvolumes', '', claim.spec.volumeName, (clone) => {
        clone.spec.capacity = wanted;
      });
      store.modify('/persistentvolumeclaims', namespace, name, (clone) => {
        clone.status.capacity = wanted;
      });
      const message = `Resized volume ${claim.spec.volumeName} from ${capacity} to ${wanted.storage}`;
      events.record(claim, { reason: 'VolumeResizeSuccessful', message, component: 'volume-expand' });
      return;
    }
    const volumeName = `pvc-${claim.metadata.uid}`;
    registry.create(this.#context.kind('/persistentvolumes'), '', {
      metadata: { name: volumeName },
      spec: {
        accessModes: claim.spec.accessModes,
        capacity: wanted,
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          namespace,
          name,
          uid: claim.metadata.uid,
        },
        persistentVolumeReclaimPolicy: storageClass.reclaimPolicy,
        storageClassName: claim.spec.storageClassName,
        hostPath: { path: `/practice/${volumeName}` },
      },
    });
    store.modify('/persistentvolumes', '', volumeName, (clone) => {
      clone.status = { phase: 'Bound' };
    });
    store.modify('/persistentvolumeclaims', namespace, name, (clone) => {
      clone.spec.volumeName = volumeName;
      clone.status = { phase: 'Bound', accessModes: claim.spec.accessModes, capacity: wanted };
    });
  }
}
