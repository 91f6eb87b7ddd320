// The kubectl calls of the seeds that don't exit 0, made by hand: kubectl itself, or any real cluster, refuses them.

export interface Refusal {
  readonly line: RegExp;
  readonly reason: string;
  /** A race, here as on a real cluster: it may also pass. */
  readonly sometimes?: boolean;
}

export const refusals: readonly Refusal[] = [
  {
    line: /^get pods -l app=pqc-audit -o name$/,
    reason: 'its reader, head -1, closes the pipe early: killed by SIGPIPE, as on any cluster',
    sometimes: true,
  },
  {
    line: /^delete certificate (sidecar-watcher|auth-service)-tls$/,
    reason: 'found over all namespaces, deleted in one: it is not there',
  },
  { line: /^apply -f certificates\//, reason: 'the file of a certificate that belongs to another system' },
  { line: /^exec .*-l component=/, reason: 'kubectl exec has no selector: -l is no flag of it' },
  { line: /^get events .*--since/, reason: 'kubectl get has no --since' },
  { line: /podsecuritypolicies/, reason: 'PodSecurityPolicy was removed in Kubernetes 1.25' },
  {
    line: /^rollout status deployment\/pqc-audit$/,
    reason: 'the same fence scaled its database to zero: it never gets ready, once that is noticed',
    sometimes: true,
  },
  {
    line: /^rollout restart deployment\/pqc-audit$/,
    reason: 'kubectl refuses a second restart within the same second, and the fence restarts twice',
    sometimes: true,
  },
  { line: /^delete -f k8s\/auth-service-blue/, reason: 'the seed never makes the blue deployment' },
  { line: /^scale nodepool/, reason: 'kubectl scale has no --size, and node pools are no Kubernetes kind' },
  { line: /dnsPolicy":"None"/, reason: 'dnsPolicy None needs a nameserver in dnsConfig: the API refuses it' },
  {
    line: /^patch virtualservice/,
    reason: 'custom resources take no strategic merge patch, and it is the default',
  },
  { line: /^config use-context dr-cluster/, reason: 'there is no such context' },
  { line: /-- curl postgres:\/\//, reason: 'curl speaks no postgres protocol' },
  { line: /-- du -sh \/app\/evidence\/\*/, reason: 'no shell in the container expands the asterisk' },
];
