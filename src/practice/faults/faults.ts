// The faults that the practice cluster can have.

import type { Json } from '../store/kubeObject.ts';
import { errorShareFact, maintenanceAnnotation, memoryDemandFact } from '../systems/pqcAudit.ts';
import { loginLoadFact } from '../systems/rustSecurity.ts';
import { connections } from '../systems/servers.ts';
import type { Fault, Need, ObjectName } from './fault.ts';

const gibi = 2 ** 30;

const laid = (...names: readonly ObjectName[]): Need[] => names.map((name) => ({ laid: name }));
const up = (...names: readonly ObjectName[]): Need[] => names.map((name) => ({ up: name }));

const audit: readonly Need[] = [
  { fact: memoryDemandFact },
  { fact: errorShareFact },
  ...laid(
    ['apps/deployments', 'default', 'pqc-audit'],
    ['apps/deployments', 'default', 'postgres'],
    ['/services', 'default', 'postgres'],
  ),
];
const sidecar = up(['apps/deployments', 'production', 'sidecar-watcher']);
const policyConfig = laid(['/configmaps', 'production', 'policy-config']);
const redis = laid(
  ['apps/statefulsets', 'rust-security', 'redis-master'],
  ['/services', 'rust-security', 'redis-master'],
);
const signingSecret = laid(['/secrets', 'rust-security', 'auth-service-jwt-old']);
const authName = ['apps/deployments', 'rust-security', 'auth-service'] as const;
const auth = [...redis, ...signingSecret, ...laid(authName)];
const aureusDatabase = [
  ...up(['apps/statefulsets', 'aureus', 'aureus-postgres']),
  ...laid(['/services', 'aureus', 'aureus-postgres']),
];
const frontend = ['apps/deployments', 'aureus', 'aureus-frontend'] as const; // biome-ignore format: data

function envPatch(container: string, env: Readonly<Record<string, string>>, image?: string): Json {
  const list = Object.entries(env).map(([name, value]) => ({ name, value, valueFrom: null }));
  return {
    spec: {
      template: { spec: { containers: [{ name: container, env: list, ...(image ? { image } : {}) }] } },
    },
  };
}

export const faults: readonly Fault[] = [
  {
    id: 'out-of-memory',
    title: 'Scans need more memory than pqc-audit may have: its pods are OOM-killed',
    namespace: 'default',
    alert: 'PQCAuditOutOfMemory',
    runbook: 'pqc-scan-failure',
    needs: audit,
    steps: [{ fact: memoryDemandFact, value: 3 * gibi }],
  },
  {
    id: 'failing-dependency',
    title: 'The database of pqc-audit is gone: scans fail',
    namespace: 'default',
    alert: 'PQCScanFailure',
    runbook: 'pqc-scan-failure',
    needs: audit,
    steps: [{ patch: ['apps/deployments', 'default', 'postgres'], body: { spec: { replicas: 0 } } }],
  },
  {
    id: 'expired-certificate',
    title: 'The certificate of the policy sidecar has expired',
    namespace: 'production',
    alert: 'CertificateExpired',
    runbook: 'policy-enforcement',
    needs: [...sidecar, ...laid(['cert-manager.io/certificates', 'production', 'sidecar-watcher-tls'])],
    steps: [
      // A renewal that was asked for in the same words before would be taken as done.
      { patch: ['cert-manager.io/certificates', 'production', 'sidecar-watcher-tls'], body: { metadata: { annotations: { 'cert-manager.io/force-renew': null } } } },
      {
        patch: ['cert-manager.io/certificates', 'production', 'sidecar-watcher-tls'],
        status: true,
        body: { status: { renewedFor: null, notAfter: '2020-01-01T00:00:00Z', conditions: [{ type: 'Ready', status: 'False', reason: 'Expired', message: 'the certificate has expired' }] } },
      },
    ],
  },
  {
    id: 'crash-loop',
    title: 'auth-service was deployed without its signing secret and crashes',
    namespace: 'rust-security',
    alert: 'AuthServiceCrashLooping',
    runbook: 'security-platform-operations',
    needs: auth,
    steps: [{ patch: ['apps/deployments', 'rust-security', 'auth-service'], body: envPatch('auth-service', { JWT_SECRET: '' }) }],
  },
  {
    id: 'wrong-configuration',
    title: 'auth-service was deployed with a wrong OIDC issuer: logins fail',
    namespace: 'rust-security',
    alert: 'AuthServiceHighErrorRate',
    runbook: 'security-platform-operations',
    needs: auth,
    steps: [
      {
        patch: ['apps/deployments', 'rust-security', 'auth-service'],
        body: envPatch('auth-service', { OIDC_ISSUER: 'https://oidc.staging.invalid' }, 'rust-security/auth-service:v1.2.0'),
      },
    ],
  },
  {
    id: 'full-volume',
    title: 'The evidence volume of AUREUS is full',
    namespace: 'aureus',
    alert: 'AureusEvidenceVolumeFull',
    runbook: 'aureus-incident-response',
    needs: up(frontend, ['/persistentvolumeclaims', 'aureus', 'aureus-evidence-pvc']),
    steps: [{ fill: { namespace: 'aureus', claim: 'aureus-evidence-pvc' }, files: 23, ageDays: 120 }],
  },
  {
    id: 'policy-engine-down',
    title: 'The policies of AUREUS are unreadable: its policy engine crashes and queries are blocked',
    namespace: 'aureus',
    alert: 'AureusPolicyEngineDown',
    runbook: 'aureus-incident-response',
    needs: laid(['/configmaps', 'aureus', 'aureus-policies'], ['apps/deployments', 'aureus', 'aureus-policy-engine']),
    steps: [{ patch: ['/configmaps', 'aureus', 'aureus-policies'], body: { data: { 'rules.json': 'default: allow' } } }],
  },
  {
    id: 'rate-limit-false-positives',
    title: 'The rate limit of AUREUS turns honest users away',
    namespace: 'aureus',
    alert: 'AureusRateLimitFalsePositives',
    runbook: 'aureus-incident-response',
    needs: [...aureusDatabase, ...laid(frontend)],
    steps: [{ patch: ['apps/deployments', 'aureus', 'aureus-frontend'], body: envPatch('frontend', { RATE_LIMIT_QUERY: '1' }) }],
  },
  {
    id: 'maintenance-overdue',
    title: 'Nobody has maintained pqc-audit for weeks',
    namespace: 'default',
    alert: 'MaintenanceRequired',
    runbook: 'pqc-maintenance',
    // The service itself tells when it was maintained, as long as it is not killed.
    needs: [{ fact: memoryDemandFact }, ...up(['apps/deployments', 'default', 'pqc-audit'])],
    steps: [{ patch: ['apps/deployments', 'default', 'pqc-audit'], body: { metadata: { annotations: { [maintenanceAnnotation]: '1767225600' } } } }],
  },
  {
    id: 'strict-policy',
    title: 'Policy was changed to demand a label that nobody sets: harmless requests are turned away',
    namespace: 'production',
    alert: 'PolicyRejectRateSpike',
    runbook: 'policy-enforcement',
    needs: [...sidecar, ...policyConfig],
    steps: [{ patch: ['/configmaps', 'production', 'policy-config'], body: { data: { label_check: 'strict' } } }],
  },
  {
    id: 'policy-not-enforced',
    title: 'Policy enforcement was left in monitor mode: forbidden requests pass',
    namespace: 'production',
    alert: 'PolicyEnforcementDisabled',
    runbook: 'policy-enforcement',
    needs: [...sidecar, ...policyConfig],
    steps: [{ patch: ['/configmaps', 'production', 'policy-config'], body: { data: { enforcement_mode: 'monitor' } } }],
  },
  {
    id: 'login-load',
    title: 'Far more people log in than auth-service bears',
    namespace: 'rust-security',
    alert: 'AuthLatencyHigh',
    runbook: 'security-platform-operations',
    needs: [...redis, ...signingSecret, ...up(authName)],
    steps: [
      {
        patch: authName,
        body: { spec: { replicas: 3, template: { spec: { containers: [{ name: 'auth-service', resources: { limits: { cpu: '1' } } }] } } } },
      },
      { fact: loginLoadFact, value: 7 },
    ],
  },
  {
    id: 'cold-cache',
    title: 'policy-service was deployed with a cache that holds nothing: decisions are slow',
    namespace: 'rust-security',
    alert: 'PolicyEvaluationSlow',
    runbook: 'security-platform-operations',
    needs: laid(['apps/deployments', 'rust-security', 'policy-service']),
    steps: [{ patch: ['apps/deployments', 'rust-security', 'policy-service'], body: envPatch('policy-service', { CACHE_SIZE: '5' }) }],
  },
  {
    id: 'redis-full',
    title: 'Sessions that never end fill redis',
    namespace: 'rust-security',
    alert: 'RedisMemoryHigh',
    runbook: 'security-platform-operations',
    needs: redis,
    steps: [{ fact: 'redis rust-security', value: { keys: { 'session:1': 'practice' }, savedAt: 0, sessions: 1_670_000 } }],
  },
  {
    id: 'database-connections',
    title: 'Idle connections take all that the database of AUREUS has',
    namespace: 'aureus',
    alert: 'AureusDatabaseConnections',
    runbook: 'aureus-incident-response',
    needs: aureusDatabase,
    steps: [{ fact: 'postgres aureus', value: { connections: connections(Date.now(), 97) } }],
  },
  {
    id: 'frontend-down',
    title: 'The frontend of AUREUS was scaled to nothing',
    namespace: 'aureus',
    alert: 'AureusFrontendDown',
    runbook: 'aureus-incident-response',
    needs: [...aureusDatabase, ...laid(frontend)],
    steps: [{ patch: ['apps/deployments', 'aureus', 'aureus-frontend'], body: { spec: { replicas: 0 } } }],
  },
]; // biome-ignore format: data
