// Follows what a cell's calls roll out, for as long as the cell runs: how many pods are ready of those wanted. At its
// end it says what is not there yet, with the warnings that the cluster gave since, because a restart that "worked"
// has only begun.

import { toError } from '../base/runbookError.ts';
import type { ObjectName } from '../cluster/cluster.ts';
import { isOn, objectRefs, parseKubectl } from '../cluster/kubectlArguments.ts';
import type { RolloutProgress } from '../cluster/rolloutProgress.ts';
import type { RunNotices } from './runNotices.ts';
import type { SessionTarget } from './sessionTarget.ts';

const workloads = /^(deploy(ments?)?|statefulsets?|sts|daemonsets?|ds)(\.|$)/i;
/** Verbs that change how many pods there should be, or what they should be. */
const rolling = new Set(['rollout restart', 'rollout undo', 'scale', 'set', 'patch']);
const waiting = new Set(['rollout status']);
const eventsTimeLimitMs = 1500;
const mostWarnings = 3;

interface Followed {
  readonly name: ObjectName;
  readonly sinceMs: number;
  readonly stop: AbortController;
  last: RolloutProgress | undefined;
}

export class RolloutWatch {
  readonly #target: SessionTarget;
  readonly #notices: RunNotices;
  readonly #followed = new Map<string, Map<string, Followed>>();

  constructor(target: SessionTarget, notices: RunNotices) {
    this.#target = target;
    this.#notices = notices;
  }

  /** A call of the run begins that may wait for a rollout. Costs nothing where it names no workload. */
  begins(args: readonly string[], run: string): void {
    for (const name of workloadsOf(args, waiting)) this.#follow(name, run);
  }

  /** A call of the run ended well that may have begun a rollout. */
  did(args: readonly string[], run: string): void {
    for (const name of workloadsOf(args, rolling)) this.#follow(name, run);
  }

  /** The run is over: follows no longer, and resolves to what is still on its way. */
  async ended(run: string): Promise<string[]> {
    const followed = [...(this.#followed.get(run)?.values() ?? [])];
    this.#followed.delete(run);
    for (const { stop } of followed) stop.abort();
    this.#notices.progress(run, undefined);
    return (await Promise.all(followed.map((one) => this.#left(one)))).flat();
  }

  #follow(name: ObjectName, run: string): void {
    const ofRun = this.#followed.get(run) ?? new Map<string, Followed>();
    this.#followed.set(run, ofRun);
    const key = `${name.namespace ?? ''} ${name.resource}/${name.name}`;
    ofRun.get(key)?.stop.abort();
    const one: Followed = { name, sinceMs: Date.now(), stop: new AbortController(), last: undefined };
    ofRun.set(key, one);
    void this.#target.cluster
      .followRollout(
        name,
        (progress) => {
          one.last = progress;
          if (!one.stop.signal.aborted) this.#notices.progress(run, shown(name, progress));
        },
        { signal: one.stop.signal },
      )
      .catch(() => {});
  }

  async #left({ name, sinceMs }: Followed): Promise<string[]> {
    const { cluster } = this.#target;
    // Read once more: the last look may be a second old.
    const now = await cluster.rollout(name, { timeoutMs: eventsTimeLimitMs }).catch(toError);
    if (now instanceof Error || now.done) return [];
    const { namespace } = name;
    const events = await cluster
      .events(
        { ...(namespace ? { namespace } : {}), since: sinceMs - 1000 },
        { timeoutMs: eventsTimeLimitMs },
      )
      .catch(() => []);
    const own = events.filter(({ type, object }) => type === 'Warning' && object.includes(`/${name.name}`));
    return [
      `Still rolling out: ${now.message} (${now.ready} of ${now.wanted} ready).`,
      ...own.slice(-mostWarnings).map(({ reason, message, object }) => `  ${object}: ${reason}: ${message}`),
    ];
  }
}

/** While it goes on the old pods are ready too: how many are new is what one waits for. */
function shown({ name }: ObjectName, { updated, ready, wanted, done }: RolloutProgress): string {
  return done
    ? `${name}: ${ready} of ${wanted} ready`
    : `${name}: ${updated} of ${wanted} updated, ${ready} ready …`;
}

/** The workloads that a call names and may roll out; none for a dry run or a call on a selector. */
function workloadsOf(args: readonly string[], verbs: ReadonlySet<string>): ObjectName[] {
  const call = parseKubectl(args);
  const verb = call.verb === 'rollout' ? `rollout ${call.subverb ?? ''}` : call.verb;
  if (!verbs.has(verb) || isOn(call, 'local') || (call.flags.get('dry-run')?.at(-1) ?? 'none') !== 'none')
    return [];
  const namespace = call.flags.get('namespace')?.at(-1);
  return objectRefs(call.positionals).flatMap(({ resource, name }) =>
    name !== undefined && workloads.test(resource)
      ? [{ resource, name, ...(namespace ? { namespace } : {}) }]
      : [],
  );
}
