// One notebook's session: the cell passes the guard, its intent is written, the kernel runs it, and what came
// of it is in the evidence before anybody is told. Whoever runs a cell, button, command or another extension,
// comes through here.

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { formatDuration } from '../base/duration.ts';
import { RunbookError } from '../base/runbookError.ts';
import { Session } from '../kernel/session.ts';
import type { RunRequest, RunResult, Variable } from '../kernel/types.ts';
import type { CellDisplay, CellOutcome } from './cellOutcome.ts';
import type { Incident } from './incident.ts';
import { RecordedOutput } from './recordedOutput.ts';
import type { Runbook, RunbookCell } from './runbook.ts';

export interface SessionContext {
  readonly incident: Incident;
  /** Where the session starts, absolute: the runbook's folder. */
  readonly folder: string;
  /** Whether the workspace is trusted; asked at each run. */
  readonly isTrusted: () => boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly defaultTimeoutMs?: number;
}

export interface CellRequest {
  readonly runbook: Runbook;
  readonly cell: RunbookCell;
}

export class NotebookSession {
  readonly #context: SessionContext;
  readonly #kernel: Session;
  readonly #opened = new Set<string>();

  private constructor(context: SessionContext, kernel: Session) {
    this.#context = context;
    this.#kernel = kernel;
  }

  /** @throws RunbookError where bash is missing. */
  static async start(context: SessionContext): Promise<NotebookSession> {
    const kernel = await Session.start({
      cwd: context.folder,
      ...(context.env ? { env: context.env } : {}),
      ...(context.defaultTimeoutMs ? { defaultTimeoutMs: context.defaultTimeoutMs } : {}),
    });
    return new NotebookSession(context, kernel);
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
    await this.#noteIntent(run, request);
    const stop = new AbortController();
    const output = new RecordedOutput(this.#writer, run, startedAt, display, () => stop.abort());
    const result = await this.#kernel.run(
      kernelRequest(request.cell, run, signal ? AbortSignal.any([signal, stop.signal]) : stop.signal),
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

  variables(): Promise<Variable[]> {
    return this.#kernel.variables();
  }

  /** Ends every process of the session. The incident stays: it may be others' too. */
  dispose(): Promise<void> {
    return this.#kernel.dispose();
  }

  get #writer(): Incident['writer'] {
    return this.#context.incident.writer;
  }

  #whyNot({ cell, runnable }: RunbookCell): CellOutcome | undefined {
    if (!this.#context.isTrusted()) {
      return { status: 'refused', message: 'The workspace is not trusted: nothing runs. Trust it first.' };
    }
    if (cell.kind !== 'code' || !cell.executable) {
      return { status: 'unusable', message: `Not run: ${cell.reason ?? 'this cell holds no commands'}.` };
    }
    if (runnable.trim() === '') return { status: 'unusable', message: 'Not run: the cell is empty.' };
    return undefined;
  }

  async #noteRunbook(runbook: Runbook): Promise<void> {
    if (this.#opened.has(runbook.sha256)) return;
    const type = this.#opened.size === 0 ? 'runbook.opened' : 'runbook.amended';
    this.#opened.add(runbook.sha256);
    await this.#writer.append({
      type,
      runbook: runbook.sha256,
      extra: { name: runbook.name, path: runbook.path },
    });
  }

  async #noteIntent(run: string, { runbook, cell }: CellRequest): Promise<void> {
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
      ...(cell.runnable === cell.cell.text ? {} : { resolved: cell.runnable }),
      risk: 'unknown',
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
      durationMs,
      cwd,
      commands: result.commands.map((command) => ({ ...command, pipeline: [...command.pipeline] })),
      notes: [...result.notes],
    });
  }
}

function kernelRequest(found: RunbookCell, run: string, signal: AbortSignal): RunRequest {
  const { attributes, language } = found.cell;
  return {
    text: found.runnable,
    language,
    cellId: run,
    signal,
    ...(attributes.timeoutMs ? { timeoutMs: attributes.timeoutMs } : {}),
    ...(attributes.cwd ? { cwd: attributes.cwd } : {}),
  };
}

function outcomeOf(runId: string, result: RunResult): CellOutcome {
  const took = formatDuration(result.durationMs);
  if (result.refused !== null)
    return { status: 'refused', message: `Refused: ${result.refused}`, runId, result };
  if (result.interrupted)
    return { status: 'interrupted', message: `Interrupted after ${took}.`, runId, result };
  if (result.timedOut)
    return { status: 'timed-out', message: `Stopped at its time limit, after ${took}.`, runId, result };
  if (result.ok) return { status: 'done', message: `Done in ${took}.`, runId, result };
  return { status: 'failed', message: whatFailed(result), runId, result };
}

/** `grep failed (1) on line 3`: each status that was not seen otherwise, since bash goes on after a failure. */
function whatFailed(result: RunResult): string {
  const failed = result.commands.filter((command) => command.failed);
  const told = failed.slice(0, 5).map(({ text, exitCode, line }) => {
    const name = path.basename(text.trim().split(/\s+/, 1)[0] ?? 'a command');
    return `${name} failed (${exitCode}) on line ${line + 1}`;
  });
  if (failed.length > told.length) told.push(`${failed.length - told.length} more failed`);
  if (told.length === 0) {
    told.push(
      result.signal ? `bash was ended by ${result.signal}` : `exit code ${result.exitCode ?? 'unknown'}`,
    );
  }
  return `Failed: ${told.join('; ')}.`;
}

/** The session's folder: the runbook's own. @throws RunbookError for a runbook without a file. */
export function folderOf(runbook: Pick<Runbook, 'path' | 'name'>): string {
  if (path.isAbsolute(runbook.path)) return path.dirname(runbook.path);
  throw new RunbookError({
    code: 'runbook-without-file',
    message: `${runbook.name || 'The runbook'} has no file yet.`,
    mend: 'Save it first.',
  });
}
