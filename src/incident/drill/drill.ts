// A drill: a fault starts on the practice cluster, an incident marked as drill runs against it with the clock of its
// severity, and the end says from the cluster's own state whether it is cured, in what time and steps. Nothing looks at
// what was typed: any way back to health cures.

import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nameKey } from '../../alerts/alertName.ts';
import { formatDuration } from '../../base/duration.ts';
import { RunbookError } from '../../base/runbookError.ts';
import { addAddendum } from '../../evidence/keep/addAddendum.ts';
import { practiceFaults, startPracticeFault } from '../../practice/daemon/practiceDaemon.ts';
import type { FaultStatus } from '../../practice/faults/faultBoard.ts';
import { practiceContext } from '../../practice/kubeconfig.ts';
import { AlertLog, lookAt } from '../alertLog.ts';
import { closedElsewhere } from '../closedElsewhere.ts';
import { evidenceOptions, Incident, type Place } from '../incident.ts';
import { type SeverityChoice, severityOf } from '../incidentSeverity.ts';
import { monitoringSources, noPlaces } from '../monitoring.ts';
import { folderOf, type Runbook, type RunbookCell } from '../runbook.ts';
import { SessionTarget } from '../sessionTarget.ts';

/** Where the runbook's scale tells no response time: by level, 1 the worst. Milliseconds. */
const usualResponseMs: Readonly<Record<number, number>> = {
  1: 15 * 60_000,
  2: 30 * 60_000,
  3: 4 * 3_600_000,
  4: 24 * 3_600_000,
};
const firesWithinMs = 120_000;
/** A rate over the last minute needs as long to fall. */
const clearsWithinMs = 100_000;
const lookEveryMs = 500;

export interface DrillOptions {
  readonly runbook: Runbook;
  readonly fault: FaultStatus;
  /** Of the practice cluster. */
  readonly kubeconfigPath: string;
  readonly place: Place;
  readonly signal?: AbortSignal;
}

export interface DrillState {
  readonly fault: FaultStatus['state'];
  /** Since the alert fired. */
  readonly elapsedMs: number;
  readonly overdue: boolean;
  /** From the alert's firing to its end; undefined while it fires. */
  readonly curedAfterMs?: number;
}

export interface DrillEnd {
  /** Gives the alert the time to go. */
  readonly wait: boolean;
  readonly signal?: AbortSignal;
}

export interface DrillResult {
  readonly fault: string;
  readonly alert: string;
  readonly incident: string;
  readonly folder: string;
  readonly cured: boolean;
  /** From the alert's firing to its end, by the cluster's clock; else to the end of the drill. */
  readonly tookMs: number;
  readonly responseMs: number;
  readonly inTime: boolean;
  readonly steps: number;
  /** One sentence for people. */
  readonly says: string;
}

export class Drill {
  readonly incident: Incident;
  readonly fault: FaultStatus;
  readonly severity: SeverityChoice;
  /** What the clock counts against. */
  readonly responseMs: number;
  readonly #options: DrillOptions;
  readonly #firedAtMs: number;
  #steps = 0;

  private constructor(options: DrillOptions, incident: Incident, firing: FaultStatus, firedAtMs: number) {
    this.#options = options;
    this.incident = incident;
    this.fault = firing;
    this.severity = severityFor(options);
    this.responseMs = this.severity.responseMs ?? usualResponseMs[this.severity.level ?? 2]!;
    this.#firedAtMs = firedAtMs;
  }

  /**
   * Starts the fault and resolves once its alert fires.
   *
   * @throws RunbookError where the practice cluster is gone, or the alert does not come.
   */
  static async start(options: DrillOptions): Promise<Drill> {
    const { runbook, fault, kubeconfigPath, place } = options;
    if (!(await startPracticeFault(kubeconfigPath, fault.id))) throw gone();
    const firing = await until(options, fault.id, firesWithinMs, ({ state }) => state === 'firing');
    options.signal?.throwIfAborted();
    if (firing?.state !== 'firing') {
      throw new RunbookError({
        code: 'drill-no-alert',
        message: `${fault.alert} did not fire within ${formatDuration(firesWithinMs)}.`,
        mend: 'Start the practice cluster anew: runbook practice stop, runbook practice start --detach.',
      });
    }
    const incident = await Incident.open(place, {
      title: `Drill: ${fault.title}`,
      severity: severityFor(options).raw,
      alert: fault.alert,
      drill: fault.id,
      folder: folderOf(runbook),
    });
    return new Drill(options, incident, firing, Date.now());
  }

  /** Takes up one that a window left, with the incident that it had. */
  static resume(options: DrillOptions, incident: Incident): Drill {
    const { fault } = options;
    return new Drill(options, incident, fault, Date.parse(fault.firedAt ?? '') || Date.now());
  }

  /** So many more cells ran. */
  countSteps(cells = 1): void {
    this.#steps += cells;
  }

  async state(): Promise<DrillState> {
    const fault = (await now(this.#options, this.fault.id)) ?? this.fault;
    const elapsedMs = Date.now() - this.#firedAtMs;
    const cured = fault.state === 'cured' ? { curedAfterMs: curedAfterMs(fault) } : {};
    return { fault: fault.state, elapsedMs, overdue: elapsedMs > this.responseMs, ...cured };
  }

  /** Closes the incident with the verdict: what the cluster says, or that it no longer says anything. */
  async end({ wait, signal }: DrillEnd): Promise<DrillResult> {
    const asking = { ...this.#options, ...(signal ? { signal } : {}) };
    const last = wait
      ? await until(asking, this.fault.id, clearsWithinMs, ({ state }) => state === 'cured').catch(unlessGone)
      : await now(this.#options, this.fault.id);
    const tookMs = last?.state === 'cured' ? curedAfterMs(last) : Date.now() - this.#firedAtMs;
    const result = this.#resultOf(last?.state, Math.max(0, tookMs));
    const { folder, writer } = this.incident;
    if ((await closedElsewhere(folder, writer.writer)) !== null) return this.#addLate(result);
    await this.#tellAlert();
    await this.incident.writer.append({
      type: 'note',
      text: result.says,
      about: 'drill',
      extra: { ...result, folder: undefined },
    });
    await this.incident.close(result.says);
    return result;
  }

  /** Somebody else has closed the incident: the verdict is true all the same, and goes where what comes later goes. */
  async #addLate(result: DrillResult): Promise<DrillResult> {
    const { runbook, place } = this.#options;
    const { folder, id } = this.incident;
    await this.incident.leave();
    const options = await evidenceOptions(place, folderOf(runbook));
    await addAddendum(
      path.dirname(folder),
      id,
      { title: 'Verdict of the drill', text: result.says, files: [] },
      options,
    );
    const says = `${result.says} Its incident had been closed elsewhere: the verdict is an addendum.`;
    return { ...result, says };
  }

  /** What stands in the log so far is what was seen right after a cell, when the alert had no time to go. */
  async #tellAlert(): Promise<void> {
    const env = { ...process.env, KUBECONFIG: this.#options.kubeconfigPath };
    const choice = { context: practiceContext, namespace: this.fault.namespace };
    const target = await SessionTarget.pin(env, choice).catch(() => undefined);
    if (!target) return;
    try {
      const looks = await lookAt([this.fault.alert], monitoringSources(noPlaces, target)).catch(() => []);
      await new AlertLog(this.incident.writer).end(looks, true);
    } finally {
      await target.dispose();
    }
  }

  #resultOf(state: FaultStatus['state'] | undefined, tookMs: number): DrillResult {
    const cured = state === 'cured';
    const inTime = cured && tookMs <= this.responseMs;
    const steps = `${this.#steps} ${this.#steps === 1 ? 'cell' : 'cells'} run`;
    const took = `${formatDuration(tookMs)} (${formatDuration(this.responseMs)} allowed)`;
    const verdict = cured
      ? `Cured ${inTime ? 'in time' : 'too late'}: ${this.fault.alert} went after ${took}`
      : state
        ? `Not cured: ${this.fault.alert} still fires after ${took}`
        : `Not known to be cured: the practice cluster ended before ${this.fault.alert} went, after ${took}`;
    return {
      fault: this.fault.id,
      alert: this.fault.alert,
      incident: this.incident.id,
      folder: this.incident.folder,
      cured,
      tookMs,
      responseMs: this.responseMs,
      inTime,
      steps: this.#steps,
      says: `Drill: ${verdict}, ${steps}.`,
    };
  }
}

/** The first cell that answers to the alert; else the first that runs. */
export function firstCellFor(runbook: Runbook, alert: string): RunbookCell | undefined {
  const running = runbook.cells.filter(({ runnable }) => runnable !== '');
  const key = nameKey(alert);
  return (
    running.find(({ alerts }) => alerts[0] && nameKey(alerts[0].name) === key) ??
    running.find(({ alerts }) => alerts.some(({ name }) => nameKey(name) === key)) ??
    running[0]
  );
}

/** Of the cell that answers, else of the alert's own declaration, else of the runbook. */
function severityFor({ runbook, fault }: DrillOptions): SeverityChoice {
  const { declarations } = runbook;
  const key = nameKey(fault.alert);
  const link = declarations.alerts.find(({ name }) => nameKey(name) === key);
  const cell = runbook.cells.find(({ alerts }) => alerts.some(({ name }) => nameKey(name) === key));
  const word = cell?.severity?.raw ?? link?.severity?.raw ?? declarations.severity?.raw ?? 'high';
  return severityOf(word, declarations);
}

async function now({ kubeconfigPath }: DrillOptions, id: string): Promise<FaultStatus | undefined> {
  return (await practiceFaults(kubeconfigPath))?.find((fault) => fault.id === id);
}

/** The last look: one that holds, or the one at the limit. */
async function until(
  options: DrillOptions,
  id: string,
  limitMs: number,
  holds: (fault: FaultStatus) => boolean,
): Promise<FaultStatus | undefined> {
  for (const end = Date.now() + limitMs; ; await delay(lookEveryMs)) {
    const fault = await now(options, id);
    if (!fault) throw gone();
    if (holds(fault) || Date.now() > end || options.signal?.aborted) return fault;
  }
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof RunbookError) || error.code !== 'practice-not-running') throw error;
}

/** Seconds are all that the cluster's own clock tells. */
function curedAfterMs({ firedAt, curedAt }: FaultStatus): number {
  return Date.parse(curedAt ?? '') - Date.parse(firedAt ?? '');
}

function gone(): RunbookError {
  return new RunbookError({
    code: 'practice-not-running',
    message: 'The practice cluster does not answer.',
    mend: 'Start one with `runbook practice start --detach`.',
  });
}
