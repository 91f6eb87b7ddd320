// Which cluster and namespace a kubectl or helm call names by its flags.

import type { Target } from '../call.ts';
import type { ParsedArguments } from '../flags.ts';

const pointing = [
  '--context', '--kube-context', '--kubeconfig', '--server', '--kube-apiserver', '--cluster', '--user', '--token',
  '--kube-token', '--as', '--as-group', '--as-uid', '--kube-as-user', '--kube-as-group', '--certificate-authority',
  '--kube-ca-file', '--client-certificate', '--client-key', '--username', '--password', '--tls-server-name',
  '--insecure-skip-tls-verify', '--kube-insecure-skip-tls-verify', '--kube-tls-server-name',
]; // biome-ignore format: one list

/** A namespace of `*` is all of them. */
export function clusterTarget(parsed: ParsedArguments): Target {
  return {
    context: parsed.lastShown('--context') ?? parsed.lastShown('--kube-context') ?? null,
    namespace: parsed.on('--all-namespaces') ? '*' : (parsed.lastShown('--namespace') ?? null),
    overrides: pointing.filter((flag) => parsed.on(flag)),
  };
}
