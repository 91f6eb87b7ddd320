// The practice cluster's alerting rules, as data. Each speaks of what is wrong and never of how it came to be.

export interface AlertRule {
  readonly alert: string;
  readonly group: string;
  readonly expr: string;
  readonly forMs: number;
  readonly severity: 'critical' | 'high' | 'warning';
  readonly summary: string;
  readonly runbook?: string;
}

const rule = (
  group: string,
  alert: string,
  severity: AlertRule['severity'],
  expr: string,
  summary: string,
  runbook?: string,
): AlertRule => ({ group, alert, severity, expr, summary, forMs: 4000, ...(runbook ? { runbook } : {}) });

export const alertRules: readonly AlertRule[] = [
  rule('pqc-audit', 'PQCScanFailure', 'high', 'sum(rate(pqc_scan_errors_total[1m])) / sum(rate(pqc_scans_total[1m])) > 0.05', 'More than 5 % of scans fail', 'pqc-scan-failure'),
  rule('pqc-audit', 'PQCAuditOutOfMemory', 'high', 'max by (namespace, pod) (kube_pod_container_status_last_terminated_reason{reason="OOMKilled", container="pqc-audit"}) and on (namespace, pod) (kube_pod_container_status_ready{container="pqc-audit"} == 0 or changes(kube_pod_container_status_restarts_total[1m]) > 0)', 'pqc-audit is killed for want of memory', 'pqc-scan-failure'),
  rule('pqc-audit', 'BackupFailure', 'critical', 'min(pqc_backup_success) == 0', 'No backup of the last week', 'pqc-maintenance'),
  rule('pqc-audit', 'MaintenanceRequired', 'warning', 'time() - min(pqc_last_maintenance_timestamp) > 604800', 'No maintenance for a week', 'pqc-maintenance'),
  rule('policy-enforcement', 'PolicyRejectRateSpike', 'high', 'sum(rate(policy_rejects_total[1m])) > 8', 'Ten times the usual rejects', 'policy-enforcement'),
  rule('policy-enforcement', 'PolicyEnforcementDisabled', 'critical', 'min(policy_enforcement_enabled) == 0', 'Policies are not enforced in production', 'policy-enforcement'),
  rule('policy-enforcement', 'CertificateExpired', 'critical', 'min(certificate_expiry_seconds) <= 0', 'The certificate of the policy sidecar has expired', 'policy-enforcement'),
  rule('rust-security', 'AuthServiceCrashLooping', 'critical', 'max(kube_pod_container_status_waiting_reason{container="auth-service", reason=~"CrashLoopBackOff|CreateContainerConfigError"}) == 1', 'auth-service does not stay up', 'security-platform-operations'),
  rule('rust-security', 'AuthServiceHighErrorRate', 'high', 'sum(rate(http_requests_total{service="auth-service", code="500"}[1m])) / sum(rate(http_requests_total{service="auth-service"}[1m])) > 0.1', 'More than 10 % of logins fail', 'security-platform-operations'),
  rule('rust-security', 'AuthLatencyHigh', 'high', 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{service="auth-service"}[1m]))) > 0.5', 'Logging in takes more than half a second for one in twenty', 'security-platform-operations'),
  rule('rust-security', 'PolicyEvaluationSlow', 'warning', 'histogram_quantile(0.95, sum by (le) (rate(authorization_duration_seconds_bucket[1m]))) > 0.1', 'Decisions take more than 100 ms for one in twenty', 'security-platform-operations'),
  rule('rust-security', 'RedisMemoryHigh', 'high', 'max by (namespace, pod) (redis_memory_used_bytes / redis_memory_max_bytes) > 0.9', 'redis has less than a tenth of its memory left', 'security-platform-operations'),
  rule('aureus', 'AureusFrontendDown', 'critical', 'max(kube_deployment_status_replicas_available{deployment="aureus-frontend"}) == 0', 'No frontend is available', 'aureus-incident-response'),
  rule('aureus', 'AureusDatabaseDown', 'critical', 'max(kube_statefulset_status_replicas_ready{statefulset="aureus-postgres"}) == 0', 'The database has no ready pod', 'aureus-incident-response'),
  rule('aureus', 'AureusDatabaseConnections', 'critical', 'max by (namespace, pod) (pg_stat_activity_count{service="aureus-postgres"} / pg_settings_max_connections{service="aureus-postgres"}) > 0.9', 'Nine of ten connections are taken', 'aureus-incident-response'),
  rule('aureus', 'AureusEvidenceVolumeFull', 'high', 'max(kubelet_volume_stats_used_bytes{persistentvolumeclaim="aureus-evidence-pvc"} / kubelet_volume_stats_capacity_bytes{persistentvolumeclaim="aureus-evidence-pvc"}) > 0.95', 'The evidence volume is nearly full', 'aureus-incident-response'),
  rule('aureus', 'AureusPolicyEngineDown', 'critical', 'max(kube_deployment_status_replicas_available{deployment="aureus-policy-engine"}) == 0', 'No policy engine is available: queries are blocked', 'aureus-incident-response'),
  rule('aureus', 'AureusRateLimitFalsePositives', 'warning', 'sum(rate(aureus_rate_limited_total[1m])) > 3', 'Many honest users meet the rate limit', 'aureus-incident-response'),
  rule('aureus', 'AureusPolicyBypassActive', 'warning', 'max(aureus_policy_bypass) == 1', 'The policy check is bypassed'),
]; // biome-ignore format: one rule a line
