// Runs the stages of a cell as one run: in the session, then beside the other cells or in a terminal. What came of
// them is one result.

import { RunbookError } from '../base/runbookError.ts';
import { emptyResult } from '../kernel/results.ts';
import type { Session } from '../kernel/session.ts';
import type { FailurePort, RunRequest, RunResult } from '../kernel/types.ts';
import type { CellDisplay, OpenTerminal } from './cellOutcome.ts';
import type { Held } from './cellParts.ts';
import { type Stage, type Stages, short } from './cellStages.ts';
import type { RecordedOutput } from './recordedOutput.ts';
import { startTerminal } from './recordedTerminal.ts';

export interface StageContext {
  readonly kernel: Session;
  /** Of the whole cell; each stage has its own text. */
  readonly request: RunRequest & { readonly signal: AbortSignal };
  readonly output: RecordedOutput;
  readonly display: CellDisplay;
  readonly failures: FailurePort;
}

export async function runStages({ stages, held }: Stages, context: StageContext): Promise<RunResult> {
  const startedAt = Date.now();
  const { display } = context;
  let whole: RunResult | undefined;
  for (const stage of stages) {
    const refused = whole && (await whyNotOn(whole, stage, context));
    if (refused !== undefined) return { ...whole!, ok: false, refused };
    if (stage.kind !== 'session' && held) offer(held, display);
    const result = await runStage(stage, context);
    whole = whole ? joined(whole, result) : result;
    if (!goesOn(result)) break;
  }
  // Alternatives that ended, and what stands after them.
  if (held && stages.every(({ kind }) => kind === 'session') && goesOn(whole!)) offer(held, display);
  return { ...whole!, startedAt };
}

function offer(held: Held, display: CellDisplay): void {
  display.state?.({ type: 'held', held });
  const what = held.count === 1 ? '1 command' : `${held.count} commands`;
  display.notice(`Held, not run: ${what} after “${short(held.after)}”.`);
}

/** bash goes on after a failed command; not after `exit`, a syntax error or a stop. */
const goesOn = ({ complete, sessionEnded }: RunResult): boolean => complete && !sessionEnded;

/** After a failure the next stage asks first if it changes something. */
async function whyNotOn(
  before: RunResult,
  stage: Stage,
  { request, failures }: StageContext,
): Promise<string | undefined> {
  const failed = before.commands.filter((command) => command.failed);
  const lines = stage.text.split('\n');
  const line = lines.findIndex((text) => text.trim() !== '');
  const changes = request.changes?.some(({ start }) => lines[start]);
  if (failed.length === 0 || !changes) return undefined;
  const next = { line, text: stage.command };
  const answer = await failures
    .ask({ cellId: request.cellId, failures: failed, next }, request.signal)
    .catch(() => ({ goOn: false, reason: 'the question could not be asked' }) as const);
  return answer.goOn ? undefined : answer.reason;
}

function joined(before: RunResult, after: RunResult): RunResult {
  return {
    ...after,
    ok: before.ok && after.ok,
    startedAt: before.startedAt,
    durationMs: before.durationMs + after.durationMs,
    commands: [...before.commands, ...after.commands],
    backgroundPids: [...before.backgroundPids, ...after.backgroundPids],
    outputOpen: before.outputOpen || after.outputOpen,
    notes: [...before.notes, ...after.notes],
  };
}

function runStage(stage: Stage, context: StageContext): Promise<RunResult> {
  const { kernel, request, output, display } = context;
  const { text } = stage;
  if (stage.kind === 'terminal') return runInTerminal(stage, context);
  if (stage.kind === 'session') return kernel.run({ ...request, text }, output);
  display.state?.({ type: 'beside', command: stage.command, why: stage.why ?? '' });
  // What never ends has no time limit but the one that its author gave it.
  return kernel.run({ ...request, text, background: true, timeoutMs: request.timeoutMs ?? 0 }, output);
}

async function runInTerminal(stage: Stage, context: StageContext): Promise<RunResult> {
  const startedAt = Date.now();
  const begin = performance.now();
  const { kernel, display } = context;
  const cwd = await kernel.cwd;
  const nothing: RunResult = { ...emptyResult, startedAt, cwd };
  const needs = `“${short(stage.command)}” needs a terminal (${stage.why}), and there is none here.`;
  if (!display.terminal) {
    return { ...nothing, notStarted: `${needs} Run it in the editor, or in a terminal of your own.` };
  }
  display.notice(`“${short(stage.command)}” runs in a terminal (${stage.why}), and is recorded.`);
  try {
    const { exitCode } = await untilEnded(stage, context);
    const line = stage.text.split('\n').findIndex((text) => text.trim() !== '' && !/^\s*#/.test(text));
    const failed = exitCode !== 0;
    const interrupted = context.request.signal.aborted;
    return {
      ...nothing,
      ok: !failed && !interrupted,
      interrupted,
      exitCode,
      durationMs: performance.now() - begin,
      commands: [{ line, text: stage.command, exitCode, pipeline: [exitCode], failed }],
      complete: !interrupted,
    };
  } catch (error) {
    if (!(error instanceof RunbookError)) throw error;
    return { ...nothing, notStarted: error.mend ? `${error.message} ${error.mend}` : error.message };
  }
}

function untilEnded(
  stage: Stage,
  { kernel, request, output, display }: StageContext,
): Promise<{ readonly exitCode: number }> {
  return new Promise((resolve, reject) => {
    let opened: OpenTerminal | undefined;
    request.signal.addEventListener('abort', () => (opened ? opened.kill() : resolve({ exitCode: 130 })), {
      once: true,
    });
    display.terminal!({
      title: short(stage.command),
      cancel: () => resolve({ exitCode: 130 }),
      open: async (show, size) => {
        try {
          output.divert((_, bytes) => show(bytes));
          opened = await startTerminal(kernel, output, request.cellId, size, stage.text);
          opened.ended.then(resolve, reject);
          if (request.signal.aborted) opened.kill();
          return opened;
        } catch (error) {
          reject(error);
          throw error;
        }
      },
    });
  });
}
