// The cluster: whether it answers and as whom, whether the namespaces, contexts, kinds and objects that the calls name
// are there, and whether each call is allowed, by the API server's own SelfSubjectAccessReview.

import { toError } from '../../base/runbookError.ts';
import { type AccessAnswer, namedObjects } from '../../cluster/accessReview.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { isClusterError } from '../../cluster/clusterError.ts';
import { flag, type KubectlCall, parseKubectl } from '../../cluster/kubectlArguments.ts';
import { createTaskPool, type TaskPool } from '../../cluster/taskPool.ts';
import type { SessionTarget } from '../sessionTarget.ts';
import type { NeededCall } from './neededCalls.ts';
import type { Check, CheckArea, Where } from './preflightReport.ts';

export interface ClusterPlace {
  readonly target: SessionTarget | undefined;
  /** Why there is no target, where its kubeconfig is broken. */
  readonly failure?: string | undefined;
  /** Relative names of manifests are taken from here. */
  readonly folder: string;
  readonly budgetMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Call {
  readonly argv: readonly string[];
  readonly parsed: KubectlCall;
  readonly where: Where[];
}

/** Verbs that name an object which has to be there. */
const onObjects =
  /^(get|describe|logs|exec|attach|port-forward|scale|rollout|set|patch|label|annotate|edit|delete|expose|autoscale|top)$/;
const making = /^(create|apply|run|expose)$/;

export async function checkCluster(calls: readonly NeededCall[], place: ClusterPlace): Promise<Check[]> {
  const kubectl = distinctCalls(calls);
  if (kubectl.length === 0) return [];
  const { target } = place;
  if (!target) {
    const says = place.failure ?? 'no kubeconfig names a current context';
    const mend = 'Set KUBECONFIG, or name a context in the front matter.';
    return [
      {
        area: 'cluster',
        what: 'cluster',
        state: 'problem',
        says,
        mend,
        where: kubectl[0]!.where.slice(0, 1),
      },
    ];
  }
  const { cluster, pin } = target;
  const checks: Check[] = [];
  const signal = place.signal ? { signal: place.signal } : {};
  const who = await cluster.whoAmI(signal).catch((error: unknown) => toError(error));
  const name = `${pin.context}/${pin.namespace}`;
  if (who instanceof Error && isUnreachable(who)) {
    const where = kubectl.flatMap((one) => one.where);
    return [{ area: 'cluster', what: name, state: 'problem', says: who.message, where, stops: true }];
  }
  const as = who instanceof Error ? 'who asks is not told' : `as ${who.user}`;
  checks.push({ area: 'cluster', what: name, state: 'ok', says: `${pin.server} answers, ${as}`, where: [] });
  const pool = createTaskPool({ budgetMs: place.budgetMs, signal: place.signal });
  checkContexts(kubectl, target, checks);
  checkNamespaces(kubectl, cluster, pool, checks);
  checkObjects(kubectl, cluster, pool, checks);
  checkPermissions(kubectl, cluster, place.folder, pool, checks);
  const { missed } = await pool.run();
  for (const { what, why } of missed) {
    const area: CheckArea = what.startsWith('may I') ? 'permissions' : 'cluster';
    checks.push({ area, what, state: 'unknown', says: why, where: [] });
  }
  return checks;
}

const isUnreachable = (error: Error): boolean =>
  isClusterError(
    error,
    'cluster-unreachable',
    'cluster-certificate',
    'cluster-timeout',
    'cluster-exec-plugin',
    'cluster-unauthorised',
    'cluster-not-kubernetes',
  );

/** Each call once, without the words that are known only at run time. */
function distinctCalls(calls: readonly NeededCall[]): Call[] {
  const found = new Map<string, Call>();
  for (const { name, words, where } of calls) {
    if (name !== 'kubectl' && name !== 'oc') continue;
    const argv = knownWords(words);
    const key = JSON.stringify(argv);
    const one = found.get(key) ?? { argv, parsed: parseKubectl(argv), where: [] };
    one.where.push(where);
    found.set(key, one);
  }
  return [...found.values()].filter(({ parsed }) => parsed.verb !== '');
}

/** A flag goes with its unknown value; what stands after an unknown word is still read. */
function knownWords(words: readonly (string | null)[]): string[] {
  const argv: string[] = [];
  for (const word of words) {
    if (word !== null) argv.push(word);
    else if (/^(-n|--namespace|-l|--selector|-c|--container|-o|--context)$/.test(argv.at(-1) ?? ''))
      argv.pop();
  }
  return argv;
}

function checkContexts(calls: readonly Call[], { config, pin }: SessionTarget, checks: Check[]): void {
  for (const { parsed, where } of calls) {
    const context =
      flag(parsed, 'context') ?? (parsed.subverb === 'use-context' ? parsed.positionals[0] : undefined);
    if (
      context === undefined ||
      config.contexts.has(context) ||
      checks.some(({ what }) => what === `context ${context}`)
    )
      continue;
    const says = `the kubeconfig has no such context; ${pin.context} is pinned`;
    checks.push({ area: 'cluster', what: `context ${context}`, state: 'problem', says, where, stops: true });
  }
}

function checkNamespaces(calls: readonly Call[], cluster: Cluster, pool: TaskPool, checks: Check[]): void {
  const wanted = new Map<string, Where[]>();
  for (const { parsed, where } of calls) {
    const namespace = flag(parsed, 'namespace');
    if (namespace) wanted.set(namespace, [...(wanted.get(namespace) ?? []), ...where]);
  }
  const made = new Set(
    calls.flatMap(({ parsed }) =>
      parsed.verb === 'create' && /^(ns|namespace)$/.test(parsed.positionals[0] ?? '')
        ? parsed.positionals
        : [],
    ),
  );
  if (wanted.size === 0) return;
  pool.add('the list of namespaces', async (signal) => {
    const known = new Set(await cluster.namespaces({ signal }));
    for (const [namespace, where] of wanted) {
      const there = known.has(namespace);
      if (there || made.has(namespace)) {
        checks.push({
          area: 'cluster',
          what: `namespace ${namespace}`,
          state: 'ok',
          says: 'is there',
          where,
        });
      } else {
        const says = 'the cluster has no such namespace';
        checks.push({
          area: 'cluster',
          what: `namespace ${namespace}`,
          state: 'problem',
          says,
          where,
          stops: true,
        });
      }
    }
  });
}

/** Objects that calls name and the cluster has not: told, and no more, since an earlier cell may make them. */
function checkObjects(calls: readonly Call[], cluster: Cluster, pool: TaskPool, checks: Check[]): void {
  const wanted = new Map<string, { resource: string; name: string; namespace?: string; where: Where[] }>();
  const made = new Set<string>();
  for (const { parsed, where } of calls) {
    const refs = namedObjects(parsed);
    if (making.test(parsed.verb)) for (const { name } of refs) if (name) made.add(name);
    if (!onObjects.test(parsed.verb) || parsed.flags.has('filename')) continue;
    const namespace = flag(parsed, 'namespace');
    for (const { resource, name } of refs) {
      if (name === undefined || !/^[a-z]+$/i.test(resource) || !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name))
        continue;
      const key = `${resource}/${name} ${namespace ?? ''}`;
      const one = wanted.get(key) ?? { resource, name, where: [], ...(namespace ? { namespace } : {}) };
      one.where.push(...where);
      wanted.set(key, one);
    }
  }
  for (const { where, ...object } of wanted.values()) {
    if (made.has(object.name)) continue;
    const what = `${object.resource}/${object.name}${object.namespace ? ` in ${object.namespace}` : ''}`;
    pool.add(what, async (signal) => {
      const now = await cluster.objectNow(object, { signal }).catch((error: unknown) => {
        // What may not be read, and kinds that are not served, are told by the permissions.
        if (isClusterError(error, 'cluster-forbidden', 'cluster-not-found')) return null;
        throw error;
      });
      if (now !== undefined) return;
      const everywhere = { ...object, pattern: object.name, allNamespaces: true };
      const others = await cluster.names(everywhere, { signal }).catch(() => []);
      const elsewhere = others.flatMap(({ namespace }) => namespace ?? []);
      const mend =
        elsewhere.length > 0 ? { mend: `It is in ${elsewhere.join(', ')}: pin that namespace.` } : {};
      checks.push({ area: 'cluster', what, state: 'note', says: 'is not there now', where, ...mend });
    });
  }
}

function checkPermissions(
  calls: readonly Call[],
  cluster: Cluster,
  folder: string,
  pool: TaskPool,
  checks: Check[],
): void {
  const told = new Map<string, Check & { where: Where[] }>();
  const tell = (check: Omit<Check, 'where' | 'area'>, where: readonly Where[]): void => {
    const key = `${check.what} ${check.state}`;
    const one = told.get(key) ?? { area: 'permissions', ...check, where: [] };
    if (!told.has(key)) checks.push(one);
    told.set(key, one);
    one.where.push(...where);
  };
  for (const { argv, where } of calls) {
    pool.add(`may I: kubectl ${argv.join(' ')}`, async (signal) => {
      const answers = await cluster.mayRun(argv, { signal, cwd: folder }).catch((error: unknown) => {
        if (!isClusterError(error, 'cluster-not-found')) throw error;
        return error.message;
      });
      if (typeof answers === 'string') {
        const what = /no kind "?([^" ]+)/.exec(answers)?.[1] ?? argv.join(' ');
        const says = 'the cluster serves no such kind';
        tell({ what: `kind ${what}`, state: 'problem', says, stops: true }, where);
        return;
      }
      for (const { allowed, reason, request } of answers) {
        const what = requestText(request);
        if (allowed) tell({ what, state: 'ok', says: 'allowed' }, where);
        else
          tell(
            { what, state: 'problem', says: `not allowed${reason ? `: ${reason}` : ''}`, stops: true },
            where,
          );
      }
    });
  }
}

function requestText({ verb, resource, subresource, namespace }: AccessAnswer['request']): string {
  const what = subresource ? `${resource}/${subresource}` : resource;
  return `${verb} ${what}${namespace ? ` in ${namespace}` : ''}`;
}
