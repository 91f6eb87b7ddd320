// Which of the policy's targets a cluster is. Known by what can't be renamed: server address and CA.

import type { TargetRule } from './policy.ts';

export interface ClusterIdentity {
  readonly server: string;
  /** `sha256:…` of the CA in DER form; undefined where the kubeconfig has none. */
  readonly ca?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
}

export interface KnownTarget {
  readonly name: string;
  readonly color: string | undefined;
  readonly production: boolean;
  /** False where no policy lists it: then it is production. */
  readonly listed: boolean;
}

/** Where several match, any that says production wins. */
export function targetOf(targets: readonly TargetRule[], cluster: ClusterIdentity): KnownTarget {
  const found = targets.filter((target) => matches(target, cluster));
  const first = found.find((target) => target.production) ?? found[0];
  if (!first)
    return { name: cluster.context ?? cluster.server, color: undefined, production: true, listed: false };
  return { name: first.name, color: first.color, production: first.production, listed: true };
}

function matches(rule: TargetRule, cluster: ClusterIdentity): boolean {
  // A context's name alone is anybody's choice: it may mark a production target, and never frees one.
  if (rule.server === undefined && rule.ca === undefined && !rule.production) return false;
  if (rule.server !== undefined && !like(rule.server, normalServer(cluster.server), normalServer))
    return false;
  if (rule.ca !== undefined && rule.ca !== cluster.ca) return false;
  if (rule.context !== undefined && !like(rule.context, cluster.context ?? '')) return false;
  return rule.namespaces.length === 0 || rule.namespaces.some((one) => like(one, cluster.namespace ?? ''));
}

function like(pattern: string, value: string, normal: (text: string) => string = (text) => text): boolean {
  if (!pattern.includes('*')) return normal(pattern) === value;
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${escaped}$`, 'i').test(value);
}

function normalServer(server: string): string {
  try {
    const url = new URL(server);
    const port = url.port || (url.protocol === 'http:' ? '80' : '443');
    return `${url.protocol}//${url.hostname.toLowerCase()}:${port}${url.pathname.replace(/\/+$/, '')}`;
  } catch {
    return server;
  }
}
