// The cluster that a session is pinned to: chosen once, by the runbook's front matter or the current context,
// and written into a private kubeconfig, so that a `use-context` in another terminal changes nothing here.

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Cluster } from '../cluster/cluster.ts';
import { isClusterError } from '../cluster/clusterError.ts';
import { type Kubeconfig, loadKubeconfig } from '../cluster/kubeconfigFile.ts';
import { openCluster } from '../cluster/openCluster.ts';
import { type PinnedTarget, targetOf, writePrivateKubeconfig } from '../cluster/pinnedTarget.ts';
import { practiceContext } from '../practice/kubeconfig.ts';

export interface TargetChoice {
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
}

export class SessionTarget {
  readonly pin: PinnedTarget;
  readonly config: Kubeconfig;
  /** The private kubeconfig: what KUBECONFIG says in the session. */
  readonly kubeconfigPath: string;
  readonly #directory: string;
  #cluster: Cluster | undefined;

  private constructor(config: Kubeconfig, pin: PinnedTarget, directory: string) {
    this.config = config;
    this.pin = pin;
    this.#directory = directory;
    this.kubeconfigPath = path.join(directory, 'kubeconfig');
  }

  /**
   * undefined where there is no kubeconfig, or none that names a current context and the runbook asks for none.
   *
   * @throws ClusterError for a kubeconfig that can't be read and for a context that it has not.
   */
  static async pin(
    env: Readonly<Record<string, string | undefined>>,
    choice: TargetChoice,
  ): Promise<SessionTarget | undefined> {
    let config: Kubeconfig;
    try {
      config = await loadKubeconfig({ env: { ...env } });
    } catch (error) {
      if (isClusterError(error, 'kubeconfig-missing') && !choice.context) return undefined;
      throw error;
    }
    if (!choice.context && !config.currentContext) return undefined;
    const pin = await targetOf(config, {
      ...(choice.context ? { context: choice.context } : {}),
      ...(choice.namespace ? { namespace: choice.namespace } : {}),
    });
    const directory = await mkdtemp(path.join(runtimeParent(env), 'runbook-target-'));
    const target = new SessionTarget(config, pin, directory);
    await writePrivateKubeconfig(config, pin, target.kubeconfigPath);
    return target;
  }

  /** The practice cluster on this machine: nothing that is done there hurts anybody. */
  get isPractice(): boolean {
    const { context, server } = this.pin;
    const named = context === practiceContext || context.startsWith(`${practiceContext}-`);
    return named && /^https:\/\/127\.0\.0\.1:\d+$/.test(server);
  }

  /** Opened by the first question; costs nothing before. */
  get cluster(): Cluster {
    this.#cluster ??= openCluster(this.config, this.pin);
    return this.#cluster;
  }

  async dispose(): Promise<void> {
    this.#cluster?.dispose();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** A disk in memory where there is one: what a kubeconfig holds should not reach a lasting one. */
function runtimeParent(env: Readonly<Record<string, string | undefined>>): string {
  const own = env.XDG_RUNTIME_DIR;
  if (own && existsSync(own)) return own;
  return existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
}
