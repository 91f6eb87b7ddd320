// The security platform in `rust-security`: authentication, authorization, and Redis under both.

import type {
  ContainerView,
  Health,
  HttpAnswer,
  HttpRequest,
  Program,
  Sample,
} from '../containers/program.ts';
import { configMap, customKind, deployment, object, secret, service, statefulSet } from './manifests.ts';
import { certificate } from './pqcAudit.ts';
import {
  cpuLimit,
  cycle,
  factNumber,
  histogram,
  metricsText,
  ok,
  unavailable,
  waver,
} from './programTools.ts';
import { redisProgram } from './servers.ts';
import type { PracticeSystem } from './system.ts';

const namespace = 'rust-security';
const auth = { app: 'auth-service' };
const policy = { app: 'policy-service' };
const redis = { app: 'redis-master' };
/** Logins that come in, in shares of what one pod with one core bears; usually 1. */
export const loginLoadFact = 'auth-service load';

function redisUp(view: ContainerView): boolean {
  return view.cluster.readyEndpoints(namespace, 'redis-master') > 0;
}

/** The OIDC issuer that it was started with; a wrong one lets nobody in. */
function issuerWorks(view: ContainerView): boolean {
  return (view.env.OIDC_ISSUER ?? '').startsWith('https://accounts.google.com');
}

/** 1: as much as a pod of its size bears. */
function busyness(view: ContainerView): number {
  const pods = Math.max(1, view.cluster.readyEndpoints(namespace, 'auth-service'));
  return factNumber(view, loginLoadFact, 1) / pods / cpuLimit(view);
}

function authHealth(view: ContainerView): Health {
  if (!view.env.JWT_SECRET)
    return {
      state: 'crashed',
      exitCode: 1,
      reason: 'Error',
      log: 'ERROR fatal: JWT_SECRET is not set, cannot sign tokens',
    };
  return redisUp(view)
    ? { state: 'ready' }
    : { state: 'unready', message: 'Readiness probe failed: redis unreachable' };
}

function authMetrics(view: ContainerView): Sample[] {
  const own = { service: 'auth-service', job: 'auth-service', instance: `${view.pod.metadata.name}:8080` };
  const rate = 30 * waver(view);
  const failing = !issuerWorks(view) || !redisUp(view);
  return [
    {
      name: 'http_requests_total',
      labels: { ...own, code: '200' },
      perSecond: failing ? rate * 0.3 : rate * 0.995,
    },
    {
      name: 'http_requests_total',
      labels: { ...own, code: '500' },
      perSecond: failing ? rate * 0.7 : rate * 0.005,
    },
    { name: 'authentication_failures_total', labels: own, perSecond: failing ? rate * 0.7 : rate * 0.02 },
    ...histogram(
      'http_request_duration_seconds',
      rate,
      failing ? 1.4 : 0.06 * Math.max(1, busyness(view)) ** 2,
      own,
    ),
  ];
}

function authAnswer(view: ContainerView, { path }: HttpRequest): HttpAnswer | undefined {
  if (path === '/metrics') return ok(metricsText(view, authMetrics(view)));
  if (path === '/debug/pprof/heap') return ok('heap profile: practice\n');
  if (!path.startsWith('/health')) return undefined;
  const body = {
    status: redisUp(view) ? 'ok' : 'degraded',
    oidc: issuerWorks(view) ? 'ok' : 'unreachable',
    practice: true,
  };
  return redisUp(view) ? ok(body) : unavailable(body);
}

const authLines = [
  'INFO login ok user=% provider=google',
  'INFO token issued request=%',
  'INFO connection_pool size=32 idle=11',
  'WARN authentication_failed user=% reason=bad_password',
  'INFO gc: memory 412MiB after sweep',
  'WARN token_validation_error request=% reason=expired',
];

const authProgram: Program = {
  image: 'rust-security/auth-service',
  tags: ['v1.1.9', 'v1.1.10', 'v1.2.0', 'v1.2.1-security-patch', 'v1.3.0'],
  health: authHealth,
  metrics: authMetrics,
  answer: authAnswer,
  usage: (view) => ({
    cpuCores: Math.min(0.97 * cpuLimit(view), 0.54 * busyness(view) * cpuLimit(view) * waver(view)),
    memoryBytes: 410 * 2 ** 20 * waver(view, 0.04),
  }),
  startLog: (view) => [
    `INFO auth-service ${view.spec.image} listening on :8080 (practice cluster)`,
    `INFO oidc issuer ${view.env.OIDC_ISSUER}`,
  ],
  logEveryMs: 6000,
  logLine(view, index, atMs) {
    const trouble = !issuerWorks(view)
      ? `ERROR authentication_failed: oidc issuer ${view.env.OIDC_ISSUER} unreachable`
      : busyness(view) > 1.5
        ? 'WARN connection_pool exhausted size=32 idle=0 waiting=57'
        : undefined;
    return trouble && index % 2 === 0
      ? `${new Date(atMs).toISOString()} ${trouble}`
      : cycle(authLines)(view, index, atMs);
  },
};

/** Decisions that it may remember; below a hundred it mostly decides anew. */
function cacheWorks(view: ContainerView): boolean {
  return Number(view.env.CACHE_SIZE ?? 500) >= 100;
}

function policyMetrics(view: ContainerView): Sample[] {
  const own = { job: 'policy-service', instance: `${view.pod.metadata.name}:8080` };
  return histogram('authorization_duration_seconds', 55 * waver(view), cacheWorks(view) ? 0.012 : 0.09, own);
}

const policyProgram: Program = {
  image: 'rust-security/policy-service',
  metrics: policyMetrics,
  usage: (view) => ({ cpuCores: 0.15 * waver(view), memoryBytes: 260 * 2 ** 20 * waver(view, 0.04) }),
  answer(view, { path }) {
    const data = view.cluster.get('/configmaps', namespace, 'policy-service-policies')?.data ?? {};
    if (path === '/metrics') return ok(metricsText(view, policyMetrics(view)));
    if (path.startsWith('/health')) return ok({ status: 'ok', practice: true });
    if (path === '/admin/policies') return ok({ policies: Object.keys(data).map((id) => ({ id })) });
    return path === '/admin/policy-stats'
      ? ok({ policies: Object.keys(data).length, maxDepth: 4, cacheHitRate: cacheWorks(view) ? 0.93 : 0.08 })
      : undefined;
  },
  commands: {
    cedar: ({ argv, out, err, view }) => {
      const directory = argv[argv.indexOf('--policies') + 1] ?? '/etc/policies';
      if (argv[1] !== 'validate' || !view.files.stat(directory)) {
        err(`error: cannot read policies in ${directory}\n`);
        return 1;
      }
      out(`${view.files.list(directory).length} policies, no errors\n`);
      return 0;
    },
  },
  startLog: () => ['INFO policy-service ready, cedar engine 3.2 (practice cluster)'],
  logEveryMs: 6000,
  logLine: (view, index, atMs) =>
    cycle(policyLines.map((line) => line.replace('$RATE', cacheWorks(view) ? '0.93' : '0.08')))(
      view,
      index,
      atMs,
    ),
};

const policyLines = [
  'INFO decision=permit request=%',
  'INFO cache_hit_rate $RATE',
  'WARN policy_evaluation_error request=% attribute missing',
  'INFO entity_resolution 4ms request=%',
  'WARN cedar_error request=% unknown entity type',
];

export const rustSecurity: PracticeSystem = {
  name: 'rust-security',
  namespaces: [namespace],
  programs: [authProgram, policyProgram, redisProgram],
  objects: [
    customKind('networking.istio.io', 'v1', 'VirtualService', 'virtualservices', { shortNames: ['vs'], status: false }),
    customKind('aquasecurity.github.io', 'v1alpha1', 'VulnerabilityReport', 'vulnerabilityreports', {
      shortNames: ['vuln', 'vulns'],
      columns: [{ name: 'Critical', type: 'integer', jsonPath: '.report.summary.criticalCount' }, { name: 'High', type: 'integer', jsonPath: '.report.summary.highCount' }],
    }),
    object('v1', 'ServiceAccount', namespace, 'auth-service'),
    object('rbac.authorization.k8s.io/v1', 'Role', namespace, 'auth-service', {
      rules: [{ apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: ['get', 'list'] }],
    }),
    object('rbac.authorization.k8s.io/v1', 'RoleBinding', namespace, 'auth-service', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'auth-service' },
      subjects: [{ kind: 'ServiceAccount', name: 'auth-service', namespace }],
    }),
    secret(namespace, 'auth-service-jwt-old', { secret: 'practice-only-signing-key' }),
    secret(namespace, 'auth-service-config', { 'oidc.yaml': 'issuer: https://accounts.google.com\n' }),
    configMap(namespace, 'policy-service-policies', { 'base.cedar': 'permit(principal, action, resource);\n', 'admin.cedar': 'forbid(principal, action, resource) unless { principal.admin };\n' }),
    statefulSet({ namespace, name: 'redis-master', labels: redis, image: 'redis:7-alpine', port: 6379, container: 'redis', requests: ['100m', '64Mi'], limits: ['500m', '256Mi'], mounts: [{ name: 'redis-data', mountPath: '/data' }], claim: { name: 'redis-data', size: '10Gi' } }),
    service(namespace, 'redis-master', redis, 6379),
    deployment({
      namespace, name: 'auth-service', labels: auth, image: 'rust-security/auth-service:v1.1.10', port: 8080, replicas: 3,
      serviceAccount: 'auth-service', probe: '/health', requests: ['200m', '512Mi'], limits: ['1', '1Gi'],
      env: [
        { name: 'OIDC_ISSUER', value: 'https://accounts.google.com' },
        { name: 'REDIS_URL', value: 'redis://redis-master:6379' },
        { name: 'JWT_SECRET', valueFrom: { secretKeyRef: { name: 'auth-service-jwt-old', key: 'secret' } } },
      ],
    }),
    service(namespace, 'auth-service', auth, 8080),
    deployment({
      namespace, name: 'policy-service', labels: policy, image: 'rust-security/policy-service:v1.1.4', port: 8080, replicas: 2,
      requests: ['200m', '256Mi'], limits: ['1', '512Mi'],
      volumes: [{ name: 'policies', configMap: { name: 'policy-service-policies', optional: true } }],
      mounts: [{ name: 'policies', mountPath: '/etc/policies' }],
    }),
    service(namespace, 'policy-service', policy, 8080),
    object('networking.k8s.io/v1', 'Ingress', namespace, 'auth-service-ingress', {
      spec: {
        ingressClassName: 'nginx',
        rules: [{ host: 'auth.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'auth-service', port: { number: 8080 } } } }] } }],
      },
    }),
    object('autoscaling/v2', 'HorizontalPodAutoscaler', namespace, 'auth-service', {
      spec: { minReplicas: 3, maxReplicas: 10, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'auth-service' }, metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }] },
    }),
    object('networking.k8s.io/v1', 'NetworkPolicy', namespace, 'default-deny', { spec: { podSelector: { matchLabels: { quarantine: 'true' } }, policyTypes: ['Ingress', 'Egress'] } }),
    object('networking.istio.io/v1', 'VirtualService', namespace, 'auth-service', { spec: { hosts: ['auth-service'], http: [{ route: [{ destination: { host: 'auth-service' } }] }] } }),
    object('aquasecurity.github.io/v1alpha1', 'VulnerabilityReport', namespace, 'replicaset-auth-service', { report: { summary: { criticalCount: 0, highCount: 2 } } }),
    certificate(namespace, 'auth-service-tls', 19),
  ], // biome-ignore format: rows
  previousImages: {
    'auth-service': 'rust-security/auth-service:v1.1.9',
    'policy-service': 'rust-security/policy-service:v1.1.3',
  },
  facts: {
    [`redis ${namespace}`]: {
      keys: { 'session:1': 'practice', 'session:2': 'practice', 'rate:10.0.0.7': '3' },
      savedAt: 0,
    },
  },
  volumeFiles: [
    {
      namespace,
      claim: 'redis-data-redis-master-0',
      path: '/dump.rdb',
      text: 'REDIS0011practice',
      ageDays: 1,
    },
  ],
  events: [
    { minutesAgo: 31, namespace, object: ['autoscaling/horizontalpodautoscalers', 'auth-service'], reason: 'SuccessfulRescale', message: 'New size: 3; reason: All metrics below target', component: 'horizontal-pod-autoscaler' },
    { minutesAgo: 9, namespace, object: ['/pods', 'auth-service'], type: 'Warning', reason: 'Unhealthy', message: 'Readiness probe failed: redis timeout', component: 'kubelet' },
  ], // biome-ignore format: rows
};
