// The kubelet of every node: starts pods' containers, watches over them, restarts and ends them.

import { imageProblem, probeFailure } from '../containers/checks.ts';
import { ContainerRun } from '../containers/containerRun.ts';
import { runProcess } from '../containers/mainProcess.ts';
import { type ClusterView, type Program, splitImage } from '../containers/program.ts';
import {
  environmentOf,
  filesOf,
  projectVolumes,
  type StartProblem,
  Volumes,
} from '../containers/surroundings.ts';
import type { Json, KubeObject } from '../store/kubeObject.ts';
import type { Change } from '../store/objectStore.ts';
import { type Controller, type ControllerContext, keyOf } from './cluster.ts';
import { backOffText, newPodRun, type PodRun } from './podRun.ts';
import { podStatus } from './podStatus.ts';

export class Kubelet implements Controller {
  readonly name = 'kubelet';
  readonly volumes: Volumes;
  /** While the systems are laid out nothing takes time. */
  instant = false;
  readonly #context: ControllerContext;
  readonly #cluster: ClusterView;
  readonly #programs: readonly Program[];
  readonly #runs = new Map<string, PodRun>();
  #addresses = 1;

  constructor(context: ControllerContext, cluster: ClusterView, programs: readonly Program[]) {
    this.#context = context;
    this.#cluster = cluster;
    this.#programs = programs;
    this.volumes = new Volumes(cluster);
  }

  /** The running container of a pod; the first one without a name. */
  containerOf(uid: string, name?: string): ContainerRun | undefined {
    const run = this.#runs.get(uid);
    return [...(run?.containers ?? []), ...(run?.init ?? [])].find((one) => !name || one.spec.name === name);
  }

  /** Every container of running pods. */
  *running(): Generator<ContainerRun> {
    for (const run of this.#runs.values())
      for (const one of run.containers) if (one.phase.is === 'running') yield one;
  }

  concerns({ resource, type, object }: Change): Iterable<string> {
    if (resource === '/pods') {
      if (type === 'DELETED') this.#forget(object);
      return [keyOf(object)];
    }
    if (resource === '/persistentvolumeclaims' && type === 'DELETED')
      this.volumes.forgetClaim(object.metadata.namespace!, object.metadata.name);
    if (!['/configmaps', '/secrets', '/persistentvolumeclaims'].includes(resource)) return [];
    return [...this.#runs.values()]
      .filter(({ pod }) => pod.metadata.namespace === object.metadata.namespace && pod.spec.volumes?.length)
      .map(({ pod }) => keyOf(pod));
  }

  reconcile(namespace: string, name: string): void {
    const pod = this.#context.registry.store.get('/pods', namespace, name);
    if (!pod?.spec.nodeName) return;
    let run = this.#runs.get(pod.metadata.uid);
    if (!run) {
      run = this.#take(pod);
      this.#startPod(run);
    }
    run.pod = pod;
    for (const one of [...run.containers, ...run.init]) one.pod = pod;
    if (pod.metadata.deletionTimestamp && !run.ending) {
      this.#endPod(run);
      return;
    }
    this.#adoptChanges(run);
    projectVolumes(pod, this.volumes, this.#cluster);
  }

  #take(pod: KubeObject): PodRun {
    const make = (spec: Json): ContainerRun => {
      const program = this.#programOf(spec.image);
      const files = filesOf(pod, spec, program, this.volumes, this.#cluster);
      return new ContainerRun(pod, spec, program, files, this.#cluster);
    };
    this.#addresses += 1;
    const run = newPodRun(pod, make, this.#addresses, this.#context.pace.firstBackOffMs);
    this.#runs.set(pod.metadata.uid, run);
    return run;
  }

  #programOf(image: string): Program {
    const { name } = splitImage(image);
    return this.#programs.find((one) => one.image === name) ?? { image: name };
  }

  #startPod(run: PodRun): void {
    const problem = projectVolumes(run.pod, this.volumes, this.#cluster);
    if (problem) {
      this.#retryStart(run, run.containers, problem, () => this.#startPod(run));
      return;
    }
    for (const one of run.init) {
      this.#startContainer(run, one);
      if (one.phase.is === 'running') one.end(0, 'Completed');
    }
    for (const one of run.containers) this.#startContainer(run, one);
    this.#writeStatus(run);
  }

  #startContainer(run: PodRun, one: ContainerRun): void {
    const problem = imageProblem(one) ?? this.#begin(run, one);
    if (problem) {
      this.#retryStart(run, [one], problem, () => this.#startContainer(run, one));
      return;
    }
    this.#note(run, one, 'Pulled', `Container image "${one.spec.image}" already present on machine`);
    this.#note(run, one, 'Created', `Created container: ${one.spec.name}`);
    this.#note(run, one, 'Started', `Started container ${one.spec.name}`);
    const startedAt = one.startedAt;
    this.#after(run, this.#context.pace.podReadyMs, () => {
      if (one.startedAt === startedAt) void this.look(one);
    });
    this.#writeStatus(run);
  }

  #begin(run: PodRun, one: ContainerRun): StartProblem | undefined {
    const env = environmentOf(run.pod, one.spec, one.program, this.#cluster);
    if ('reason' in env && 'message' in env && typeof env.event === 'string')
      return env as unknown as StartProblem;
    one.start(
      env as Record<string, string>,
      filesOf(run.pod, one.spec, one.program, this.volumes, this.#cluster),
    );
    runProcess(one, (exitCode) => this.#ended(run, one, exitCode, exitCode === 0 ? 'Completed' : 'Error'));
    return undefined;
  }

  #retryStart(run: PodRun, waiting: ContainerRun[], problem: StartProblem, again: () => void): void {
    const { events, pace } = this.#context;
    const pulls = problem.reason === 'ErrImagePull';
    for (const one of waiting) {
      const tried = one.phase.is === 'waiting' && one.phase.reason !== 'ContainerCreating';
      one.phase = {
        is: 'waiting',
        reason: pulls && tried ? 'ImagePullBackOff' : problem.reason,
        message: problem.message,
      };
    }
    events.record(run.pod, {
      type: 'Warning',
      reason: problem.event ?? 'Failed',
      message: pulls ? `Failed to pull image: ${problem.message}` : problem.message,
      component: 'kubelet',
      host: run.pod.spec.nodeName,
    });
    this.#writeStatus(run);
    const timer = this.#context.later(pace.firstBackOffMs, () => {
      run.timers.delete(timer);
      if (!run.ending) again();
    });
    run.timers.add(timer);
  }

  /** Asks a container how it is, and acts on it. */
  async look(one: ContainerRun): Promise<void> {
    const run = this.#runs.get(one.pod.metadata.uid);
    if (!run || run.ending || one.phase.is !== 'running') return;
    const { startedAt } = one;
    const health = one.program.health?.(one) ?? { state: 'ready' as const };
    if (health.state === 'crashed') {
      one.print(health.log);
      return this.#ended(run, one, health.exitCode, health.reason);
    }
    if (health.state === 'completed') return this.#ended(run, one, 0, 'Completed');
    let failure = health.state === 'unready' ? health.message : undefined;
    if (this.instant) failure = undefined;
    else if (one.program.answer) {
      failure ??= await probeFailure(one, one.spec.readinessProbe, 'Readiness');
      const dead = await probeFailure(one, one.spec.livenessProbe, 'Liveness');
      if (one.startedAt !== startedAt || one.phase.is !== 'running') return;
      if (dead && this.#livenessFailed(run, one, dead)) return;
      if (!dead) one.livenessFailures = 0;
    }
    if (failure && one.ready) this.#note(run, one, 'Unhealthy', failure, 'Warning');
    if (one.ready === !failure) return;
    one.ready = !failure;
    this.#writeStatus(run);
  }

  #livenessFailed(run: PodRun, one: ContainerRun, why: string): boolean {
    one.livenessFailures += 1;
    this.#note(run, one, 'Unhealthy', why, 'Warning');
    if (one.livenessFailures < (one.spec.livenessProbe.failureThreshold ?? 3)) return false;
    this.#note(run, one, 'Killing', `Container ${one.spec.name} failed liveness probe, will be restarted`);
    this.#ended(run, one, 137, 'Error');
    return true;
  }

  /** A container's process ended: the pod's restart policy says what follows. */
  #ended(run: PodRun, one: ContainerRun, exitCode: number, reason: string): void {
    if (one.phase.is !== 'running' || run.ending) return;
    const livedMs = this.#cluster.now() - one.startedAt;
    one.end(exitCode, reason);
    this.#writeStatus(run);
    const policy: string = run.pod.spec.restartPolicy;
    if (policy === 'Never' || (policy === 'OnFailure' && exitCode === 0)) return;
    if (livedMs > 120_000) run.backOffMs = this.#context.pace.firstBackOffMs;
    const wait = run.backOffMs;
    run.backOffMs = Math.min(run.backOffMs * 2, 30_000);
    this.#after(run, Math.min(wait, 1000), () => {
      if (one.phase.is !== 'terminated') return;
      one.phase = {
        is: 'waiting',
        reason: 'CrashLoopBackOff',
        message: `back-off ${Math.round(wait / 1000)}s ${backOffText(run, one)}`,
      };
      this.#note(run, one, 'BackOff', `Back-off ${backOffText(run, one)}`, 'Warning');
      this.#writeStatus(run);
      this.#after(run, wait, () => {
        one.restarts += 1;
        this.#startContainer(run, one);
      });
    });
  }

  /** Ends and starts a pod's containers in place, as a crash or the kernel would. */
  restart(pod: KubeObject, exitCode: number, reason: 'Error' | 'OOMKilled'): void {
    const run = this.#runs.get(pod.metadata.uid);
    for (const one of run?.containers ?? []) {
      if (one.phase.is !== 'running') continue;
      one.end(exitCode, reason);
      one.restarts += 1;
      this.#startContainer(run!, one);
    }
  }

  /** A new image in a running pod's spec restarts that container; a new ephemeral container starts. */
  #adoptChanges(run: PodRun): void {
    for (const spec of run.pod.spec.ephemeralContainers ?? []) {
      if (run.containers.some((one) => one.spec.name === spec.name)) continue;
      const program = this.#programOf(spec.image);
      const files = filesOf(run.pod, spec, program, this.volumes, this.#cluster);
      const made = new ContainerRun(run.pod, { ...spec, ephemeral: true }, program, files, this.#cluster);
      run.containers.push(made);
      this.#startContainer(run, made);
    }
    for (const one of run.containers) {
      const spec = run.pod.spec.containers.find((other: Json) => other.name === one.spec.name);
      if (!spec || spec.image === one.spec.image) continue;
      this.#note(run, one, 'Killing', `Container ${spec.name} definition changed, will be restarted`);
      const made = new ContainerRun(run.pod, spec, this.#programOf(spec.image), one.files, this.#cluster);
      made.restarts = one.restarts + 1;
      one.end(0, 'Completed');
      made.ended = one.ended;
      run.containers[run.containers.indexOf(one)] = made;
      this.#startContainer(run, made);
    }
  }

  #endPod(run: PodRun): void {
    run.ending = true;
    for (const one of run.containers) {
      if (one.phase.is === 'running') this.#note(run, one, 'Killing', `Stopping container ${one.spec.name}`);
      one.ready = false;
    }
    const grace = run.pod.metadata.deletionGracePeriodSeconds ?? 30;
    this.#writeStatus(run);
    this.#after(run, Math.min(this.#context.pace.podEndMs, grace * 1000), () => {
      for (const one of run.containers) one.process?.abort.abort();
      const { store } = this.#context.registry;
      const { namespace = '', name, uid } = run.pod.metadata;
      const present = store.get('/pods', namespace, name);
      if (present?.metadata.uid !== uid) return;
      if (!present.metadata.finalizers?.length) store.remove('/pods', namespace, name);
      else
        store.modify('/pods', namespace, name, (clone) => {
          clone.metadata.deletionGracePeriodSeconds = 0;
        });
    });
  }

  #forget(pod: KubeObject): void {
    const run = this.#runs.get(pod.metadata.uid);
    if (!run) return;
    run.ending = true;
    for (const one of run.containers) one.process?.abort.abort();
    for (const timer of run.timers) timer.dispose();
    this.#runs.delete(pod.metadata.uid);
    this.volumes.forgetPod(pod.metadata.uid);
  }

  #after(run: PodRun, delayMs: number, act: () => void): void {
    if (this.instant) {
      act();
      return;
    }
    const timer = this.#context.later(delayMs, () => {
      run.timers.delete(timer);
      act();
    });
    run.timers.add(timer);
  }

  #writeStatus(run: PodRun): void {
    const { namespace = '', name } = run.pod.metadata;
    const { store } = this.#context.registry;
    if (store.get('/pods', namespace, name)?.metadata.uid !== run.pod.metadata.uid) return;
    store.modify('/pods', namespace, name, (clone) => {
      clone.status = podStatus(clone, run, this.#context.now());
    });
  }

  #note(
    run: PodRun,
    one: ContainerRun,
    reason: string,
    message: string,
    type: 'Normal' | 'Warning' = 'Normal',
  ): void {
    const fieldPath = `spec.containers{${one.spec.name}}`;
    this.#context.events.record(run.pod, {
      type,
      reason,
      message,
      component: 'kubelet',
      host: run.pod.spec.nodeName,
      fieldPath,
    });
  }
}
