// Jobs and CronJobs: pods that end.

import { randomSuffix } from '../kinds/podDefaults.ts';
import { type Json, type KubeObject, kubeTime } from '../store/kubeObject.ts';
import type { Change } from '../store/objectStore.ts';
import { type Controller, type ControllerContext, isPodReady, keyOf, ownerKey, ownerOf } from './cluster.ts';
import { podFrom } from './replicaSets.ts';

const component = 'job-controller';

export class JobController implements Controller {
  readonly name = 'job';
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  concerns({ resource, object }: Change): Iterable<string> {
    if (resource === 'batch/jobs') return [keyOf(object)];
    return resource === '/pods' ? ownerKey(object, 'Job') : [];
  }

  reconcile(namespace: string, name: string): void {
    const { registry, events } = this.#context;
    const job = registry.store.get('batch/jobs', namespace, name);
    if (!job || job.metadata.deletionTimestamp) return;
    const pods = registry.store.ownedBy(job.metadata.uid).filter((one) => one.resource === '/pods');
    const inPhase = (phase: string): KubeObject[] =>
      pods.map(({ object }) => object).filter((pod) => pod.status?.phase === phase);
    const succeeded = inPhase('Succeeded').length;
    const failed = inPhase('Failed').length;
    const active = pods.length - succeeded - failed;
    const { completions, parallelism, backoffLimit, suspend } = job.spec;
    const done = succeeded >= completions;
    const over = failed > backoffLimit;
    const finished = job.status?.conditions?.length > 0;
    if (!done && !over && !suspend && !finished)
      for (let made = active; made < Math.min(parallelism, completions - succeeded); made += 1) {
        const pod = registry.create(
          this.#context.kind('/pods'),
          namespace,
          podFrom(job, `${name}-${randomSuffix()}`),
        );
        events.record(job, {
          reason: 'SuccessfulCreate',
          message: `Created pod: ${pod.metadata.name}`,
          component,
        });
      }
    const now = kubeTime(this.#context.now());
    const running = registry.store
      .ownedBy(job.metadata.uid)
      .map(({ object }) => object)
      .filter(
        (pod) => pod.kind === 'Pod' && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed',
      );
    registry.store.modify('batch/jobs', namespace, name, (clone) => {
      const before: Json = clone.status ?? {};
      const condition = done
        ? {
            type: 'Complete',
            status: 'True',
            reason: 'CompletionsReached',
            message: 'Reached expected number of succeeded pods',
          }
        : over
          ? {
              type: 'Failed',
              status: 'True',
              reason: 'BackoffLimitExceeded',
              message: 'Job has reached the specified backoff limit',
            }
          : undefined;
      clone.status = {
        startTime: before.startTime ?? now,
        ...(running.length ? { active: running.length } : {}),
        ready: running.filter(isPodReady).length,
        ...(succeeded ? { succeeded } : {}),
        ...(failed ? { failed } : {}),
        ...(done ? { completionTime: before.completionTime ?? now } : {}),
        ...(condition
          ? {
              conditions: before.conditions ?? [
                { ...condition, lastProbeTime: now, lastTransitionTime: now },
              ],
            }
          : {}),
      };
    });
    if (done && !finished) events.record(job, { reason: 'Completed', message: 'Job completed', component });
    if (over && !finished)
      events.record(job, {
        type: 'Warning',
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
        component,
      });
  }
}

/** Whether a cron field (`5`, `1-5`, `x/15` with `*` for x, `1,2`) holds `value`. */
function fieldHolds(field: string, value: number): boolean {
  return field.split(',').some((part) => {
    const match = /^(\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) return false;
    const from = Number(match[2] ?? 0);
    const to = match[1] === '*' ? 59 : Number(match[3] ?? (match[4] ? 59 : from));
    return value >= from && value <= to && (value - from) % Number(match[4] ?? 1) === 0;
  });
}

/** Whether a cron schedule is due in the minute of `at`. */
function isDue(schedule: string, at: Date): boolean {
  const named: Record<string, string> = {
    '@hourly': '0 * * * *',
    '@daily': '0 0 * * *',
    '@weekly': '0 0 * * 0',
  };
  const fields = (named[schedule] ?? schedule).trim().split(/\s+/);
  const values = [
    at.getUTCMinutes(),
    at.getUTCHours(),
    at.getUTCDate(),
    at.getUTCMonth() + 1,
    at.getUTCDay(),
  ];
  return fields.length === 5 && fields.every((field, index) => fieldHolds(field, values[index]!));
}

/** Makes the jobs that are due in this minute. Call it once a minute. */
export function runCronJobs(context: ControllerContext): void {
  const { registry, events } = context;
  const now = new Date(context.now());
  for (const cron of registry.store.list('batch/cronjobs')) {
    if (cron.spec.suspend || !isDue(cron.spec.schedule, now)) continue;
    const { namespace = '', name } = cron.metadata;
    const jobName = `${name}-${Math.floor(now.getTime() / 60_000)}`;
    if (registry.store.get('batch/jobs', namespace, jobName)) continue;
    const template = structuredClone(cron.spec.jobTemplate);
    registry.create(context.kind('batch/jobs'), namespace, {
      metadata: { ...template.metadata, name: jobName, ownerReferences: [ownerOf(cron)] },
      spec: template.spec,
    });
    registry.store.modify('batch/cronjobs', namespace, name, (clone) => {
      clone.status = { ...clone.status, lastScheduleTime: kubeTime(now.getTime()) };
    });
    events.record(cron, {
      reason: 'SuccessfulCreate',
      message: `Created job ${jobName}`,
      component: 'cronjob-controller',
    });
  }
}
