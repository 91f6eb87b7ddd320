// What the API server fills into a pod's spec, or a pod template's, where its author said nothing.

import type { Json } from '../store/kubeObject.ts';

/** Sets each of `values` on `target` where it has none. */
export function defaults(target: Json, values: Record<string, Json>): void {
  for (const [key, value] of Object.entries(values)) target[key] ??= structuredClone(value);
}

export function defaultPodSpec(spec: Json): void {
  defaults(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName;
  for (const one of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) defaultContainer(one);
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
}

function defaultContainer(one: Json): void {
  const latest = /:latest$/.test(one.image ?? '') || !/[:@]/.test((one.image ?? '').split('/').pop());
  defaults(one, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: latest ? 'Always' : 'IfNotPresent',
  });
  const { limits, requests } = one.resources;
  if (limits) one.resources.requests = { ...limits, ...requests };
  for (const port of one.ports ?? []) defaults(port, { protocol: 'TCP' });
  for (const probe of [one.livenessProbe, one.readinessProbe, one.startupProbe]) {
    if (!probe) continue;
    defaults(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
    if (probe.httpGet) defaults(probe.httpGet, { path: '/', scheme: 'HTTP' });
  }
  for (const entry of one.env ?? [])
    if (entry.valueFrom?.fieldRef) defaults(entry.valueFrom.fieldRef, { apiVersion: 'v1' });
}

function defaultVolume(volume: Json): void {
  if (Object.keys(volume).length === 1) volume.emptyDir = {};
  for (const source of ['configMap', 'secret', 'projected', 'downwardAPI'])
    if (volume[source]) defaults(volume[source], { defaultMode: 420 });
}

/** What admission adds to a pod itself: its service account and that account's mounted token. */
export function admitPod(pod: Json): void {
  const { spec } = pod;
  defaults(spec, {
    serviceAccountName: 'default',
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    tolerations: ['not-ready', 'unreachable'].map((condition) => ({
      key: `node.kubernetes.io/${condition}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    })),
  });
  spec.serviceAccount = spec.serviceAccountName;
  const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
  const mounted = spec.containers.some((one: Json) =>
    one.volumeMounts?.some((mount: Json) => mount.mountPath === mountPath),
  );
  if (!mounted && spec.automountServiceAccountToken !== false) {
    const name = `kube-api-access-${randomSuffix()}`;
    spec.volumes = [
      ...(spec.volumes ?? []),
      {
        name,
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          ],
        },
      },
    ];
    for (const one of [...spec.containers, ...(spec.initContainers ?? [])])
      one.volumeMounts = [...(one.volumeMounts ?? []), { name, readOnly: true, mountPath }];
  }
  const resources: Json[] = spec.containers.map((one: Json) => one.resources ?? {});
  const whole = resources.every(
    ({ limits, requests }) =>
      limits?.cpu && limits?.memory && limits.cpu === requests?.cpu && limits.memory === requests?.memory,
  );
  const some = resources.some(({ limits, requests }) => limits || requests);
  pod.status = { phase: 'Pending', qosClass: whole ? 'Guaranteed' : some ? 'Burstable' : 'BestEffort' };
}

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters and digits, as generated names end in. */
export function randomSuffix(length = 5): string {
  let made = '';
  for (let index = 0; index < length; index += 1) made += letters[Math.floor(Math.random() * letters.length)];
  return made;
}
