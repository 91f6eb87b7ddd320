// The policy-enforcement sidecar in `production`: it enforces what its ConfigMap says, with a certificate of its own.

import type {
  ContainerView,
  Health,
  HttpAnswer,
  HttpRequest,
  Program,
  Sample,
} from '../containers/program.ts';
import { configMap, deployment, object, secret, service } from './manifests.ts';
import { certificate } from './pqcAudit.ts';
import { cycle, metricsText, ok, unavailable, waver } from './programTools.ts';
import type { PracticeSystem } from './system.ts';

const namespace = 'production';
const labels = { app: 'sidecar-watcher' };
const watcherCertificate = 'sidecar-watcher-tls';

function modeOf(view: ContainerView): string {
  return view.cluster.get('/configmaps', namespace, 'policy-config')?.data?.enforcement_mode ?? 'missing';
}

/** How many times the usual it turns away: a check that is too strict hits harmless requests. */
function rejectFactor(view: ContainerView): number {
  const { label_check } = view.cluster.get('/configmaps', namespace, 'policy-config')?.data ?? {};
  return certificateSeconds(view) <= 0 || label_check === 'strict' ? 40 : 1;
}

/** Seconds until the certificate ends; from the object, so that a new one cures. */
function certificateSeconds(view: ContainerView): number {
  const found = view.cluster.get('cert-manager.io/certificates', namespace, watcherCertificate);
  const notAfter = Date.parse(found?.status?.notAfter ?? '');
  return Number.isNaN(notAfter) ? 0 : (notAfter - view.cluster.now()) / 1000;
}

function health(view: ContainerView): Health {
  if (certificateSeconds(view) <= 0)
    return { state: 'unready', message: 'Readiness probe failed: certificate has expired' };
  return { state: 'ready' };
}

function metrics(view: ContainerView): Sample[] {
  const own = { job: 'sidecar-watcher', instance: `${view.pod.metadata.name}:9102` };
  const enforcing = modeOf(view) === 'enforce';
  const expired = certificateSeconds(view) <= 0;
  return [
    { name: 'policy_decisions_total', labels: own, perSecond: 48 * waver(view) },
    {
      name: 'policy_rejects_total',
      labels: own,
      perSecond: enforcing ? 0.4 * waver(view) * rejectFactor(view) : 0,
    },
    { name: 'policy_enforcement_enabled', labels: own, value: enforcing ? 1 : 0 },
    { name: 'certificate_verification_failures_total', labels: own, perSecond: expired ? 3 : 0.001 },
    { name: 'certificate_expiry_seconds', labels: own, value: certificateSeconds(view) },
  ];
}

function answer(view: ContainerView, { path }: HttpRequest): HttpAnswer | undefined {
  if (path === '/metrics') return ok(metricsText(view, metrics(view)));
  if (!path.startsWith('/health')) return undefined;
  const body = {
    status: certificateSeconds(view) > 0 ? 'ok' : 'certificate expired',
    enforcement: modeOf(view),
    practice: true,
  };
  return certificateSeconds(view) > 0 ? ok(body) : unavailable(body);
}

const watcher: Program = {
  image: 'provability/sidecar-watcher',
  health,
  metrics,
  answer,
  files: { '/etc/sidecar/dfa.json': '{"states": 12, "practice": true}\n' },
  usage: (view) => ({ cpuCores: 0.12 * waver(view), memoryBytes: 190 * 2 ** 20 * waver(view, 0.03) }),
  startLog: (view) => [
    `INFO sidecar-watcher ${view.pod.metadata.name} up, enforcement ${modeOf(view)} (practice cluster)`,
  ],
  logEveryMs: 5000,
  logLine: (view, index, atMs) =>
    certificateSeconds(view) <= 0 && index % 3 === 0
      ? `${new Date(atMs).toISOString()} ERROR CERT_VERIFY failed: certificate has expired`
      : cycle(watcherLines)(view, index, atMs),
};

const watcherLines = [
  'INFO decision=allow policy=egress request=%',
  'INFO decision=allow policy=data-residency request=%',
  'WARN POLICY_VIOLATION decision=REJECT policy=egress request=% reason=label_missing',
  'INFO witness validated request=%',
  'WARN AUTH_FAILED subject=batch-job request=%',
  'INFO cache hit rate 0.94',
];

export const production: PracticeSystem = {
  name: 'production',
  namespaces: [namespace],
  programs: [watcher],
  objects: [
    configMap(namespace, 'policy-config', { enforcement_mode: 'enforce', performance_mode: 'disabled', cache_size: '512', batch_size: '50', label_check: 'lenient' }),
    secret(namespace, watcherCertificate, { 'tls.crt': 'practice certificate', 'tls.key': 'practice key' }),
    certificate(namespace, watcherCertificate, 41),
    deployment({
      namespace, name: 'sidecar-watcher', labels, image: 'provability/sidecar-watcher:v2.7.1', port: 9102, replicas: 2,
      requests: ['200m', '256Mi'], limits: ['500m', '512Mi'],
      volumes: [{ name: 'policy', configMap: { name: 'policy-config', optional: true } }],
      mounts: [{ name: 'policy', mountPath: '/etc/policy' }],
    }),
    service(namespace, 'sidecar-watcher', labels, 9102),
    deployment({ namespace, name: 'ledger', labels: { app: 'ledger' }, image: 'provability/ledger:v2.7.1', port: 8080, requests: ['100m', '128Mi'] }),
    object('policy/v1', 'PodDisruptionBudget', namespace, 'sidecar-watcher', { spec: { minAvailable: 1, selector: { matchLabels: labels } } }),
  ], // biome-ignore format: rows
  previousImages: { 'sidecar-watcher': 'provability/sidecar-watcher:v2.7.0' },
  events: [
    { minutesAgo: 17, namespace, object: ['/pods', 'sidecar-watcher'], type: 'Warning', reason: 'OOMKilling', message: 'Memory cgroup out of memory: killed process 4242 (practice)', component: 'kernel-monitor' },
    { minutesAgo: 12, namespace, object: ['/pods', 'ledger'], reason: 'Pulled', message: 'Container image already present on machine', component: 'kubelet' },
  ], // biome-ignore format: rows
};
