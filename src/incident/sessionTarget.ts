// The cluster that a session is pinned to: chosen once, by the runbook's front matter or the current context,
// and written into a private kubeconfig, so that a `use-context` in another terminal changes nothing here.

import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Cluster } from '../cluster/cluster.ts';
import { isClusterError } from '../cluster/clusterError.ts';
import { type Kubeconfig, loadKubeconfig } from '../cluster/kubeconfigFile.ts';
import { openCluster } from '../cluster/openCluster.ts';
import { type PinnedTarget, targetOf, writePrivateKubeconfig } from '../cluster/pinnedTarget.ts';
import { practiceContext } from '../practice/kubeconfig.ts';

const userTimeLimitMs = 2000;

export interface TargetChoice {
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
}

export class SessionTarget {
  #pin: PinnedTarget;
  readonly config: Kubeconfig;
  /** The private kubeconfig: what KUBECONFIG says in the session. */
  readonly kubeconfigPath: string;
  readonly #directory: string;
  #cluster: Cluster | undefined;
  #user: string | undefined;
  #asked: Promise<void> | undefined;
  #live: { readonly stamp: string; readonly config: Kubeconfig } | undefined;

  private constructor(config: Kubeconfig, pin: PinnedTarget, directory: string) {
    this.config = config;
    this.#pin = pin;
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
    try {
      await writePrivateKubeconfig(config, pin, target.kubeconfigPath);
    } catch (error) {
      await target.dispose();
      throw error;
    }
    return target;
  }

  get pin(): PinnedTarget {
    return this.#pin;
  }

  /** The private kubeconfig as it is now: a cell may have changed it. @throws ClusterError where it can't be read. */
  async live(): Promise<Kubeconfig> {
    const { mtimeMs, size, ino } = await stat(this.kubeconfigPath, { bigint: false });
    const stamp = `${mtimeMs} ${size} ${ino}`;
    if (this.#live?.stamp !== stamp) {
      this.#live = { stamp, config: await loadKubeconfig({ file: this.kubeconfigPath, env: {} }) };
    }
    return this.#live.config;
  }

  /**
   * Takes over the context that the private kubeconfig names now, after a switch that somebody said yes to.
   * Resolves to whether it is another one. What can't be read changes nothing: calls are then outside of the pin.
   */
  async repin(): Promise<boolean> {
    const pin = await this.live()
      .then((config) => targetOf(config))
      .catch(() => undefined);
    const { context, namespace, server, caDigest } = this.#pin;
    if (!pin) return false;
    const same =
      pin.context === context &&
      pin.namespace === namespace &&
      pin.server === server &&
      pin.caDigest === caDigest;
    if (same) return false;
    this.#pin = pin;
    this.#cluster?.dispose();
    this.#cluster = undefined;
    this.#user = undefined;
    this.#asked = undefined;
    return true;
  }

  /** The practice cluster on this machine: nothing that is done there hurts anybody. */
  get isPractice(): boolean {
    const { context, server } = this.pin;
    const named = context === practiceContext || context.startsWith(`${practiceContext}-`);
    return named && /^https:\/\/127\.0\.0\.1:\d+$/.test(server);
  }

  /** Opened by the first question; costs nothing before. */
  get cluster(): Cluster {
    this.#cluster ??= openCluster(this.#live?.config ?? this.config, this.pin);
    return this.#cluster;
  }

  /** Who the cluster says that we are; undefined until `askUser` has been answered. */
  get user(): string | undefined {
    return this.#user;
  }

  /**
   * Asks once, for the first call that goes to the cluster anyway: credentials that open a browser should not do so
   * for a cell that never leaves this machine. Resolves within its time limit, also where nobody answers.
   */
  askUser(): Promise<void> {
    this.#asked ??= this.cluster.whoAmI({ timeoutMs: userTimeLimitMs }).then(
      ({ user }) => {
        this.#user = user || undefined;
      },
      () => {},
    );
    return this.#asked;
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
