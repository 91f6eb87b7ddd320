// Names the security control that a command turns off: policy enforcement, rate limits, audit, firewalls, TLS.

import type { AssessedCommand } from './assess.ts';

const controls =
  'polic\\w*|enforce\\w*|rate[_-]?limit\\w*|audit\\w*|auth(entication|orization|n|z)?|mfa|2fa|tls|ssl|verif\\w*|security|selinux|apparmor|seccomp|firewall|waf|sandbox|signature\\w*|validation|admission|guard\\w*|encryption|csrf|cors|captcha|logging';
const off = '(false|off|no|0|none|disabled?|permissive|privileged|bypass|shadow|monitor|warn|allow[_-]?all)';

const patterns: readonly RegExp[] = [
  // RATE_LIMITING_ENABLED=false, {"enforcement_mode":"disabled"}
  new RegExp(`["']?([\\w.-]*(?:${controls})[\\w.-]*)["']?\\s*[:=]\\s*["']?${off}\\b`, 'i'),
  // POLICY_BYPASS_MODE=true, DISABLE_AUTH=1, skip_tls_verify=true
  /["']?([\w.-]*(?:bypass|disable|skip|insecure|no)[_-]?[\w.-]*)["']?\s*[:=]\s*["']?(?:true|on|yes|1|enabled?)\b/i,
];
const commands: readonly [RegExp, string][] = [
  [/\bsetenforce\s+(0|permissive)/i, 'SELinux'],
  [
    /\bufw\s+disable|\biptables\s+(-F|--flush)|\bnft\s+flush|\bsystemctl\s+(stop|disable|mask)\s+(\S+\s+)*(firewalld|ufw|iptables|nftables)/i,
    'the firewall',
  ],
  [
    /\bsystemctl\s+(stop|disable|mask)\s+(\S+\s+)*(auditd|falco\S*|apparmor|crowdstrike\S*|falcon-sensor|wazuh\S*|osquery\S*|fail2ban)/i,
    'a security service',
  ],
  [/\bauditctl\s+(-e\s*0|-D)/, 'the audit of the machine'],
  // The service that enforces one: restarted, scaled up or given other resources it goes on.
  [
    /\b(delete\b.*|scale\b.*--replicas[= ]0.*|--replicas[= ]0\b.*)\b(gatekeeper|kyverno|falco|\S*policy-engine|\S*sidecar-watcher)|\bscale\b.*\b(gatekeeper|kyverno|falco|policy-engine|sidecar-watcher)\S*\s.*--replicas[= ]0\b/i,
    'a policy of the cluster',
  ],
  [
    /\b(delete|scale|patch)\b.*\b(networkpolic\w+|netpol|validatingwebhookconfiguration\w*|mutatingwebhookconfiguration\w*|podsecuritypolic\w+|psp|clusterpolic\w+|constraint\w*)/i,
    'a policy of the cluster',
  ],
  [
    /\bcloudtrail\s+(stop-logging|delete-trail)|\bguardduty\s+(delete|disable|update)-\S+|\bconfigservice\s+stop-\S+|\bsecurityhub\s+disable-\S+/i,
    'an audit of the account',
  ],
  [/pod-security\.kubernetes\.io\/enforce=privileged/i, 'pod security'],
];

/** What it turns off, in words; undefined where nothing is. */
export function securityControlOf(command: Pick<AssessedCommand, 'text' | 'risk'>): string | undefined {
  if (command.risk === 'read' || command.risk === 'write' || command.risk === 'secret') return undefined;
  for (const [pattern, what] of commands) if (pattern.test(command.text)) return `turns off ${what}`;
  for (const pattern of patterns) {
    const found = pattern.exec(command.text);
    if (found) return `turns off a security control (${found[1]})`;
  }
  return undefined;
}
