// The pinned target: the one cluster and namespace that a session may touch without being asked, known by the
// server's address and its CA and not by a context's name, which anybody may point elsewhere.

import { createHash } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { ClusterError } from './clusterError.ts';
import { type Kubeconfig, printKubeconfig } from './kubeconfigFile.ts';

export interface PinnedTarget {
  /** Normalised: lower-case host, port always told, no slash at the end. */
  readonly server: string;
  /** SHA-256 (hex) over the DER of the CA certificates; `system` without one; `insecure` where nothing is verified. */
  readonly caDigest: string;
  readonly namespace: string;
  readonly context: string;
}

/** The target of a context. Errors: `kubeconfig-context` for one that isn't there or is incomplete. */
export async function targetOf(
  config: Kubeconfig,
  choice: { context?: string; cluster?: string; namespace?: string } = {},
): Promise<PinnedTarget> {
  const context = choice.context ?? config.currentContext ?? '';
  const fields = config.contexts.get(context);
  if (!fields) {
    const known = [...config.contexts.keys()].join(', ') || 'none';
    throw new ClusterError('kubeconfig-context', {
      message: context ? `There is no context "${context}".` : 'The kubeconfig names no current context.',
      mend: `Known contexts: ${known}.`,
    });
  }
  const clusterName = choice.cluster ?? String(fields.cluster ?? '');
  const cluster = config.clusters.get(clusterName);
  if (typeof cluster?.server !== 'string') {
    throw new ClusterError('kubeconfig-context', {
      message: `The context "${context}" names the cluster "${clusterName}", which has no server.`,
    });
  }
  return {
    server: normalServer(cluster.server),
    caDigest: await caDigestOf(cluster),
    namespace: choice.namespace ?? (String(fields.namespace ?? '') || 'default'),
    context,
  };
}

export function normalServer(server: string): string {
  let url: URL;
  try {
    url = new URL(server.includes('://') ? server : `http://${server}`);
  } catch {
    return server;
  }
  const port = url.port || (url.protocol === 'http:' ? '80' : '443');
  return `${url.protocol}//${url.hostname}:${port}${url.pathname.replace(/\/+$/, '')}`;
}

async function caDigestOf(cluster: Record<string, unknown>): Promise<string> {
  if (cluster['insecure-skip-tls-verify'] === true) return 'insecure';
  const data = cluster['certificate-authority-data'];
  const file = cluster['certificate-authority'];
  if (typeof data === 'string' && data) return caDigest(Buffer.from(data, 'base64').toString('latin1'));
  if (typeof file !== 'string' || !file) return 'system';
  try {
    return caDigest(await readFile(file, 'latin1'));
  } catch (error) {
    throw new ClusterError('kubeconfig-invalid', {
      message: `The certificate authority ${file} can't be read.`,
      cause: error,
    });
  }
}

/** Over the DER, so that the same CA given inline and as a file counts as the same. */
export function caDigest(pem: string): string {
  const hash = createHash('sha256');
  const bodies = [...pem.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g)];
  if (bodies.length === 0) hash.update(pem, 'latin1');
  for (const [, body] of bodies) hash.update(Buffer.from(body!, 'base64'));
  return hash.digest('hex');
}

export function sameCluster(one: PinnedTarget, other: PinnedTarget): boolean {
  return one.server === other.server && one.caDigest === other.caDigest;
}

/**
 * Writes the private kubeconfig of a session: every context kept, the pinned one current, its namespace pinned,
 * mode 0600. The caller removes it when the session ends. Written beside and renamed, so that a reader never
 * sees half of it.
 */
export async function writePrivateKubeconfig(
  config: Kubeconfig,
  target: PinnedTarget,
  file: string,
): Promise<void> {
  const contexts = new Map(config.contexts);
  const pinned = contexts.get(target.context);
  if (!pinned) {
    throw new ClusterError('kubeconfig-context', { message: `There is no context "${target.context}".` });
  }
  contexts.set(target.context, { ...pinned, namespace: target.namespace });
  const text = printKubeconfig({ ...config, contexts }, target.context);
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, text, { mode: 0o600, flag: 'wx' });
  await chmod(part, 0o600);
  await rename(part, file);
}
