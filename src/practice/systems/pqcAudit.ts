// The audit of a migration to post-quantum cryptography: its service, its database, in `default`.

import type {
  ContainerView,
  Health,
  HttpAnswer,
  HttpRequest,
  Program,
  Sample,
  Usage,
} from '../containers/program.ts';
import { modulesPath } from '../containers/pythonCommands.ts';
import { claim, configMap, customKind, deployment, object, pod, secret, service } from './manifests.ts';
import { cycle, factNumber, memoryLimit, metricsText, ok, unavailable, waver } from './programTools.ts';
import { connections, postgresProgram } from './servers.ts';
import type { PracticeSystem } from './system.ts';

const namespace = 'default';
const labels = { app: 'pqc-audit' };
const mebi = 2 ** 20;
/** Bytes that the scans in the queue need; the queue's reset brings it back. */
export const memoryDemandFact = 'pqc-audit memory demand';
export const errorShareFact = 'pqc-audit error share';
/** When it was last maintained, epoch seconds, on its Deployment. */
export const maintenanceAnnotation = 'example.com/last-maintenance';
const usualDemand = 620 * mebi;
const dayMs = 86_400_000;

function databaseUp(view: ContainerView): boolean {
  return view.cluster.readyEndpoints(namespace, 'postgres') > 0;
}

function usage(view: ContainerView): Usage {
  const demand = factNumber(view, memoryDemandFact, usualDemand);
  const aliveMs = view.cluster.now() - view.startedAt;
  const filled = Math.min(1, 0.35 + aliveMs / 12_000);
  return { cpuCores: 0.22 * waver(view), memoryBytes: demand * filled * waver(view, 0.03) };
}

function errorShare(view: ContainerView): number {
  if (view.env.SIMULATE_FAILURE === 'true' || !databaseUp(view)) return 0.4;
  return factNumber(view, errorShareFact, 0.006);
}

function health(view: ContainerView): Health {
  if (usage(view).memoryBytes > memoryLimit(view))
    return {
      state: 'crashed',
      exitCode: 137,
      reason: 'OOMKilled',
      log: 'ERROR memory: scan buffers exhausted',
    };
  return databaseUp(view)
    ? { state: 'ready' }
    : { state: 'unready', message: 'Readiness probe failed: database unreachable' };
}

function components(view: ContainerView): Record<string, unknown> {
  return {
    crypto_engine: { status: 'healthy', library: 'liboqs', algorithms: 4 },
    database: { status: databaseUp(view) ? 'healthy' : 'unreachable' },
    scan_queue: {
      status: 'healthy',
      depth: Math.round(factNumber(view, memoryDemandFact, usualDemand) / (40 * mebi)),
    },
    circuit_breaker: { status: view.cluster.facts.get('pqc-audit circuit breaker') ? 'enabled' : 'disabled' },
  };
}

/** Something on the backup volume that is younger than a week. */
function hasFreshBackup(view: ContainerView): boolean {
  const from = view.cluster.now() - 7 * dayMs;
  const holds = (folder: string): boolean =>
    view.files.list(folder).some((name) => {
      const at = `${folder}/${name}`;
      const node = view.files.stat(at);
      return node?.kind === 'directory' ? holds(at) : (node?.mtimeMs ?? 0) > from;
    });
  return Boolean(view.files.stat('/backup')) && holds('/backup');
}

/** Epoch seconds: as whoever did it last wrote on the Deployment, else two days ago. */
function lastMaintenance(view: ContainerView): number {
  const noted = view.cluster.get('apps/deployments', namespace, 'pqc-audit')?.metadata.annotations?.[
    maintenanceAnnotation
  ];
  return Number(noted) || Math.floor((view.cluster.now() - 2 * dayMs) / 1000);
}

function metrics(view: ContainerView): Sample[] {
  const own = { job: 'pqc-audit-app', instance: `${view.pod.metadata.name}:8080` };
  const scans = 2.4 * waver(view);
  const { memoryBytes, cpuCores } = usage(view);
  return [
    { name: 'pqc_scans_total', labels: own, perSecond: scans },
    { name: 'pqc_scan_errors_total', labels: own, perSecond: scans * errorShare(view) },
    { name: 'process_resident_memory_bytes', labels: own, value: memoryBytes },
    { name: 'process_cpu_seconds_total', labels: own, perSecond: cpuCores },
    {
      name: 'pqc:scan_duration_p95_5m',
      labels: own,
      value: 12 * waver(view, 0.05) * (errorShare(view) > 0.1 ? 3 : 1),
    },
    {
      name: 'pqc:memory_utilization_percentage',
      labels: own,
      value: (memoryBytes / memoryLimit(view)) * 100,
    },
    { name: 'pqc:error_rate_5m', labels: own, value: errorShare(view) },
    { name: 'pqc:service_availability_5m', labels: own, value: databaseUp(view) ? 1 : 0 },
    { name: 'pqc_backup_success', labels: own, value: hasFreshBackup(view) ? 1 : 0 },
    {
      name: 'pqc_last_maintenance_timestamp',
      labels: own,
      value: lastMaintenance(view),
    },
  ];
}

function answer(view: ContainerView, { path, method }: HttpRequest): HttpAnswer | undefined {
  const [route = ''] = path.split('?');
  const up = databaseUp(view);
  const { facts } = view.cluster;
  if (route === '/health' || route === '/health/deep')
    return up
      ? ok({ status: 'healthy', practice: true })
      : unavailable({ status: 'unhealthy', practice: true });
  if (route === '/health/detailed')
    return {
      status: up ? 200 : 503,
      body: { status: up ? 'healthy' : 'degraded', components: components(view) },
    };
  if (route === '/metrics') return ok(metricsText(view, metrics(view)));
  if (method !== 'POST') return undefined;
  if (route === '/admin/reset-queue') {
    facts.delete(memoryDemandFact);
    return ok({ status: 'queue reset' });
  }
  if (route === '/admin/enable-circuit-breaker') {
    facts.set('pqc-audit circuit breaker', true);
    return ok({ status: 'circuit breaker enabled' });
  }
  if (route === '/admin/reload-config') return ok({ status: 'configuration reloaded' });
  return route === '/admin/compliance-report'
    ? ok({ framework: 'nist', compliant: true, findings: [] })
    : undefined;
}

const modules = {
  liboqs: {
    version: '0.10.1',
    package: 'liboqs',
    returns: { get_enabled_algorithms: ['Kyber512', 'Kyber768', 'Dilithium2', 'Dilithium3'] },
  },
  cryptography: { version: '42.0.8', package: 'cryptography' },
  pqcrypto: { version: '0.3.4', package: 'pqcrypto' },
  'pqc_migration_audit.config': { version: '1.4.3', main: 'configuration is valid' },
  'pqc_migration_audit.compliance_check': {
    version: '1.4.3',
    main: 'COMPLIANCE passed: 212 checks, 0 findings',
  },
};

const auditProgram: Program = {
  image: 'pqc-audit',
  tags: ['v1.4.2', 'v1.4.3', 'v1.4.4', 'latest'],
  files: {
    [modulesPath]: JSON.stringify(modules),
    '/app/VERSION': '1.4.3 (practice)\n',
    '/tmp/pqc-cache/scan-0001.bin': 'cached scan\n',
    '/tmp/pqc-cache/scan-0002.bin': 'cached scan\n',
  },
  health,
  usage,
  metrics,
  answer,
  startLog: (view) => [
    `INFO pqc-audit starting as ${view.pod.metadata.name} (practice cluster)`,
    'INFO crypto engine ready: liboqs 0.10.1, 4 algorithms',
    `INFO configuration loaded, log level ${view.env.LOG_LEVEL ?? 'INFO'}`,
  ],
  logEveryMs: 7000,
  logLine: (view, index, atMs) => {
    if (errorShare(view) > 0.1 && index % 2 === 0)
      return `${new Date(atMs).toISOString()} ERROR scan % failed: ${databaseUp(view) ? 'scan engine rejected the target' : 'cannot connect to database postgres:5432'}`.replace(
        '%',
        String(index),
      );
    return cycle(auditLines)(view, index, atMs);
  },
};

const auditLines = [
  'INFO scan % finished: 312 files, 0 findings',
  'INFO scan % finished: 88 files, 1 finding (RSA-2048 in legacy/tls.conf)',
  'INFO COMPLIANCE scan % recorded for framework nist',
  'INFO memory: resident set within budget after scan %',
  'WARN scan % slow: large file, 41 s',
  'INFO queue depth 15',
  'ERROR scan % timed out on a large archive, will be retried',
];

const volume = (name: string, claimName: string): unknown => ({ name, persistentVolumeClaim: { claimName } });
const certificateColumns = [
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Secret', type: 'string', jsonPath: '.spec.secretName' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** A cert-manager Certificate that ends in so many days. */
export function certificate(inNamespace: string, name: string, days: number): unknown {
  const at = (ms: number): string => `${new Date(Date.now() + ms).toISOString().slice(0, 19)}Z`;
  return object('cert-manager.io/v1', 'Certificate', inNamespace, name, {
    spec: {
      secretName: name,
      dnsNames: [`${name}.example.com`],
      issuerRef: { name: 'practice-ca', kind: 'Issuer' },
    },
    status: {
      notAfter: at(days * 86_400_000),
      notBefore: at((days - 90) * 86_400_000),
      conditions: [
        {
          type: 'Ready',
          status: days > 0 ? 'True' : 'False',
          reason: days > 0 ? 'Ready' : 'Expired',
          message: 'practice certificate',
        },
      ],
    },
  });
}

export const pqcAudit: PracticeSystem = {
  name: 'pqc-audit',
  namespaces: [namespace],
  programs: [auditProgram, postgresProgram],
  objects: [
    customKind('cert-manager.io', 'v1', 'Certificate', 'certificates', { shortNames: ['cert', 'certs'], columns: certificateColumns }),
    configMap(namespace, 'pqc-audit-config', { 'config.yaml': 'scan:\n  parallel: 4\n  timeout: 120s\nlog: info\n' }, labels),
    secret(namespace, 'pqc-audit-secrets', { DATABASE_PASSWORD: 'practice-only', API_TOKEN: 'practice-only' }, labels),
    object('v1', 'ServiceAccount', namespace, 'pqc-audit'),
    object('rbac.authorization.k8s.io/v1', 'RoleBinding', namespace, 'pqc-audit-view', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'pqc-audit', namespace }],
    }),
    claim(namespace, 'pqc-scan-target', '20Gi'),
    claim(namespace, 'pqc-data', '10Gi'),
    claim(namespace, 'pqc-backup', '50Gi'),
    claim(namespace, 'postgres-data', '20Gi'),
    deployment({
      namespace, name: 'postgres', labels: { app: 'postgres' }, image: 'postgres:15-alpine', port: 5432,
      requests: ['250m', '256Mi'], limits: ['1', '1Gi'],
      volumes: [volume('data', 'postgres-data')], mounts: [{ name: 'data', mountPath: '/var/lib/postgresql/data' }],
    }),
    pod({ namespace, name: 'postgres-pod', labels: { app: 'postgres-console' }, image: 'postgres:15-alpine', port: 5432 }),
    service(namespace, 'postgres', { app: 'postgres' }, 5432),
    deployment({
      namespace, name: 'pqc-audit', labels, image: 'pqc-audit:v1.4.3', port: 8080, replicas: 3,
      serviceAccount: 'pqc-audit', probe: '/health',
      requests: ['250m', '512Mi'], limits: ['1', '2Gi'],
      env: [{ name: 'LOG_LEVEL', value: 'INFO' }, { name: 'DATABASE_HOST', value: 'postgres:5432' }],
      volumes: [
        volume('scan-volume', 'pqc-scan-target'), volume('data', 'pqc-data'), volume('backup', 'pqc-backup'),
        { name: 'config', configMap: { name: 'pqc-audit-config', optional: true } },
      ],
      mounts: [
        { name: 'scan-volume', mountPath: '/scan-target' }, { name: 'data', mountPath: '/data' },
        { name: 'backup', mountPath: '/backup' }, { name: 'config', mountPath: '/etc/pqc-audit' },
      ],
    }),
    service(namespace, 'pqc-audit', labels, 8080),
    service(namespace, 'pqc-audit-service', labels, 8080),
    object('networking.k8s.io/v1', 'NetworkPolicy', namespace, 'pqc-audit', {
      spec: { podSelector: { matchLabels: labels }, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 8080, protocol: 'TCP' }] }] },
    }),
    certificate(namespace, 'pqc-audit-tls', 74),
  ], // biome-ignore format: rows
  previousImages: { 'pqc-audit': 'pqc-audit:v1.4.2' },
  restarts: [{ namespace, app: 'pqc-audit', hoursAgo: 5, reason: 'Error', exitCode: 1 }],
  volumeFiles: [
    {
      namespace,
      claim: 'pqc-scan-target',
      path: '/repo/tls.conf',
      text: 'ssl_protocols TLSv1.3;\n',
      ageDays: 12,
    },
    {
      namespace,
      claim: 'pqc-data',
      path: '/scan-results.json',
      text: '{"scans": 4711, "practice": true}\n',
      ageDays: 1,
    },
    {
      namespace,
      claim: 'pqc-backup',
      path: '/scan-results.json',
      text: '{"scans": 4690, "practice": true}\n',
      ageDays: 2,
    },
  ],
  facts: {
    'postgres default': { connections: connections(Date.now(), 14) },
  },
  events: [
    { minutesAgo: 38, namespace, object: ['/pods', 'pqc-audit'], type: 'Warning', reason: 'Unhealthy', message: 'Readiness probe failed: HTTP probe failed with statuscode: 503', component: 'kubelet' },
    { minutesAgo: 22, namespace, object: ['apps/deployments', 'pqc-audit'], reason: 'ScalingReplicaSet', message: 'Scaled up replica set pqc-audit to 3', component: 'deployment-controller' },
  ], // biome-ignore format: rows
};
