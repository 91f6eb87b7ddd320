// One notebook's session: the cell passes the guard, its intent is written, the kernel runs it, and what came
// of it is in the evidence before anybody is told. Whoever runs a cell, button, command or another extension,
// comes through here.

import { randomBytes } from 'node:crypto';
import { RunbookError } from '../base/runbookError.ts';
import { Allowances } from '../guard/allowances.ts';
import type { IncidentLevel } from '../guard/decide.ts';
import { projectTools } from '../guard/projectTools.ts';
import { Session } from '../kernel/session.ts';
import { ownEnvironment } from '../kernel/sessionEnvironment.ts';
import type { RunResult, Variable } from '../kernel/types.ts';
import type { Assessment } from '../shell/assess.ts';
import { BeforeChange } from './beforeChange.ts';
import { type CellDisplay, type CellOutcome, outcomeOf } from './cellOutcome.ts';
import { alternativesOf, type CellPart, chooseAlternative, demandNear, partText } from './cellParts.ts';
import { fillIn } from './cellValues.ts';
import { consentTo, type GuardState, judge } from './consent.ts';
import { Gatekeeper, targetFields } from './gatekeeper.ts';
import { allowRequests, HttpDoor } from './httpDoor.ts';
import type { Incident } from './incident.ts';
import { failurePort, kernelRequest, unreadable } from './kernelRequest.ts';
import { liveNames } from './liveNames.ts';
import type { Questioner } from './question.ts';
import { RecordedOutput } from './recordedOutput.ts';
import { type OpenTerminal, openRecordedTerminal } from './recordedTerminal.ts';
import { assessText, type Runbook, type RunbookCell } from './runbook.ts';
import { isProduction, sessionPolicy } from './sessionPolicy.ts';
import { SessionTarget, type TargetChoice } from './sessionTarget.ts';

export type { OpenTerminal };

export interface SessionContext {
  readonly incident: Incident;
  /** Where the session starts, absolute: the runbook's folder. */
  readonly folder: string;
  /** Whether the workspace is trusted; asked at each run. */
  readonly isTrusted: () => boolean;
  readonly questioner: Questioner;
  /** What the runbook asks for; the current context otherwise. */
  readonly target?: TargetChoice;
  /** Severity of the declared incident on the scale of 1 to 4; null without one. */
  readonly incidentLevel: () => IncidentLevel;
  /** The user's own policy file. */
  readonly policyFile?: string | undefined;
  /** Values that are known from the start, by the placeholder's name: `--var`. */
  readonly values?: ReadonlyMap<string, string>;
  /** Over this process's own: the runbook's `env`, the incident's variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly defaultTimeoutMs?: number;
}

export interface CellRequest {
  readonly runbook: Runbook;
  readonly cell: RunbookCell;
  /** Only these lines; the whole cell otherwise. */
  readonly part?: CellPart;
  /** Beside the other cells, on a copy of the session's state. */
  readonly background?: boolean;
}

/** What of a cell is run, read for what it would do. */
interface Planned {
  readonly text: string;
  readonly assessment: Assessment | undefined;
  /** To be set in the session before it runs. */
  readonly variables: Readonly<Record<string, string>>;
}

export class NotebookSession {
  readonly #context: SessionContext;
  readonly #kernel: Session;
  readonly #guard: GuardState;
  readonly #opened = new Set<string>();
  readonly #values: Map<string, string>;

  private constructor(context: SessionContext, kernel: Session, guard: GuardState) {
    this.#context = context;
    this.#kernel = kernel;
    this.#guard = guard;
    this.#values = new Map(context.values);
  }

  /** @throws RunbookError where bash is missing, ClusterError where the runbook's context is. */
  static async start(context: SessionContext): Promise<NotebookSession> {
    const env = { ...ownEnvironment(), RUNBOOK_INCIDENT: context.incident.id, ...context.env };
    const policy = await sessionPolicy(context.policyFile, context.folder);
    const target = await SessionTarget.pin(env, context.target ?? {});
    const guard: GuardState = {
      policy,
      projectTools: projectTools({ ...policy, folder: context.folder }),
      questioner: context.questioner,
      writer: context.incident.writer,
      allowances: new Allowances(),
      target,
      beforeChange: target && new BeforeChange({ target, writer: context.incident.writer }),
      production: target !== undefined && isProduction(target, policy),
      incidentLevel: context.incidentLevel,
    };
    try {
      const kernel = await Session.start({
        cwd: context.folder,
        env: target ? { ...env, KUBECONFIG: target.kubeconfigPath } : env,
        gate: new Gatekeeper(guard),
        http: new HttpDoor(guard),
        failures: failurePort(guard),
        ...(context.defaultTimeoutMs ? { defaultTimeoutMs: context.defaultTimeoutMs } : {}),
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

  get incident(): Incident {
    return this.#context.incident;
  }

  /** Runs one cell. Rejects only where evidence can't be written: nothing runs unrecorded. */
  async run(request: CellRequest, display: CellDisplay, signal?: AbortSignal): Promise<CellOutcome> {
    const unusable = this.#whyNot(request.cell);
    if (unusable) return unusable;
    const run = `r-${randomBytes(6).toString('hex')}`;
    const startedAt = Date.now();
    await this.#noteRunbook(request.runbook);
    const planned = await this.#plan(run, request, signal);
    if (typeof planned === 'string') return this.#refuse(request, planned);
    const consented = await this.#consent(run, request, planned, signal);
    if (!consented.yes) return this.#refuse(request, consented.reason);
    await this.#noteIntent(run, request, planned);
    const stop = new AbortController();
    const output = new RecordedOutput(this.#writer, run, startedAt, display, () => stop.abort());
    const result = await this.#kernel.run(
      kernelRequest(request, run, planned, signal ? AbortSignal.any([signal, stop.signal]) : stop.signal),
      output,
    );
    if (result.backgroundPids.length === 0) await output.end();
    if (output.failure) throw output.failure;
    await this.#noteResult(run, result);
    for (const note of result.notes) display.notice(note);
    if (output.cutCount > 0) {
      display.notice(
        `${output.cutCount} credential(s) were cut out of the output before it was kept or shown.`,
      );
    }
    return outcomeOf(run, result);
  }

  /** Stops the running cell: SIGINT, then SIGTERM and SIGKILL, two seconds apart. */
  interrupt(): void {
    this.#kernel.interrupt();
  }

  /** A shell with the session's state, gate and target, recorded as a run of its own. */
  async openTerminal(display: CellDisplay, size: { columns?: number; rows?: number }): Promise<OpenTerminal> {
    if (!this.#context.isTrusted()) throw untrusted();
    return openRecordedTerminal(this.#kernel, this.#writer, display, size);
  }

  variables(): Promise<Variable[]> {
    return this.#kernel.variables();
  }

  /** Ends every process of the session. The incident stays: it may be others' too. */
  async dispose(): Promise<void> {
    await this.#kernel.dispose();
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

  /** The part that runs, one of exclusive alternatives chosen, every value put in. */
  async #plan(run: string, { cell, part }: CellRequest, signal?: AbortSignal): Promise<Planned | string> {
    const text = await this.#choose(run, cell, partText(cell.runnable, part), signal);
    if (text === undefined) return 'its options are alternatives and none was chosen';
    const assessment = await this.#assess(cell, text);
    if (!assessment || assessment.placeholders.length === 0) return { text, assessment, variables: {} };
    const { questioner, target } = this.#guard;
    const sources = target ? [liveNames(target)] : [];
    const filled = await fillIn(text, assessment, this.#values, { questioner, sources, signal });
    if (!filled.ok) return filled.reason;
    return { ...filled, assessment: await this.#assess(cell, filled.text, filled.variables) };
  }

  async #choose(
    run: string,
    cell: RunbookCell,
    text: string,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    const assessment = await this.#assess(cell, text);
    if (!assessment || alternativesOf(assessment).length === 0) return text;
    const title = cell.cell.headings.at(-1) ?? 'Alternatives';
    const chosen = await chooseAlternative(text, assessment, title, this.#guard.questioner, signal);
    if (!chosen) return undefined;
    await this.#writer.append({
      type: 'cell.choice',
      run,
      cell: { index: cell.index, headings: [...cell.cell.headings] },
      option: chosen.alternative.title,
      ...(chosen.reason ? { extra: { reason: chosen.reason } } : {}),
    });
    return chosen.text;
  }

  /** Read with what the session holds: a variable that an earlier cell set is known. */
  async #assess(
    cell: RunbookCell,
    text: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Assessment | undefined> {
    const held = (await this.#kernel.variables()).map(({ name, value }) => [name, value] as const);
    const variables = new Map<string, string | null>([...held, ...Object.entries(more)]);
    return assessText(cell, text, { variables, projectTools: this.#guard.projectTools });
  }

  /** One question for all that the cell would do, as far as it can be read before it runs. */
  async #consent(
    run: string,
    { cell }: CellRequest,
    { assessment }: Planned,
    signal: AbortSignal | undefined,
  ): ReturnType<typeof consentTo> {
    const commands = assessment?.commands ?? [unreadable(cell)];
    const byAuthor = cell.cell.attributes.approval ? 'approval' : undefined;
    const judged = commands.map((command) =>
      judge(command, this.#guard, {
        cwd: this.#context.folder,
        demandsApproval: byAuthor ?? demandNear(command.line, assessment?.steps ?? []),
      }),
    );
    const consented = await consentTo(judged, this.#guard, {
      title: `Run “${cell.cell.headings.at(-1) ?? 'this cell'}”?`,
      run,
      ...(signal ? { signal } : {}),
    });
    if (consented.yes) allowRequests(commands, this.#guard);
    return consented;
  }

  async #refuse(request: CellRequest, reason: string): Promise<CellOutcome> {
    await this.#noteSkip(request, reason);
    return { status: 'refused', message: `Not run: ${reason}.` };
  }

  async #noteSkip({ runbook, cell }: CellRequest, reason: string): Promise<void> {
    await this.#writer.append({
      type: 'cell.skip',
      cell: { index: cell.index, headings: [...cell.cell.headings] },
      runbook: runbook.sha256,
      reason,
    });
  }

  async #noteRunbook(runbook: Runbook): Promise<void> {
    if (this.#opened.has(runbook.sha256)) return;
    const first = this.#opened.size === 0;
    this.#opened.add(runbook.sha256);
    const extra = { name: runbook.name, path: runbook.path };
    await this.#writer.append(
      first
        ? { type: 'runbook.opened', runbook: runbook.sha256, title: runbook.name, extra }
        : { type: 'runbook.amended', runbook: runbook.sha256, extra },
    );
  }

  async #noteIntent(
    run: string,
    { runbook, cell }: CellRequest,
    { text, assessment }: Planned,
  ): Promise<void> {
    const { target, production } = this.#guard;
    await this.#writer.append({
      type: 'cell.intent',
      run,
      runbook: runbook.sha256,
      cell: {
        index: cell.index,
        headings: [...cell.cell.headings],
        language: cell.cell.language,
        lines: [...cell.cell.lines],
        ...(cell.cell.attributes.name ? { id: cell.cell.attributes.name } : {}),
      },
      source: cell.cell.text,
      ...(text === cell.cell.text ? {} : { resolved: text }),
      risk: assessment?.risk ?? 'unknown',
      ...(target ? { target: { ...targetFields(target.pin), production } } : {}),
      cwd: this.#context.folder,
      alerts: cell.alerts.map((alert) => alert.name),
      ...(cell.severity ? { severity: cell.severity.raw } : {}),
      extra: { name: runbook.name },
    });
  }

  async #noteResult(run: string, result: RunResult): Promise<void> {
    const { ok, exitCode, signal, interrupted, timedOut, sessionEnded, durationMs, cwd } = result;
    await this.#writer.append({
      type: 'cell.result',
      run,
      ok,
      ...(exitCode === null ? {} : { exitCode }),
      ...(signal === null ? {} : { signal }),
      interrupted,
      timedOut,
      sessionEnded,
      refused: result.refused !== null,
      durationMs: Math.round(durationMs),
      cwd,
      commands: result.commands.map((command) => ({ ...command, pipeline: [...command.pipeline] })),
      notes: [...result.notes],
    });
  }
}

function untrusted(): RunbookError {
  return new RunbookError({
    code: 'untrusted',
    message: 'The workspace is not trusted: nothing runs.',
    mend: 'Trust it with “Manage Workspace Trust”, if you do.',
  });
}
