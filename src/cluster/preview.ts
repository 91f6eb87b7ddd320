// What a kubectl call would do, before it does it: asked of the server as a dry run, told as a diff per object. It
// says where the server can't show it, and never delays beyond its budget.

import { captureTargets } from './captureTargets.ts';
import { type CallContext, chooseObjects } from './chosenObjects.ts';
import { isClusterError } from './clusterError.ts';
import { flag, isOn, type KubectlCall } from './kubectlArguments.ts';
import type { KubernetesObject } from './kubernetesObject.ts';
import { planDelete, planManifests } from './planApply.ts';
import { namedOnly, type Plan, type PlannedChange, type Planner, patchEach } from './plannedChange.ts';
import { planPatch, planRollout, planScale } from './planPatch.ts';
import { planMetadata, planSet } from './planSet.ts';
import { diffObjects, type ObjectDiff } from './readableObject.ts';
import { told } from './resourceKinds.ts';
import { createTaskPool, type Missed } from './taskPool.ts';

export interface PreviewedObject {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly action: 'create' | 'change' | 'delete' | 'none';
  /** Empty where nothing changes or nothing can be shown. */
  readonly diff: ObjectDiff;
  /** The server (a webhook, validation, missing rights) or kubectl itself would refuse, in its words. */
  readonly refused: string | undefined;
  readonly before: KubernetesObject | undefined;
  /** As the server would store it; undefined where that isn't known, or it is gone. */
  readonly after: KubernetesObject | undefined;
  /** Was the server asked? */
  readonly asked: boolean;
}

export interface Preview {
  /** Does the call change anything in the cluster, as far as this room knows its verb? */
  readonly changes: boolean;
  readonly objects: readonly PreviewedObject[];
  readonly notes: readonly string[];
  /** Why a diff can't be had; the objects are named all the same. */
  readonly cannot: string | undefined;
  readonly missed: readonly Missed[];
  readonly durationMs: number;
}

export interface PreviewOptions {
  readonly budgetMs?: number;
  /** Objects that are asked for a diff; the others are named. */
  readonly maxObjects?: number;
}

const noDiff: ObjectDiff = { text: '', added: 0, removed: 0 };

const planners: Record<string, Planner> = {
  scale: planScale,
  patch: planPatch,
  set: planSet,
  label: planMetadata,
  annotate: planMetadata,
  apply: planManifests,
  create: planManifests,
  replace: planManifests,
  delete: planDelete,
  rollout: planRollout,
  cordon: planCordon,
  uncordon: planCordon,
  drain: planDrain,
};
/** Verbs that change something and that no dry run shows. */
const blind: Record<string, string> = {
  exec: 'what a program does inside a container is not known to the server',
  cp: 'copying files into a container is not known to the server',
  attach: 'what is typed into a container is not known to the server',
  debug: 'a debug session is not previewed',
  edit: 'what will be edited is not known before',
  run: 'run is not previewed',
  expose: 'expose is not previewed',
  autoscale: 'autoscale is not previewed',
  taint: 'taint is not previewed',
  certificate: 'certificate requests are not previewed',
};
/** No refusal: the answer did not come. */
const inTimeOnly = new Set<string>(['cluster-cancelled', 'cluster-timeout']);
const readingRollout = new Set(['status', 'history']);

/** Never throws for the cluster's sake: what fails is in the notes. */
export async function previewCall(
  call: KubectlCall,
  context: CallContext,
  options: PreviewOptions = {},
): Promise<Preview> {
  const nothing = { objects: [], notes: [], missed: [], durationMs: 0 };
  const elsewhere = ['context', 'cluster', 'server', 'kubeconfig', 'user', 'token'].find((name) =>
    call.flags.has(name),
  );
  const planner = planners[call.verb];
  const reads = !planner || (call.verb === 'rollout' && readingRollout.has(call.subverb ?? ''));
  if (reads) {
    const why = blind[call.verb];
    return { ...nothing, changes: why !== undefined, cannot: why };
  }
  if (elsewhere) {
    return {
      ...nothing,
      changes: true,
      cannot: `it goes by --${elsewhere} to a target that is not the pinned one`,
    };
  }
  const start = performance.now();
  const budgetMs = options.budgetMs ?? 3_000;
  let plan: Plan;
  try {
    plan = await planner(call, { ...context, options: { timeoutMs: budgetMs, ...context.options } });
  } catch (error) {
    if (!isClusterError(error)) throw error;
    return { ...nothing, changes: true, cannot: error.toLine(), durationMs: performance.now() - start };
  }
  const left = Math.max(100, budgetMs - (performance.now() - start));
  const { objects, missed } = await ask(plan, context, left, options.maxObjects ?? 50);
  return {
    changes: true,
    objects,
    notes: noteDryRun(call, plan.notes),
    cannot: plan.cannot,
    missed,
    durationMs: performance.now() - start,
  };
}

async function ask(plan: Plan, context: CallContext, budgetMs: number, maxObjects: number) {
  const results = new Map<PlannedChange, PreviewedObject>();
  const pool = createTaskPool({ budgetMs, signal: context.options.signal });
  for (const [index, change] of plan.changes.entries()) {
    const { object, action } = change;
    const { kind, namespace, name, live } = object;
    const base = { kind: kind.kind, namespace, name, before: live };
    const named = { ...base, action, diff: noDiff, refused: undefined, after: undefined, asked: false };
    results.set(change, named);
    if (plan.cannot || index >= maxObjects) continue;
    const what = told(kind, namespace, name);
    pool.add(what, async (signal) => {
      try {
        const after = await change.dryRun(signal);
        const diff = diffObjects(live, after, what);
        results.set(change, { ...named, action: diff.text ? action : 'none', diff, after, asked: true });
      } catch (error) {
        if (!isClusterError(error) || inTimeOnly.has(error.code)) throw error;
        results.set(change, { ...named, refused: error.message, asked: true });
      }
    });
  }
  const { missed } = await pool.run();
  if (!plan.cannot && plan.changes.length > maxObjects) {
    const more = plan.changes.length - maxObjects;
    missed.push({ what: `${more} further objects`, why: `only ${maxObjects} are asked` });
  }
  return { objects: [...results.values()], missed };
}

function noteDryRun(call: KubectlCall, notes: readonly string[]): string[] {
  const dry = flag(call, 'dry-run');
  const on = dry !== undefined && dry !== 'none';
  return on ? ['the call itself is a dry run: nothing will change', ...notes] : [...notes];
}

async function planCordon(call: KubectlCall, context: CallContext): Promise<Plan> {
  const words = call.positionals.map((name) => `nodes/${name}`);
  const { objects, notes } = await chooseObjects(call, context, words.length ? words : ['nodes']);
  const unschedulable = call.verb === 'cordon' ? true : null;
  const changes = patchEach(context, objects, () => ({
    type: 'strategic',
    body: { spec: { unschedulable } },
  }));
  return { changes, notes };
}

async function planDrain(call: KubectlCall, context: CallContext): Promise<Plan> {
  const { objects, notes } = await captureTargets(call, context);
  const daemons = isOn(call, 'ignore-daemonsets');
  const evicted = objects.filter(
    ({ live }) => !(daemons && live?.metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet')),
  );
  return {
    changes: namedOnly(evicted, 'delete'),
    notes,
    cannot: `${evicted.length} pods are evicted one after another, as disruption budgets let them`,
  };
}
