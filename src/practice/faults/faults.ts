// The faults that the practice cluster can have.

import type { Json } from '../store/kubeObject.ts';
import { maintenanceAnnotation, memoryDemandFact } from '../systems/pqcAudit.ts';
import { loginLoadFact } from '../systems/rustSecurity.ts';
import { connections } from '../systems/servers.ts';
import type { Fault } from './fault.ts';

const gibi = 2 ** 30;

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
    steps: [{ fact: memoryDemandFact, value: 3 * gibi }],
  },
  {
    id: 'failing-dependency',
    title: 'The database of pqc-audit is gone: scans fail',
    namespace: 'default',
    alert: 'PQCScanFailure',
    runbook: 'pqc-scan-failure',
    steps: [{ patch: ['apps/deployments', 'default', 'postgres'], body: { spec: { replicas: 0 } } }],
  },
  {
    id: 'expired-certificate',
    title: 'The certificate of the policy sidecar has expired',
    namespace: 'production',
    alert: 'CertificateExpired',
    runbook: 'policy-enforcement',
    steps: [
      {
        patch: ['cert-manager.io/certificates', 'production', 'sidecar-watcher-tls'],
        status: true,
        body: { status: { notAfter: '2020-01-01T00:00:00Z', conditions: [{ type: 'Ready', status: 'False', reason: 'Expired', message: 'the certificate has expired' }] } },
      },
    ],
  },
  {
    id: 'crash-loop',
    title: 'auth-service was deployed without its signing secret and crashes',
    namespace: 'rust-security',
    alert: 'AuthServiceCrashLooping',
    runbook: 'security-platform-operations',
    steps: [{ patch: ['apps/deployments', 'rust-security', 'auth-service'], body: envPatch('auth-service', { JWT_SECRET: '' }) }],
  },
  {
    id: 'wrong-configuration',
    title: 'auth-service was deployed with a wrong OIDC issuer: logins fail',
    namespace: 'rust-security',
    alert: 'AuthServiceHighErrorRate',
    runbook: 'security-platform-operations',
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
    steps: [{ fill: { namespace: 'aureus', claim: 'aureus-evidence-pvc' }, files: 23, fileBytes: gibi, ageDays: 120 }],
  },
  {
    id: 'policy-engine-down',
    title: 'The policies of AUREUS are unreadable: its policy engine crashes and queries are blocked',
    namespace: 'aureus',
    alert: 'AureusPolicyEngineDown',
    runbook: 'aureus-incident-response',
    steps: [{ patch: ['/configmaps', 'aureus', 'aureus-policies'], body: { data: { 'rules.json': 'default: allow' } } }],
  },
  {
    id: 'rate-limit-false-positives',
    title: 'The rate limit of AUREUS turns honest users away',
    namespace: 'aureus',
    alert: 'AureusRateLimitFalsePositives',
    runbook: 'aureus-incident-response',
    steps: [{ patch: ['apps/deployments', 'aureus', 'aureus-frontend'], body: envPatch('frontend', { RATE_LIMIT_QUERY: '1' }) }],
  },
  {
    id: 'maintenance-overdue',
    title: 'Nobody has maintained pqc-audit for weeks',
    namespace: 'default',
    alert: 'MaintenanceRequired',
    runbook: 'pqc-maintenance',
    steps: [{ patch: ['apps/deployments', 'default', 'pqc-audit'], body: { metadata: { annotations: { [maintenanceAnnotation]: '1767225600' } } } }],
  },
  {
    id: 'strict-policy',
    title: 'Policy was changed to demand a label that nobody sets: harmless requests are turned away',
    namespace: 'production',
    alert: 'PolicyRejectRateSpike',
    runbook: 'policy-enforcement',
    steps: [{ patch: ['/configmaps', 'production', 'policy-config'], body: { data: { label_check: 'strict' } } }],
  },
  {
    id: 'policy-not-enforced',
    title: 'Policy enforcement was left in monitor mode: forbidden requests pass',
    namespace: 'production',
    alert: 'PolicyEnforcementDisabled',
    runbook: 'policy-enforcement',
    steps: [{ patch: ['/configmaps', 'production', 'policy-config'], body: { data: { enforcement_mode: 'monitor' } } }],
  },
  {
    id: 'login-load',
    title: 'Far more people log in than auth-service bears',
    namespace: 'rust-security',
    alert: 'AuthLatencyHigh',
    runbook: 'security-platform-operations',
    steps: [{ fact: loginLoadFact, value: 7 }],
  },
  {
    id: 'cold-cache',
    title: 'policy-service was deployed with a cache that holds nothing: decisions are slow',
    namespace: 'rust-security',
    alert: 'PolicyEvaluationSlow',
    runbook: 'security-platform-operations',
    steps: [{ patch: ['apps/deployments', 'rust-security', 'policy-service'], body: envPatch('policy-service', { CACHE_SIZE: '5' }) }],
  },
  {
    id: 'redis-full',
    title: 'Sessions that never end fill redis',
    namespace: 'rust-security',
    alert: 'RedisMemoryHigh',
    runbook: 'security-platform-operations',
    steps: [{ fact: 'redis rust-security', value: { keys: { 'session:1': 'practice' }, savedAt: 0, sessions: 1_670_000 } }],
  },
  {
    id: 'database-connections',
    title: 'Idle connections take all that the database of AUREUS has',
    namespace: 'aureus',
    alert: 'AureusDatabaseConnections',
    runbook: 'aureus-incident-response',
    steps: [{ fact: 'postgres aureus', value: { connections: connections(Date.now(), 97) } }],
  },
  {
    id: 'frontend-down',
    title: 'The frontend of AUREUS was scaled to nothing',
    namespace: 'aureus',
    alert: 'AureusFrontendDown',
    runbook: 'aureus-incident-response',
    steps: [{ patch: ['apps/deployments', 'aureus', 'aureus-frontend'], body: { spec: { replicas: 0 } } }],
  },
]; // biome-ignore format: data
