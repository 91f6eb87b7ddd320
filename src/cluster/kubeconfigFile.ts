// Kubeconfig files as kubectl reads them: the chain of KUBECONFIG merged, the first to name a thing wins, missing
// files skipped, relative paths taken from the file that says them. Unknown keys are kept. (client-node's own
// loader throws on names that occur twice and on missing files, so it only gets the merged text.)

import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { systemCode, toError } from '../base/runbookError.ts';
import { ClusterError } from './clusterError.ts';
import { readRegularFile } from './regularFile.ts';

type Fields = Record<string, unknown>;

/** A merged kubeconfig: every path in it is absolute. */
export interface Kubeconfig {
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly contexts: ReadonlyMap<string, Fields>;
  readonly clusters: ReadonlyMap<string, Fields>;
  readonly users: ReadonlyMap<string, Fields>;
  /** What else the files say on their top level (preferences, extensions). */
  readonly rest: Fields;
}

/** One line of the quick pick of contexts. */
export interface ContextEntry {
  readonly name: string;
  readonly current: boolean;
  readonly cluster: string;
  readonly server: string;
  readonly user: string;
  readonly namespace: string;
}

export interface KubeconfigSource {
  /** A file given outright (`--kubeconfig`): it must exist. */
  readonly file?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Loads and merges. Errors: `kubeconfig-missing`, `kubeconfig-invalid`. */
export async function loadKubeconfig(source: KubeconfigSource = {}): Promise<Kubeconfig> {
  const env = source.env ?? process.env;
  const chain = env.KUBECONFIG?.split(path.delimiter).filter(Boolean) ?? [];
  const home = env.HOME ?? os.homedir();
  const candidates = source.file
    ? [source.file]
    : chain.length
      ? chain
      : [path.join(home, '.kube', 'config')];
  const read: { file: string; text: string }[] = [];
  for (const file of candidates) {
    try {
      read.push({ file: path.resolve(file), text: await readRegularFile(file) });
    } catch (error) {
      if (systemCode(error) === 'ENOENT' && !source.file) continue;
      throw new ClusterError('kubeconfig-missing', {
        message: `The kubeconfig ${file} can't be read: ${toError(error).message}.`,
        cause: error,
      });
    }
  }
  if (read.length === 0) return (await inCluster(env)) ?? noKubeconfig(candidates);
  return mergeKubeconfigs(read);
}

function noKubeconfig(candidates: readonly string[]): never {
  throw new ClusterError('kubeconfig-missing', {
    message: `There is no kubeconfig: ${candidates.join(', ')} does not exist.`,
    mend: 'Set KUBECONFIG, or start the practice cluster.',
  });
}

/** Merges texts in the order of KUBECONFIG. */
export function mergeKubeconfigs(sources: readonly { file: string; text: string }[]): Kubeconfig {
  const contexts = new Map<string, Fields>();
  const clusters = new Map<string, Fields>();
  const users = new Map<string, Fields>();
  let rest: Fields = {};
  let currentContext: string | undefined;
  for (const { file, text } of sources) {
    const { document, lists } = readOne(file, text);
    const folder = path.dirname(file);
    for (const [name, cluster] of lists.clusters) addFirst(clusters, name, absoluteCluster(cluster, folder));
    for (const [name, user] of lists.users) addFirst(users, name, absoluteUser(user, folder));
    for (const [name, context] of lists.contexts) addFirst(contexts, name, context);
    currentContext ||=
      typeof document['current-context'] === 'string' ? document['current-context'] : undefined;
    const { clusters: _c, users: _u, contexts: _x, 'current-context': _n, ...others } = document;
    rest = { ...others, ...rest };
  }
  return { files: sources.map(({ file }) => file), currentContext, contexts, clusters, users, rest };
}

function readOne(file: string, text: string) {
  let document: unknown;
  try {
    document = parse(text) ?? {};
  } catch (error) {
    throw invalid(file, toError(error).message.split('\n')[0]!);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw invalid(file, 'it is no mapping');
  }
  const fields = document as Fields;
  return {
    document: fields,
    lists: {
      clusters: named(file, fields, 'clusters', 'cluster'),
      users: named(file, fields, 'users', 'user'),
      contexts: named(file, fields, 'contexts', 'context'),
    },
  };
}

function named(file: string, document: Fields, list: string, key: string): [string, Fields][] {
  const entries = document[list] ?? [];
  if (!Array.isArray(entries)) throw invalid(file, `${list} is no list`);
  return entries.map((entry: unknown, index) => {
    const { name, [key]: value } = (entry ?? {}) as Fields;
    if (typeof name !== 'string') throw invalid(file, `${list}[${index}] has no name`);
    return [name, (typeof value === 'object' && value !== null ? value : {}) as Fields];
  });
}

function invalid(file: string, why: string): ClusterError {
  return new ClusterError('kubeconfig-invalid', { message: `The kubeconfig ${file} is not valid: ${why}.` });
}

function addFirst(map: Map<string, Fields>, name: string, value: Fields): void {
  if (!map.has(name)) map.set(name, value);
}

function withAbsolute(fields: Fields, folder: string, keys: readonly string[]): Fields {
  const out = { ...fields };
  for (const key of keys) {
    const value = out[key];
    if (typeof value === 'string' && value !== '') out[key] = path.resolve(folder, value);
  }
  return out;
}

function absoluteCluster(cluster: Fields, folder: string): Fields {
  return withAbsolute(cluster, folder, ['certificate-authority']);
}

function absoluteUser(user: Fields, folder: string): Fields {
  const out = withAbsolute(user, folder, ['client-certificate', 'client-key', 'tokenFile']);
  const exec = out.exec as Fields | undefined;
  // A bare command is looked up on PATH; one with a separator is relative to the file.
  if (typeof exec?.command === 'string' && exec.command.includes('/')) {
    out.exec = withAbsolute(exec, folder, ['command']);
  }
  return out;
}

/** The service account of the pod that this runs in, if it runs in one. */
async function inCluster(env: NodeJS.ProcessEnv): Promise<Kubeconfig | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port) return undefined;
  const namespace = await readFile(`${serviceAccount}/namespace`, 'utf8').catch(() => undefined);
  if (namespace === undefined) return undefined;
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const name = 'in-cluster';
  return {
    files: [],
    currentContext: name,
    contexts: new Map([[name, { cluster: name, user: name, namespace: namespace.trim() }]]),
    clusters: new Map([[name, { server, 'certificate-authority': `${serviceAccount}/ca.crt` }]]),
    users: new Map([[name, { tokenFile: `${serviceAccount}/token` }]]),
    rest: { apiVersion: 'v1', kind: 'Config' },
  };
}

/** All contexts, in the order of the files. Reads no network. */
export function listContexts(config: Kubeconfig): ContextEntry[] {
  return [...config.contexts].map(([name, context]) => {
    const cluster = String(context.cluster ?? '');
    return {
      name,
      current: name === config.currentContext,
      cluster,
      server: String(config.clusters.get(cluster)?.server ?? ''),
      user: String(context.user ?? ''),
      namespace: String(context.namespace || 'default'),
    };
  });
}

/** The text of a kubeconfig file, with the given current context. */
export function printKubeconfig(config: Kubeconfig, currentContext = config.currentContext): string {
  const list = (map: ReadonlyMap<string, Fields>, key: string) =>
    [...map].map(([name, value]) => ({ name, [key]: value }));
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    ...config.rest,
    'current-context': currentContext ?? '',
    clusters: list(config.clusters, 'cluster'),
    users: list(config.users, 'user'),
    contexts: list(config.contexts, 'context'),
  });
}
