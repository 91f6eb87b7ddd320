// What an alert's name looks like, and how names are compared.

/** Stems and titles that name a page, not an alert. */
const pageNames = new Set(
  (
    'readme index overview introduction glossary contributing changelog license summary troubleshooting ' +
    'runbook runbooks template architecture faq home welcome notes todo'
  ).split(' '),
);

/** Products and formats that are written in humps, and are no alerts. */
const productNames = new Set(
  (
    'postgresql mysql mongodb github gitlab openshift cloudwatch pagerduty cloudtrail guardduty dynamodb javascript ' +
    'typescript configmap configmaps statefulset statefulsets daemonset daemonsets kubevirt rabbitmq elasticsearch ' +
    'opentelemetry victoriametrics argocd circleci cloudformation cloudfront servicenow opsgenie victorops ' +
    'cloudnativepg macos ios devops gitops secops postmortem playbook'
  ).split(' '),
);

/** What an alert's name ends in when it tells of trouble: needed where nothing but the name speaks for it. */
const troubleEnd =
  /(Down|Fail|Failed|Failing|Failure|Failures|Error|Errors|Errs|High|Low|Missing|Full|Slow|Lag|Lagging|Burn|Looping|Crashlooping|Crashing|Stuck|Ready|Mismatch|Expiration|Expiring|Expired|Degraded|Unreachable|Unavailable|Exceeded|Overcommit|Behind|Inconsistent|Flapping|Firing|Pending|Throttling|Throttled|Saturation|Limit|Hit|Up|Space|Files|Drift|Skew|Skewed|Required|Detected|Rejected|Absent|Dead|Offline|Overloaded|Exhausted|Exhaustion|Leak|Critical|Warning|Unhealthy|Unowned|Dropping|Dropped|Stale|Outdated|Restarting|Blocked|Corrupted|Corruption|Timeout|Timeouts|Denied|Invalid|Halted|Evicted|Disconnected|Insufficient|Overflow|Depleted|Outage|Killed|Old)$/;

/** Lower case, letters and digits only: `PQC-scan failure` and `PQCScanFailure` are one name. */
export function normaliseName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

/** Under which names are compared: `NorthboundStale` and `NorthboundStaleAlert` are one, as titles leave the word out. */
export function nameKey(name: string): string {
  // Names in other scripts normalise to nothing: those are compared as they stand.
  return normaliseName(name).replace(/(?<=.{4})alert$/, '') || name;
}

/** One token in humps, such as `KubeAPIDown` or `etcdNoLeader`. */
export function isHumpedName(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_]{3,119}$/.test(text)) return false;
  const humps = text.match(/[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z0-9]+|[A-Z]{2,}|^[a-z]+/g) ?? [];
  return humps.length >= 2 && /[a-z]/.test(text) && !isPageName(text);
}

/** The first hump of a name, under which a product's alerts stand together: `Tempo` of `TempoBadOverrides`. */
export function familyOf(name: string): string {
  return /^(?:[a-z]+|[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z0-9]+)/.exec(name)?.[0] ?? '';
}

/** A humped name that by its words alone is an alert's. */
export function isTroubleName(text: string): boolean {
  return isHumpedName(text) && troubleEnd.test(text);
}

export function isPageName(text: string): boolean {
  const flat = normaliseName(text);
  return pageNames.has(flat) || productNames.has(flat);
}

/** `docs/PQCScanFailure.runbook.md` gives `PQCScanFailure`. */
export function fileStem(fileName: string): string {
  const base = fileName.split(/[\\/]/).at(-1) ?? '';
  return base.replace(/\.(md|mdx|markdown|mkd|mdown|txt)$/i, '').replace(/\.runbook$/i, '');
}

/** A title without what is put around an alert's name: quotes, `Alert:`, `[Deprecated]`, `(critical)`, `runbook`. */
export function titleName(title: string): string {
  return title
    .replace(/^\s*(alert|runbook|playbook)\s*[:–—-]\s*/i, '')
    .replace(/\s*(\[[^\]]*\]|\([^)]*\)|\{[^}]*\})\s*/g, ' ')
    .replace(/\s+[–—-]\s+.*$/, '')
    .replace(/\s+(alerts?|runbook|playbook)\s*$/i, '')
    .replace(/^[\s"'`“”]+|[\s"'`“”:.]+$/g, '');
}

/** Names of a label's value: `X or Y`, `X, Y and Z`, `` `X` / `Y` ``. */
export function splitNames(value: string): string[] {
  return value
    .split(/\s*,\s*|\s*\/\s+|\s+\/\s*|\s*;\s*|\s*\|\s*|\s+(?:or|and)\s+/i)
    .map((part) => part.replace(/^[\s"'`“”*]+|[\s"'`“”*.]+$/g, '').replace(/\s*[[(].*$/, ''))
    .filter((part) => part !== '');
}
