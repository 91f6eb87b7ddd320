// AUREUS: a frontend that asks a policy engine, keeps evidence on a volume, and limits rates with Redis.

import { connectionLimit } from '../containers/databaseCommands.ts';
import { disksOf } from '../containers/fileCommands.ts';
import type {
  ContainerView,
  Health,
  HttpAnswer,
  HttpRequest,
  Program,
  Sample,
} from '../containers/program.ts';
import { claim, configMap, deployment, object, secret, service, statefulSet } from './manifests.ts';
import { cycle, histogram, metricsText, ok, unavailable, waver } from './programTools.ts';
import { connections } from './servers.ts';
import type { PracticeSystem } from './system.ts';

const namespace = 'aureus';
const part = (component: string): Record<string, string> => ({ app: 'aureus', component });

const up = (view: ContainerView, name: string): boolean => view.cluster.readyEndpoints(namespace, name) > 0;

/** 0 to 1 of the evidence volume. */
function evidenceShare(view: ContainerView): number {
  const disk = disksOf({ view }).find((one) => one.at === '/app/evidence');
  return disk ? disk.used / disk.size : 0;
}

function policyWorks(view: ContainerView): boolean {
  return view.env.POLICY_BYPASS_MODE === 'true' || up(view, 'aureus-policy-engine');
}

/** Nobody else gets a connection. */
function databaseFull(view: ContainerView): boolean {
  const held = view.cluster.facts.get(`postgres ${namespace}`)?.connections?.length ?? 0;
  return held > 0.9 * connectionLimit;
}

/** The share of honest users that the limits turn away. */
function blockedShare(view: ContainerView): number {
  if (view.env.RATE_LIMITING_ENABLED === 'false') return 0;
  const limit = Number(view.env.RATE_LIMIT_QUERY ?? 10);
  return limit >= 5 ? 0.002 : 0.6;
}

function health(view: ContainerView): Health {
  return up(view, 'aureus-postgres')
    ? { state: 'ready' }
    : { state: 'unready', message: 'Readiness probe failed: cannot connect to database' };
}

function metrics(view: ContainerView): Sample[] {
  const own = { job: 'aureus-frontend', instance: `${view.pod.metadata.name}:5000` };
  const queries = 12 * waver(view);
  const full = evidenceShare(view) > 0.97;
  const failing = !up(view, 'aureus-postgres') || databaseFull(view) || !policyWorks(view);
  return [
    {
      name: 'aureus_queries_total',
      labels: { ...own, outcome: 'ok' },
      perSecond: failing ? 0 : queries * (1 - blockedShare(view)),
    },
    {
      name: 'aureus_queries_total',
      labels: { ...own, outcome: 'blocked' },
      perSecond: policyWorks(view) ? 0 : queries,
    },
    { name: 'aureus_rate_limited_total', labels: own, perSecond: queries * blockedShare(view) },
    { name: 'aureus_evidence_write_failures_total', labels: own, perSecond: full ? 0.8 : 0 },
    { name: 'aureus_evidence_volume_used_ratio', labels: own, value: evidenceShare(view) },
    { name: 'aureus_policy_bypass', labels: own, value: view.env.POLICY_BYPASS_MODE === 'true' ? 1 : 0 },
    ...histogram('aureus_query_duration_seconds', queries, failing ? 3 : 0.2, own),
  ];
}

function answer(view: ContainerView, { path, method }: HttpRequest): HttpAnswer | undefined {
  if (path === '/metrics') return ok(metricsText(view, metrics(view)));
  if (path.startsWith('/health')) {
    const body = {
      status: up(view, 'aureus-postgres') ? 'ok' : 'down',
      policy: policyWorks(view) ? 'ok' : 'unreachable',
      practice: true,
    };
    return up(view, 'aureus-postgres') ? ok(body) : unavailable(body);
  }
  if (path === '/api/policy/evaluate' && method === 'POST')
    return policyWorks(view)
      ? ok({ decision: 'allow', practice: true })
      : { status: 502, body: { error: 'Policy check failed: policy engine unreachable' } };
  return path === '/' ? ok('AUREUS (practice cluster)\n') : undefined;
}

const lines = [
  'INFO query % answered in 182ms',
  'INFO policy evaluated: allow query=%',
  'INFO evidence pack % written',
  'WARN rate limit exceeded user=crawler-7 query=%',
  'INFO query % answered in 97ms',
];

function trouble(view: ContainerView): string | undefined {
  if (!up(view, 'aureus-postgres')) return 'ERROR Cannot connect to database aureus-postgres:5432';
  if (databaseFull(view)) return 'ERROR query timed out: no connection to the database is free';
  if (!policyWorks(view)) return 'ERROR Policy check failed: policy engine unreachable';
  if (evidenceShare(view) > 0.97) return 'ERROR evidence pack not saved: Disk full';
  return blockedShare(view) > 0.1 ? 'WARN rate limit exceeded user=alice' : undefined;
}

const frontend: Program = {
  image: 'aureus/frontend',
  health,
  metrics,
  answer,
  usage: (view) => ({ cpuCores: 0.2 * waver(view), memoryBytes: 330 * 2 ** 20 * waver(view, 0.04) }),
  startLog: (view) => [
    `INFO aureus-frontend ${view.pod.metadata.name} on :5000 (practice cluster)`,
    `INFO policy engine at ${view.env.POLICY_ENGINE_URL}`,
  ],
  logEveryMs: 5000,
  logLine(view, index, atMs) {
    const wrong = trouble(view);
    return wrong && index % 2 === 0
      ? `${new Date(atMs).toISOString()} ${wrong}`
      : cycle(lines)(view, index, atMs);
  },
};

const engine: Program = {
  image: 'aureus/policy-engine',
  tags: ['v3.4.0', 'v3.4.1', 'v3.5.0'],
  health: (view) =>
    view.cluster.get('/configmaps', namespace, 'aureus-policies')?.data?.['rules.json']?.startsWith('{')
      ? { state: 'ready' }
      : {
          state: 'crashed',
          exitCode: 2,
          reason: 'Error',
          log: 'ERROR cannot parse rules.json: policies are unreadable',
        },
  answer: (_view, { path }) => (path.startsWith('/health') ? ok() : undefined),
  startLog: () => ['INFO policy engine starting (practice cluster)'],
  logEveryMs: 9000,
  logLine: cycle(['INFO evaluated request % decision=allow', 'INFO policy cache hit rate 0.97']),
};

/** Evidence packs of months, a little over half of the volume. */
const evidenceFiles = Array.from({ length: 24 }, (_, index) => ({
  namespace,
  claim: 'aureus-evidence-pvc',
  path: `/packs/2024-${String(index + 1).padStart(3, '0')}.zip`,
  size: 1.1 * 2 ** 30,
  ageDays: 150 - index * 6,
}));

export const aureus: PracticeSystem = {
  name: 'aureus',
  namespaces: [namespace],
  programs: [frontend, engine],
  objects: [
    configMap(namespace, 'aureus-policies', { 'rules.json': '{"default": "allow"}' }),
    secret(namespace, 'aureus-secrets', { POSTGRES_PASSWORD: 'practice-only' }),
    claim(namespace, 'aureus-evidence-pvc', '50Gi'),
    statefulSet({ namespace, name: 'aureus-postgres', labels: part('postgres'), image: 'postgres:15-alpine', port: 5432, container: 'postgres', requests: ['250m', '256Mi'], limits: ['1', '1Gi'], mounts: [{ name: 'postgres-data', mountPath: '/var/lib/postgresql/data' }], claim: { name: 'postgres-data', size: '20Gi' } }),
    service(namespace, 'aureus-postgres', part('postgres'), 5432),
    deployment({ namespace, name: 'aureus-redis', labels: part('redis'), image: 'redis:7-alpine', port: 6379, container: 'redis', requests: ['50m', '64Mi'] }),
    service(namespace, 'aureus-redis', part('redis'), 6379),
    deployment({
      namespace, name: 'aureus-policy-engine', labels: part('policy-engine'), image: 'aureus/policy-engine:v3.4.1', port: 8181, replicas: 2,
      requests: ['100m', '128Mi'], limits: ['500m', '256Mi'],
      volumes: [{ name: 'policies', configMap: { name: 'aureus-policies', optional: true } }],
      mounts: [{ name: 'policies', mountPath: '/etc/aureus' }],
    }),
    service(namespace, 'aureus-policy-engine', part('policy-engine'), 8181),
    deployment({
      namespace, name: 'aureus-frontend', labels: part('frontend'), image: 'aureus/frontend:v3.4.1', port: 5000, replicas: 3, container: 'frontend',
      probe: '/health', requests: ['200m', '384Mi'], limits: ['1', '1Gi'],
      env: [
        { name: 'POLICY_ENGINE_URL', value: 'http://aureus-policy-engine:8181' }, { name: 'RATE_LIMITING_ENABLED', value: 'true' },
        { name: 'RATE_LIMIT_QUERY', value: '10' }, { name: 'RATE_LIMIT_DEPLOY', value: '5' },
      ],
      volumes: [{ name: 'evidence', persistentVolumeClaim: { claimName: 'aureus-evidence-pvc' } }],
      mounts: [{ name: 'evidence', mountPath: '/app/evidence' }],
    }),
    service(namespace, 'aureus-frontend', part('frontend'), 5000),
    object('networking.k8s.io/v1', 'Ingress', namespace, 'aureus', {
      spec: { ingressClassName: 'nginx', rules: [{ host: 'aureus.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'aureus-frontend', port: { number: 5000 } } } }] } }] },
    }),
  ], // biome-ignore format: rows
  previousImages: { 'aureus-frontend': 'aureus/frontend:v3.4.0' },
  volumeFiles: evidenceFiles,
  facts: {
    [`postgres ${namespace}`]: { connections: connections(Date.now(), 42) },
    [`redis ${namespace}`]: {
      keys: { 'ratelimit:crawler-7': '61', 'ratelimit:alice': '2', 'policy:cache': 'practice' },
      savedAt: 0,
    },
  },
  events: [
    { minutesAgo: 26, namespace, object: ['/pods', 'aureus-frontend'], type: 'Warning', reason: 'Unhealthy', message: 'Readiness probe failed: HTTP probe failed with statuscode: 503', component: 'kubelet' },
    { minutesAgo: 14, namespace, object: ['/persistentvolumeclaims', 'aureus-evidence-pvc'], reason: 'VolumeUsage', message: 'volume is at 53 % (practice)', component: 'kubelet' },
  ], // biome-ignore format: rows
};
