// Short forms of the manifests that the systems are made of.

import type { Json } from '../store/kubeObject.ts';

export interface WorkloadInit {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly port: number;
  readonly replicas?: number;
  readonly container?: string;
  readonly env?: readonly Json[];
  readonly requests?: readonly [cpu: string, memory: string];
  readonly limits?: readonly [cpu: string, memory: string];
  readonly volumes?: readonly Json[];
  readonly mounts?: readonly Json[];
  readonly probe?: string;
  readonly serviceAccount?: string;
}

function podTemplate(init: WorkloadInit): Json {
  const { labels, image, port, env, requests, limits, volumes, mounts, probe, serviceAccount } = init;
  const quantities = (pair: readonly [string, string] | undefined): Json =>
    pair && { cpu: pair[0], memory: pair[1] };
  return JSON.parse(
    JSON.stringify({
      metadata: { labels },
      spec: {
        serviceAccountName: serviceAccount,
        containers: [
          {
            name: init.container ?? init.name,
            image,
            ports: [{ name: 'main', containerPort: port }],
            env,
            resources: { requests: quantities(requests), limits: quantities(limits) },
            volumeMounts: mounts,
            readinessProbe: probe && { httpGet: { path: probe, port }, periodSeconds: 5 },
          },
        ],
        volumes,
      },
    }),
  );
}

export function deployment(init: WorkloadInit): Json {
  const { namespace, name, labels, replicas = 1 } = init;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name, labels },
    spec: { replicas, selector: { matchLabels: labels }, template: podTemplate(init) },
  };
}

export function statefulSet(
  init: WorkloadInit & { readonly claim: { readonly name: string; readonly size: string } },
): Json {
  const { namespace, name, labels, replicas = 1, claim } = init;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace, name, labels },
    spec: {
      serviceName: name,
      replicas,
      selector: { matchLabels: labels },
      template: podTemplate(init),
      volumeClaimTemplates: [
        {
          metadata: { name: claim.name },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: claim.size } } },
        },
      ],
    },
  };
}

export function pod(init: WorkloadInit): Json {
  const template = podTemplate(init);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: init.namespace, name: init.name, labels: init.labels },
    spec: template.spec,
  };
}

export function service(
  namespace: string,
  name: string,
  selector: Json,
  port: number,
  more: Json = {},
): Json {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, labels: selector, ...more.metadata },
    spec: { selector, ports: [{ name: 'main', port, targetPort: port, ...more.port }], ...more.spec },
  };
}

export function object(
  apiVersion: string,
  kind: string,
  namespace: string,
  name: string,
  body: Json = {},
): Json {
  const { metadata, ...rest } = body;
  return { apiVersion, kind, metadata: { ...(namespace ? { namespace } : {}), name, ...metadata }, ...rest };
}

export function configMap(
  namespace: string,
  name: string,
  data: Record<string, string>,
  labels?: Json,
): Json {
  return object('v1', 'ConfigMap', namespace, name, { data, ...(labels ? { metadata: { labels } } : {}) });
}

export function secret(
  namespace: string,
  name: string,
  stringData: Record<string, string>,
  labels?: Json,
): Json {
  return object('v1', 'Secret', namespace, name, { stringData, ...(labels ? { metadata: { labels } } : {}) });
}

export function claim(namespace: string, name: string, size: string): Json {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } };
  return object('v1', 'PersistentVolumeClaim', namespace, name, { spec });
}

export function customKind(
  group: string,
  version: string,
  kind: string,
  plural: string,
  more: Json = {},
): Json {
  const { columns, shortNames, schema, status = true } = more;
  return object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', '', `${plural}.${group}`, {
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind,
        plural,
        singular: kind.toLowerCase(),
        listKind: `${kind}List`,
        ...(shortNames ? { shortNames } : {}),
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          },
          ...(status ? { subresources: { status: {} } } : {}),
          ...(columns ? { additionalPrinterColumns: columns } : {}),
        },
      ],
    },
  });
}
