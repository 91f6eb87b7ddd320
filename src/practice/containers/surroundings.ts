// What a container finds around it when it starts: its environment and its files, from the pod's spec, the
// objects that it names, and its volumes. What is missing keeps it from starting, with kubectl's reason.

import { parseQuantity } from '../kinds/quantity.ts';
import type { Json, KubeObject } from '../store/kubeObject.ts';
import { valueAt } from '../store/kubeObject.ts';
import { FileTree } from './fileTree.ts';
import type { ClusterView, Program } from './program.ts';

export interface StartProblem {
  readonly reason: 'CreateContainerConfigError' | 'ContainerCreating' | 'ErrImagePull' | 'InvalidImageName';
  readonly message: string;
  /** The event's reason, where it differs. */
  readonly event?: string;
}

const decode = (value: string): string => Buffer.from(value, 'base64').toString();

/** The container's environment, or why there is none. */
export function environmentOf(
  pod: KubeObject,
  spec: Json,
  program: Program,
  cluster: ClusterView,
): Record<string, string> | StartProblem {
  const namespace = pod.metadata.namespace!;
  const env: Record<string, string> = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOSTNAME: pod.spec.hostname ?? pod.metadata.name,
    HOME: '/root',
    KUBERNETES_SERVICE_HOST: '10.96.0.1',
    KUBERNETES_SERVICE_PORT: '443',
    ...program.env,
  };
  const missing = (kind: string, name: string): StartProblem => ({
    reason: 'CreateContainerConfigError',
    message: `${kind} "${name}" not found`,
    event: 'Failed',
  });
  for (const { prefix = '', configMapRef, secretRef } of spec.envFrom ?? []) {
    const ref = configMapRef ?? secretRef;
    const kind = configMapRef ? 'configmap' : 'secret';
    const found = cluster.get(`/${kind}s`, namespace, ref.name);
    if (!found && !ref.optional) return missing(kind, ref.name);
    for (const [key, value] of Object.entries<string>(found?.data ?? {}))
      env[prefix + key] = configMapRef ? value : decode(value);
  }
  for (const { name, value, valueFrom } of spec.env ?? []) {
    if (!valueFrom) {
      env[name] = (value ?? '').replace(
        /\$\(([A-Za-z_]\w*)\)/g,
        (whole: string, key: string) => env[key] ?? whole,
      );
      continue;
    }
    const { configMapKeyRef, secretKeyRef, fieldRef } = valueFrom;
    const ref = configMapKeyRef ?? secretKeyRef;
    if (ref) {
      const kind = configMapKeyRef ? 'configmap' : 'secret';
      const found = cluster.get(`/${kind}s`, namespace, ref.name);
      const data = found?.data?.[ref.key];
      if (data === undefined && !ref.optional)
        return found
          ? {
              ...missing(kind, ref.name),
              message: `couldn't find key ${ref.key} in ${kind} ${namespace}/${ref.name}`,
            }
          : missing(kind, ref.name);
      if (data !== undefined) env[name] = configMapKeyRef ? data : decode(data);
    } else if (fieldRef) env[name] = fieldValue(pod, fieldRef.fieldPath);
  }
  return env;
}

function fieldValue(pod: KubeObject, path: string): string {
  const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (subscript) return (pod.metadata as Json)[subscript[1]!]?.[subscript[2]!] ?? '';
  return String(valueAt(pod, path) ?? '');
}

/** The trees of claims and of pods' own volumes, kept as long as those are. */
export class Volumes {
  readonly #trees = new Map<string, FileTree>();
  readonly #cluster: ClusterView;

  constructor(cluster: ClusterView) {
    this.#cluster = cluster;
  }

  /** The tree of a claim; it grows when the claim does. */
  ofClaim(namespace: string, name: string): FileTree {
    const tree = this.#tree(`claim ${namespace}/${name}`);
    tree.capacity = () =>
      parseQuantity(this.#cluster.get('/persistentvolumeclaims', namespace, name)?.status?.capacity?.storage);
    return tree;
  }

  ofPod(uid: string, volume: string): FileTree {
    return this.#tree(`pod ${uid}/${volume}`);
  }

  forgetPod(uid: string): void {
    for (const key of this.#trees.keys()) if (key.startsWith(`pod ${uid}/`)) this.#trees.delete(key);
  }

  forgetClaim(namespace: string, name: string): void {
    this.#trees.delete(`claim ${namespace}/${name}`);
  }

  #tree(key: string): FileTree {
    let tree = this.#trees.get(key);
    if (!tree) {
      tree = new FileTree(() => this.#cluster.now());
      this.#trees.set(key, tree);
    }
    return tree;
  }
}

/** Lays ConfigMaps, Secrets and the token into the pod's projected trees again, as they are now. */
export function projectVolumes(
  pod: KubeObject,
  volumes: Volumes,
  cluster: ClusterView,
): StartProblem | undefined {
  const namespace = pod.metadata.namespace!;
  for (const volume of pod.spec.volumes ?? []) {
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim && cluster.get('/persistentvolumeclaims', namespace, claim)?.status?.phase !== 'Bound')
      return {
        reason: 'ContainerCreating',
        message: `persistentvolumeclaim "${claim}" not found or not bound`,
        event: 'FailedScheduling',
      };
    const sources = volume.projected?.sources ?? [volume];
    for (const source of sources) {
      const kind = source.configMap ? 'configmap' : 'secret';
      const ref = source.configMap ?? source.secret;
      const name = ref?.name ?? ref?.secretName;
      if (source.serviceAccountToken) put(volumes, pod, volume, 'token', 'practice-cluster-token');
      if (!name || name === 'kube-root-ca.crt') continue;
      const found = cluster.get(`/${kind}s`, namespace, name);
      if (!found && !ref.optional)
        return {
          reason: 'ContainerCreating',
          message: `MountVolume.SetUp failed for volume "${volume.name}" : ${kind} "${name}" not found`,
          event: 'FailedMount',
        };
      const tree = volumes.ofPod(pod.metadata.uid, volume.name);
      for (const old of tree.list('/'))
        if (!(old in (found?.data ?? {})) && old !== 'token') tree.remove(`/${old}`);
      for (const [key, value] of Object.entries<string>(found?.data ?? {}))
        put(volumes, pod, volume, key, kind === 'secret' ? decode(value) : value);
    }
  }
  return undefined;
}

function put(volumes: Volumes, pod: KubeObject, volume: Json, path: string, text: string): void {
  volumes.ofPod(pod.metadata.uid, volume.name).write(`/${path}`, text);
}

/** A fresh tree for a container, with its image's files, its mounts and what every Linux has. */
export function filesOf(
  pod: KubeObject,
  spec: Json,
  program: Program,
  volumes: Volumes,
  cluster: ClusterView,
): FileTree {
  const tree = new FileTree(() => cluster.now());
  const memory = parseQuantity(spec.resources?.limits?.memory) ?? 8 * 2 ** 30;
  const kib = (bytes: number): string => String(Math.round(bytes / 1024)).padStart(8);
  const base: Record<string, string> = {
    '/etc/hostname': `${pod.spec.hostname ?? pod.metadata.name}\n`,
    '/etc/hosts': `127.0.0.1\tlocalhost\n${pod.status?.podIP ?? '10.244.0.1'}\t${pod.metadata.name}\n`,
    '/etc/resolv.conf': `search ${pod.metadata.namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n`,
    '/etc/os-release': 'PRETTY_NAME="Practice Linux"\nNAME="Practice"\nID=practice\n',
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/app:/bin/sh\n',
    '/proc/meminfo': `MemTotal:       ${kib(memory)} kB\nMemFree:        ${kib(memory * 0.4)} kB\nMemAvailable:   ${kib(memory * 0.55)} kB\nBuffers:        ${kib(memory * 0.02)} kB\nCached:         ${kib(memory * 0.15)} kB\n`,
    '/proc/loadavg': '0.42 0.38 0.35 2/318 4711\n',
  };
  for (const directory of ['/tmp', '/root', '/var/log', '/usr/local/bin', '/bin', '/data'])
    tree.makeDirectory(directory);
  for (const mount of spec.volumeMounts ?? []) {
    const volume = pod.spec.volumes?.find((one: Json) => one.name === mount.name);
    if (!volume) continue;
    const claim = volume.persistentVolumeClaim?.claimName;
    const source = claim
      ? volumes.ofClaim(pod.metadata.namespace!, claim)
      : volumes.ofPod(pod.metadata.uid, mount.name);
    tree.mount(mount.mountPath, source, mount.readOnly === true && !claim);
  }
  const longAgo = cluster.now() - 9 * 86_400_000;
  for (const [path, text] of Object.entries({ ...base, ...program.files }))
    if (!tree.stat(path)) tree.write(path, text, { mtimeMs: longAgo });
  return tree;
}
