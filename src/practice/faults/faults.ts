// The faults that the practice cluster can have.

import type { Json } from '../store/kubeObject.ts';
import { memoryDemandFact } from '../systems/pqcAudit.ts';
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
]; // biome-ignore format: data
