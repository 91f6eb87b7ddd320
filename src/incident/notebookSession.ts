// One notebook's session: the cell passes the guard, its intent is written, the kernel runs it, and what came
// of it is in the evidence before anybody is told. Whoever runs a cell, button, command or another extension,
// comes through here.

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { RunbookError } from '../base/runbookError.ts';
import type { KnownTarget } from '../guard/targetOf.ts';
import { Session } from '../kernel/session.ts';
import { ownEnvironment } from '../kernel/sessionEnvironment.ts';
import type { Variable } from '../kernel/types.ts';
import type { AlertLog } from './alertLog.ts';
import { CellArtifacts } from './cellArtifacts.ts';
import { consentToCell } from './cellConsent.ts';
import {
  type CellDisplay,
  type CellOutcome,
  type OpenTerminal,
  outcomeOf,
  type TerminalSize,
} from './cellOutcome.ts';
import type { CellPart } from './cellParts.ts';
import { type PlanContext, type Planned, planCell } from './cellPlan.ts';
import { refuseClosedElsewhere } from './closedElsewhere.ts';
import type { GuardState } from './consent.ts';
import { emptyNames } from './emptyNames.ts';
import { failurePort } from './failureQuestion.ts';
import { Gatekeeper } from './gatekeeper.ts';
import { HttpDoor } from './httpDoor.ts';
import type { Incident } from './incident.ts';
import { incidentStatus, stampOf } from './incidentStatus.ts';
import { kernelRequest } from './kernelRequest.ts';
import { stoppedNote } from './leftJobs.ts';
import { RecordedOutput } from './recordedOutput.ts';
import { openRecordedTerminal } from './recordedTerminal.ts';
import { refusedQuery, refusedQueryNotice } from './refusedQuery.ts';
import { isPromql, type Runbook, type RunbookCell } from './runbook.ts';
import { RunEvents } from './runEvents.ts';
import { runStages } from './runStages.ts';
import type { SessionContext } from './sessionContext.ts';
import { openGuard } from './sessionGuard.ts';
import { SessionMonitoring } from './sessionMonitoring.ts';
import { learnFromPlace, learnKubeconfig, learnVariables } from './sessionSecrets.ts';
import type { SessionTarget } from './sessionTarget.ts';
import { dotEnv, fileVariables, incidentVariables, leftVariablesNotices } from './sessionVariables.ts';
import { StepValues } from './stepValues.ts';
import { type UndoWish, undoCell } from './undoCell.ts';

export interface CellRequest {
  readonly runbook: Runbook;
  readonly cell: RunbookCell;
  /** Only these lines; the whole cell otherwise. */
  readonly part?: CellPart;
  /** Asked of Prometheus in place of the cell: what its curl failed to send. */
  readonly query?: string;
  /** Run in place of the cell: the way back from what a run of it changed. */
  readonly undo?: UndoWish;
}

export class NotebookSession {
  readonly #context: SessionContext;
  readonly #kernel: Session;
  readonly #guard: GuardState;
  readonly #values: StepValues;
  readonly #events: RunEvents;
  readonly #artifacts: CellArtifacts;
  readonly #monitoring: SessionMonitoring;
  /** How the logs of other writers stood when they were last read. */
  #others: string | undefined;
  /** Set before a cell where the incident has changed after the session's start. */
  #variables: Readonly<Record<string, string>> = {};
  /** Where the next cell begins. */
  #cwd: string;

  private constructor(context: SessionContext, kernel: Session, guard: GuardState) {
    this.#context = context;
    this.#kernel = kernel;
    this.#guard = guard;
    this.#values = new StepValues(
      context.incident.folder,
      () => guard.target,
      context.values,
      context.alertWords,
    );
    this.#events = new RunEvents(context.incident.writer);
    this.#artifacts = new CellArtifacts(context.incident.writer, context.artifacts);
    this.#monitoring = new SessionMonitoring(context, () => guard.target);
    this.#cwd = context.folder;
  }

  /** @throws RunbookError where bash is missing, ClusterError where the runbook's context is. */
  static async start(context: SessionContext): Promise<NotebookSession> {
    const { taken, left } = fileVariables({ ...(await dotEnv(context.folder)), ...context.runbookEnv });
    const env = {
      ...ownEnvironment(),
      ...taken,
      ...context.env,
      ...incidentVariables(await incidentStatus(context.incident.folder)),
    };
    const guard = await openGuard(context, env);
    guard.notices.sayFirst(leftVariablesNotices(left));
    const { target } = guard;
    const { redactor } = context.incident.writer;
    try {
      await learnFromPlace(redactor, context.folder, env);
      if (target) learnKubeconfig(redactor, target.config);
      const kernel = await Session.start({
        cwd: context.folder,
        env: target ? { ...env, KUBECONFIG: target.kubeconfigPath } : env,
        ...(target ? { privateDirectory: path.dirname(target.kubeconfigPath) } : {}),
        gate: new Gatekeeper(guard),
        http: new HttpDoor(guard),
        failures: failurePort(guard),
        ...context.limits,
      });
      return new NotebookSession(context, kernel, guard);
    } catch (error) {
      await target?.dispose();
      throw error;
    }
  }

  /** The cluster that the session is pinned to. */
  get target(): SessionTarget | undefined {
    return this.#guard.target;
  }

  /** What the policy calls it. */
  get known(): KnownTarget | undefined {
    return this.#guard.known;
  }

  /** A second person was asked, and has not answered. */
  get waitsForApproval(): boolean {
    return this.#guard.approvals.isWaiting;
  }

  get incident(): Incident {
    return this.#context.incident;
  }

  /** Where states of alerts are written, whoever sees them. */
  get alertLog(): AlertLog {
    return this.#monitoring.alertLog;
  }

  /** Variables and level are those of the incident as it stands now: severity, alert and labels come with its declaration. */
  async readIncident(): Promise<void> {
    this.#variables = incidentVariables(await incidentStatus(this.incident.folder));
    await this.#context.readLevel?.();
  }

  /** What another window or command has declared since the last run counts for this one. */
  async #followOthers(): Promise<void> {
    const stamp = await stampOf(this.incident.folder, this.#writer.writer);
    if (stamp !== undefined && stamp === this.#others) return;
    this.#others = stamp;
    await this.readIncident();
  }

  /** Runs one cell. Rejects only where evidence can't be written: nothing runs unrecorded. */
  async run(asks: CellRequest, display: CellDisplay, signal?: AbortSignal): Promise<CellOutcome> {
    const request = asks.undo ? { ...asks, cell: undoCell(asks.cell, asks.undo) } : asks;
    const unusable = this.#whyNot(request.cell) ?? (await this.#whyClosed());
    if (unusable) return unusable;
    await this.#followOthers();
    const run = `r-${randomBytes(6).toString('hex')}`;
    await this.#events.runbook(request.runbook);
    this.#guard.notices.show(run, display);
    try {
      return await this.#runShown(run, request, display, signal);
    } finally {
      this.#guard.notices.forget(run);
    }
  }

  async #runShown(
    run: string,
    request: CellRequest,
    display: CellDisplay,
    signal?: AbortSignal,
  ): Promise<CellOutcome> {
    const startedAt = Date.now();
    const planned = await planCell(run, request, this.#planning, signal);
    if (typeof planned === 'string') return this.#refuse(request, planned);
    // Begun at once, so that it goes on while a question is read.
    const alertsBefore = this.#monitoring.look(request.cell, planned);
    const { runbook, cell } = request;
    const { assessment, title } = planned;
    const asked = { run, runbook, cell, title, assessment, cwd: this.#cwd, signal };
    const goesThere = planned.assessment?.commands.some(({ tool }) => tool === 'kubectl' || tool === 'oc');
    const user = goesThere ? this.target?.askUser() : undefined;
    for (const line of await emptyNames(planned.text, this.target)) display.notice(line);
    const consented = await consentToCell(asked, this.#guard);
    if (!consented.yes) return this.#refuse(request, consented.reason);
    for (const { step, reason } of planned.leftOut) {
      await this.#events.skip(request, reason, step);
      display.notice(`Left out: “${step}”: ${reason}.`);
    }
    await user;
    await this.#events.intent(run, request, planned, this.#guard, this.#cwd);
    const before = await this.#artifacts.before(this.#cwd);
    if (alertsBefore) await this.alertLog.around(run, 'before', await alertsBefore);
    const stop = new AbortController();
    const output = new RecordedOutput(this.#writer, run, startedAt, display, () => stop.abort());
    const stopped = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    const result =
      isPromql(request.cell) || request.query !== undefined
        ? await this.#monitoring.query(
            { run, runbook, cell, text: planned.text, cwd: this.#cwd, output, display },
            stopped,
          )
        : await runStages(planned.stages, {
            kernel: this.#kernel,
            request: {
              ...kernelRequest(request.cell, run, {
                ...planned,
                variables: { ...this.#variables, ...planned.variables },
              }),
              signal: stopped,
            },
            output,
            display,
            failures: failurePort(this.#guard),
          });
    if (!result.outputOpen) await output.end();
    if (output.failure) throw output.failure;
    await this.#guard.objectChanges?.settled();
    for (const note of (await this.#guard.rollouts?.ended(run)) ?? []) display.notice(note);
    for (const note of await this.#artifacts.after(run, before, planned.assessment)) display.notice(note);
    const undo = this.#guard.beforeChange?.undoOf(run);
    await this.#events.result(run, result, undo, this.#guard.runs.get(run)?.revertWithinMs);
    learnVariables(this.#writer.redactor, await this.variables());
    const alertsAfter = alertsBefore && (await this.#monitoring.look(request.cell, planned));
    if (alertsAfter) await this.alertLog.around(run, 'after', alertsAfter);
    this.#cwd = await this.#kernel.cwd;
    for (const note of result.notes) display.notice(note);
    if (result.backgroundPids.length > 0) display.state?.({ type: 'jobs', pids: result.backgroundPids });
    if (output.cutNotice) display.notice(output.cutNotice);
    const refused = refusedQuery(result.commands, planned.assessment);
    if (refused) display.notice(refusedQueryNotice(refused));
    return cutShort(
      {
        ...outcomeOf(run, result),
        ...(refused ? { query: refused.query } : {}),
        ...(undo ? { undo } : {}),
      },
      planned,
    );
  }

  /** Stops the running cell: SIGINT, then SIGTERM and SIGKILL, two seconds apart. */
  interrupt(): void {
    this.#kernel.interrupt();
  }

  /** Whether any of the processes that a cell left in the background still lives. */
  anyLives(pids: readonly number[]): boolean {
    return this.#kernel.livingOf(pids).length > 0;
  }

  /** Ends what a cell left in the background, and notes it. */
  async stopJobs(pids: readonly number[]): Promise<void> {
    const processes = this.#kernel.livingOf(pids).length;
    await this.#kernel.stopProcesses(pids);
    await this.#writer.append(stoppedNote(pids, processes));
  }

  /** A shell with the session's state, gate and target, recorded as a run of its own. */
  async openTerminal(
    show: (bytes: Uint8Array) => void | Promise<void>,
    size: TerminalSize,
  ): Promise<OpenTerminal> {
    if (!this.#context.isTrusted()) throw untrusted();
    return openRecordedTerminal(this.#kernel, this.#writer, show, size);
  }

  variables(): Promise<Variable[]> {
    return this.#kernel.variables();
  }

  /** Ends every process of the session. The incident stays: it may be others' too. */
  async dispose(): Promise<void> {
    await this.#kernel.dispose();
    await this.#guard.beforeChange?.settled();
    await this.target?.dispose();
  }

  get #writer(): Incident['writer'] {
    return this.#context.incident.writer;
  }

  #whyNot({ cell, runnable }: RunbookCell): CellOutcome | undefined {
    if (!this.#context.isTrusted()) {
      return { status: 'refused', message: untrusted().toLine() };
    }
    if (cell.kind !== 'code' || !cell.executable) {
      return { status: 'unusable', message: `Not run: ${cell.reason ?? 'this cell holds no commands'}.` };
    }
    if (runnable.trim() === '') return { status: 'unusable', message: 'Not run: the cell is empty.' };
    return undefined;
  }

  /** Nothing of it is recorded, either. */
  async #whyClosed(): Promise<CellOutcome | undefined> {
    try {
      await refuseClosedElsewhere(this.incident);
      return undefined;
    } catch (error) {
      if (!(error instanceof RunbookError) || error.code !== 'incident-closed') throw error;
      return { status: 'refused', message: `Not run: ${error.toLine()}` };
    }
  }

  get #planning(): PlanContext {
    const { questioner, projectTools, writer } = this.#guard;
    const { doubtOf } = this.#context;
    return {
      values: this.#values,
      questioner,
      projectTools,
      writer,
      doubtOf,
      variables: () => this.variables(),
      folder: this.#cwd,
      written: this.#artifacts.written,
    };
  }

  async #refuse(request: CellRequest, reason: string): Promise<CellOutcome> {
    await this.#events.skip(request, reason);
    return { status: 'refused', message: `Not run: ${reason}.` };
  }
}

/** Nobody gave a value: what stands above ran, and the cell is not done. */
function cutShort(outcome: CellOutcome, { whole, leftOut }: Planned): CellOutcome {
  if (whole || outcome.status !== 'done') return outcome;
  const [first] = leftOut;
  return { ...outcome, status: 'refused', message: `Not all ran: “${first?.step}”: ${first?.reason}.` };
}

function untrusted(): RunbookError {
  return new RunbookError({
    code: 'untrusted',
    message: 'The workspace is not trusted: nothing runs.',
    mend: 'Trust it with “Manage Workspace Trust”, if you do.',
  });
}
