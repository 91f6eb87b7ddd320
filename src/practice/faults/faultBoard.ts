// Starts faults in a running cluster and tells how each stands, from the cluster's state alone.

import { RunbookError } from '../../base/runbookError.ts';
import type { ClusterNetwork } from '../containers/clusterNetwork.ts';
import type { Kubelet } from '../controllers/kubelet.ts';
import type { MetricsEngine } from '../metrics/metricsEngine.ts';
import { loadFieldTypes } from '../patch/fieldTypes.ts';
import { mergePatch } from '../patch/mergePatch.ts';
import { strategicMerge } from '../patch/strategicMerge.ts';
import { kubeTime } from '../store/kubeObject.ts';
import type { Registry } from '../store/registry.ts';
import type { Fault, FaultStep } from './fault.ts';
import { faults } from './faults.ts';
import { LaidOut } from './laidOut.ts';

export interface FaultStatus {
  readonly id: string;
  readonly title: string;
  readonly namespace: string;
  readonly alert: string;
  readonly runbook: string;
  /** `started`: its alert has not fired yet; `cured`: it fired and is gone. */
  readonly state: 'idle' | 'started' | 'firing' | 'cured';
  /** RFC 3339. */
  readonly startedAt?: string;
  readonly firedAt?: string;
  readonly curedAt?: string;
}

/** Of the files that fill a volume. */
const archive = '/archive';

interface Course {
  startedAt: number;
  firedAt?: number;
  curedAt?: number;
}

export interface FaultBoardParts {
  readonly registry: Registry;
  readonly kubelet: Kubelet;
  readonly network: ClusterNetwork;
  readonly metrics: MetricsEngine;
}

export class FaultBoard {
  readonly #parts: FaultBoardParts;
  readonly #courses = new Map<string, Course>();
  readonly #laidOut: LaidOut;
  #starting: Promise<unknown> = Promise.resolve();

  /** When the cluster has been laid out, and before anybody changes it. */
  constructor(parts: FaultBoardParts) {
    this.#parts = parts;
    this.#laidOut = new LaidOut(parts.registry, parts.network, faults);
  }

  /**
   * Puts back what the fault hangs on, waits until it runs, and makes the fault. Throws a RunbookError `no-such-fault`.
   */
  async start(id: string): Promise<FaultStatus> {
    const fault = faults.find((one) => one.id === id);
    if (!fault)
      throw new RunbookError({
        code: 'no-such-fault',
        message: `There is no fault "${id}".`,
        mend: `Known are: ${faults.map((one) => one.id).join(', ')}.`,
      });
    const start = async (): Promise<FaultStatus> => {
      this.#courses.delete(id);
      await this.#laidOut.restore(fault.needs);
      for (const step of fault.steps) await this.#take(step);
      this.#courses.set(id, { startedAt: this.#now() });
      return this.#statusOf(fault);
    };
    const started = this.#starting.then(start);
    this.#starting = started.catch(() => {});
    return started;
  }

  statuses(): FaultStatus[] {
    return faults.map((fault) => this.#statusOf(fault));
  }

  /** Looks at the alerts: call it after each sample. */
  look(): void {
    for (const fault of faults) {
      const course = this.#courses.get(fault.id);
      if (!course) continue;
      const active = this.#parts.metrics.alerts().filter((one) => one.rule.alert === fault.alert);
      if (active.some((one) => one.state === 'firing')) {
        course.firedAt ??= this.#now();
        delete course.curedAt;
      } else if (course.firedAt && active.length === 0) course.curedAt ??= this.#now();
    }
  }

  #now(): number {
    return this.#parts.registry.store.now();
  }

  #statusOf({ id, title, namespace, alert, runbook }: Fault): FaultStatus {
    const course = this.#courses.get(id);
    const state = !course ? 'idle' : course.curedAt ? 'cured' : course.firedAt ? 'firing' : 'started';
    const at = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : kubeTime(ms));
    const times = {
      startedAt: at(course?.startedAt),
      firedAt: at(course?.firedAt),
      curedAt: at(course?.curedAt),
    };
    return { id, title, namespace, alert, runbook, state, ...JSON.parse(JSON.stringify(times)) };
  }

  async #take(step: FaultStep): Promise<void> {
    const { registry, kubelet, network } = this.#parts;
    if ('fact' in step) network.facts.set(step.fact, structuredClone(step.value));
    else if ('fill' in step) {
      const tree = kubelet.volumes.ofClaim(step.fill.namespace, step.fill.claim);
      // Those of the time before would be written over by what is free beside them.
      if (tree.stat(archive)) tree.remove(archive);
      const size = Math.floor(((tree.capacity() ?? 0) - tree.used()) / step.files);
      for (let index = 0; index < step.files; index += 1)
        tree.write(`${archive}/pack-${String(index).padStart(4, '0')}.zip`, '', {
          size,
          mtimeMs: this.#now() - (step.ageDays + index) * 86_400_000,
        });
    } else {
      const [resource, namespace, name] = 'remove' in step ? step.remove : step.patch;
      const kind = registry.kinds.byResource(resource);
      if (!kind)
        throw new RunbookError({ code: 'fault-kind', message: `no kind ${resource}`, audience: 'developer' });
      if ('remove' in step) {
        registry.delete(kind, namespace, name);
        return;
      }
      const present = registry.get(kind, namespace, name);
      const patched = kind.model
        ? strategicMerge(present, step.body, kind.model, await loadFieldTypes())
        : mergePatch(present, step.body);
      registry.update(kind, namespace, name, patched, step.status ? { subresource: 'status' } : {});
    }
  }
}
