// Evidence before a change: logs (and those of the run before), events, state and manifests of what a call will touch,
// read side by side within a few seconds. What was not got in time is said; a capture never throws.

import { stringify } from 'yaml';
import type { CallContext, ChosenObject } from './chosenObjects.ts';
import { isClusterError } from './clusterError.ts';
import { at, type KubernetesObject, listAt, numberAt, selectorText, textAt } from './kubernetesObject.ts';
import { eventsText, readEvents } from './objectEvents.ts';
import { podSummary } from './podSummary.ts';
import { readableObject, readableText } from './readableObject.ts';
import { type ResourceKind, resourcePath, told } from './resourceKinds.ts';
import { createTaskPool, type Missed, type TaskPool } from './taskPool.ts';

export interface CapturedFile {
  /** `logs/default/web-1/app.log`, `manifests/default/deployment.web.yaml`, `events.txt`, `pods.txt`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The end is missing, and why. */
  readonly cut: string | undefined;
}

export interface Capture {
  readonly files: CapturedFile[];
  /** What was not got, and why: told beside the question. */
  readonly missed: Missed[];
  readonly durationMs: number;
}

export interface CaptureOptions {
  readonly budgetMs?: number;
  readonly signal?: AbortSignal;
  /** Of one container's log. */
  readonly maxLogBytes?: number;
  readonly maxPods?: number;
  readonly now?: () => number;
}

const eventsBackMs = 3600_000;

export async function captureObjects(
  objects: readonly ChosenObject[],
  context: CallContext,
  options: CaptureOptions = {},
): Promise<Capture> {
  const budgetMs = options.budgetMs ?? 3_000;
  const files = new Map<string, CapturedFile>();
  const pods = new Map<string, KubernetesObject>();
  const missed: Missed[] = [];
  // A little before the pool's own end, so that the half of a long log that came is kept.
  const deadline = performance.now() + budgetMs - 150;
  const pool = createTaskPool({ budgetMs, signal: options.signal, concurrency: 8 });
  const add = (name: string, content: string | Uint8Array, cut?: string): void => {
    files.set(name, { name, bytes: typeof content === 'string' ? Buffer.from(content) : content, cut });
  };
  const podsKind = await context.kinds.ofWord('pods');

  const takePod = (pod: KubernetesObject): void => {
    const key = `${pod.metadata.namespace}/${pod.metadata.name}`;
    if (pods.has(key)) return;
    if (pods.size >= (options.maxPods ?? 50)) {
      missed.push({
        what: `logs of pod/${pod.metadata.name}`,
        why: `more than ${options.maxPods ?? 50} pods`,
      });
      return;
    }
    pods.set(key, pod);
    addPodTasks(pod, podsKind, pool, context, add, deadline, options.maxLogBytes ?? 8 * 1024 * 1024);
  };

  for (const { kind, namespace, name, live } of objects) {
    if (!live) continue;
    add(
      `manifests/${namespace ?? 'cluster'}/${kind.kind.toLowerCase()}.${name}.yaml`,
      readableText(live, { status: true }),
    );
    if (kind.plural === 'pods') takePod(live);
    const selector = selectorText(at(live, 'spec', 'selector'));
    if (selector && kind.plural !== 'pods' && at(live, 'spec', 'template')) {
      pool.add(`pods of ${told(kind, namespace, name)}`, async (signal) => {
        const list = await context.store.list(podsKind, namespace, { selector, signal, timeoutMs: budgetMs });
        for (const pod of list.items) takePod(pod);
      });
    }
  }
  const since = (options.now ?? Date.now)() - eventsBackMs;
  for (const namespace of new Set(objects.map((one) => one.namespace))) {
    pool.add(`events${namespace ? ` in ${namespace}` : ''}`, async (signal) => {
      const events = await readEvents(context.store, { namespace, since }, { signal, timeoutMs: budgetMs });
      add(namespace ? `events/${namespace}.txt` : 'events/all.txt', eventsText(events));
    });
  }
  const run = await pool.run();
  if (pods.size > 0) add('pods.txt', podSummary([...pods.values()]));
  return { files: [...files.values()], missed: [...missed, ...run.missed], durationMs: run.durationMs };
}

function addPodTasks(
  pod: KubernetesObject,
  podsKind: ResourceKind,
  pool: TaskPool,
  context: CallContext,
  add: (name: string, content: string | Uint8Array, cut?: string) => void,
  deadline: number,
  maxBytes: number,
): void {
  const { name, namespace = 'default' } = pod.metadata;
  add(
    `pods/${namespace}/${name}.yaml`,
    stringify(readableObject(pod, { status: true }), { lineWidth: 0, aliasDuplicateObjects: false }),
  );
  const path = `${resourcePath(podsKind, namespace, name)}/log`;
  const readLog = (container: string, previous: boolean): void => {
    const what = `${previous ? 'previous log' : 'log'} of pod/${name} (${container})`;
    pool.add(what, async (signal) => {
      try {
        const query = { container, timestamps: true, ...(previous ? { previous } : {}) };
        const timeoutMs = Math.max(50, deadline - performance.now());
        const log = await context.api.bytes(path, { query, signal, timeoutMs, maxBytes, what });
        add(`logs/${namespace}/${name}/${container}${previous ? '.previous' : ''}.log`, log.text, log.cut);
      } catch (error) {
        // A container that never ran has no log, which is no gap in the evidence.
        if (!isClusterError(error, 'cluster-refused')) throw error;
        add(`logs/${namespace}/${name}/${container}${previous ? '.previous' : ''}.log`, '', error.message);
      }
    });
  };
  const restarts = new Map(
    [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')].map(
      (status) => [textAt(status, 'name'), numberAt(status, 'restartCount') ?? 0],
    ),
  );
  for (const container of [...listAt(pod, 'spec', 'initContainers'), ...listAt(pod, 'spec', 'containers')]) {
    const containerName = textAt(container, 'name') ?? '';
    // The previous run's log goes first: it is what tells of a crash, and what a new pod takes away.
    if ((restarts.get(containerName) ?? 0) > 0) readLog(containerName, true);
    readLog(containerName, false);
  }
}
