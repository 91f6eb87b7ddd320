// Compares one kubectl call with the pinned target: which cluster, namespace and identity it really means.

import path from 'node:path';
import { type Kubeconfig, loadKubeconfig } from './kubeconfigFile.ts';
import { flag, isOn, type KubectlCall, parseKubectl } from './kubectlArguments.ts';
import { normalServer, type PinnedTarget, sameCluster, targetOf } from './pinnedTarget.ts';

export interface TargetDifference {
  readonly what: 'cluster' | 'namespace' | 'identity' | 'unknown';
  /** The flag or variable that makes it: `--context`, `KUBECONFIG`, `-n`, … */
  readonly by: string;
  readonly pinned: string;
  readonly given: string;
}

export interface TargetComparison {
  /** Where the call goes; undefined where it can't be told. */
  readonly target: PinnedTarget | undefined;
  readonly allNamespaces: boolean;
  readonly differences: readonly TargetDifference[];
  /** The call leaves the pinned cluster or namespace, or can't be told. */
  readonly outside: boolean;
}

export interface CallPlace {
  readonly pin: PinnedTarget;
  /** Where the private kubeconfig lies; a KUBECONFIG that says the same changes nothing. */
  readonly privateKubeconfig: string;
  readonly config: Kubeconfig;
}

const identityFlags = [
  'token', 'user', 'as', 'as-group', 'as-uid', 'client-certificate', 'client-key', 'username', 'password',
]; // biome-ignore format: one list
const tlsFlags = ['certificate-authority', 'insecure-skip-tls-verify', 'tls-server-name'];

/** `argv` without the binary's name; `env` is the environment of the call. Never throws. */
export async function compareTarget(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  place: CallPlace,
): Promise<TargetComparison> {
  const call = parseKubectl(argv);
  const { pin } = place;
  const differences: TargetDifference[] = [];
  const differ = (what: TargetDifference['what'], by: string, pinned: string, given: string): void => {
    differences.push({ what, by, pinned, given });
  };

  const { config, by } = await configOf(call, env, place);
  const target = config && (await resolve(config, call).catch(() => undefined));
  if (!target) {
    differ(
      'unknown',
      by,
      pin.context,
      flag(call, 'context') ?? flag(call, 'kubeconfig') ?? env.KUBECONFIG ?? '',
    );
  } else if (!sameCluster(target, pin)) {
    differ('cluster', changedBy(call, by), pin.server, target.server);
  }
  for (const name of tlsFlags) {
    if (call.flags.has(name)) differ('cluster', `--${name}`, pin.caDigest, flag(call, name)!);
  }
  for (const name of identityFlags) {
    if (call.flags.has(name)) {
      const secret = name === 'token' || name === 'password';
      differ('identity', `--${name}`, pin.context, secret ? '(given)' : flag(call, name)!);
    }
  }
  const allNamespaces = isOn(call, 'all-namespaces');
  if (allNamespaces) differ('namespace', '-A', pin.namespace, 'all namespaces');
  else if (target && target.namespace !== pin.namespace) {
    const named = call.flags.has('namespace');
    differ('namespace', named ? '--namespace' : changedBy(call, by), pin.namespace, target.namespace);
  }
  return { target, allNamespaces, differences, outside: differences.some((one) => one.what !== 'identity') };
}

async function configOf(
  call: KubectlCall,
  env: NodeJS.ProcessEnv,
  place: CallPlace,
): Promise<{ config: Kubeconfig | undefined; by: string }> {
  const file = flag(call, 'kubeconfig');
  // A relative name is another file in the call's directory than in this process's.
  const isPrivate = (name: string): boolean =>
    path.isAbsolute(name) && path.normalize(name) === path.normalize(place.privateKubeconfig);
  if (file !== undefined) {
    if (isPrivate(file)) return { config: place.config, by: '--kubeconfig' };
    return { config: await loadKubeconfig({ file, env }).catch(() => undefined), by: '--kubeconfig' };
  }
  if (env.KUBECONFIG !== undefined && isPrivate(env.KUBECONFIG))
    return { config: place.config, by: 'the pin' };
  return { config: await loadKubeconfig({ env }).catch(() => undefined), by: 'KUBECONFIG' };
}

async function resolve(config: Kubeconfig, call: KubectlCall): Promise<PinnedTarget> {
  const context = flag(call, 'context');
  const cluster = flag(call, 'cluster');
  const namespace = flag(call, 'namespace');
  const target = await targetOf(config, {
    ...(context ? { context } : {}),
    ...(cluster ? { cluster } : {}),
    ...(namespace ? { namespace } : {}),
  });
  const server = flag(call, 'server');
  return server ? { ...target, server: normalServer(server) } : target;
}

function changedBy(call: KubectlCall, by: string): string {
  for (const name of ['server', 'cluster', 'context', 'kubeconfig']) {
    if (call.flags.has(name)) return `--${name}`;
  }
  return by;
}
