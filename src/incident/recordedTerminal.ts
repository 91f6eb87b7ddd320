// A terminal of the session as a run of its own: intent before it opens, output as it comes, result when it ends.

import { randomBytes } from 'node:crypto';
import { toError } from '../base/runbookError.ts';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { Session } from '../kernel/session.ts';
import type { CellDisplay, OpenTerminal, TerminalSize } from './cellOutcome.ts';
import { RecordedOutput } from './recordedOutput.ts';

export async function openRecordedTerminal(
  kernel: Session,
  writer: EvidenceWriter,
  show: (bytes: Uint8Array) => void | Promise<void>,
  size: TerminalSize,
): Promise<OpenTerminal> {
  const run = `r-${randomBytes(6).toString('hex')}`;
  const startedAt = Date.now();
  await writer.append({
    type: 'cell.intent',
    run,
    cell: { language: 'terminal' },
    source: 'an interactive shell',
    risk: 'unknown',
    extra: { terminal: true },
  });
  const display: CellDisplay = { output: (_, bytes) => show(bytes), notice: () => {} };
  let terminal: OpenTerminal | undefined;
  const output = new RecordedOutput(writer, run, startedAt, display, () => terminal?.kill());
  const result = (told: { ok: boolean; exitCode?: number; notes?: string[] }) =>
    writer.append({ type: 'cell.result', run, ...told, durationMs: Date.now() - startedAt });
  try {
    terminal = await startTerminal(kernel, output, run, size);
  } catch (error) {
    // Without an end it would be told as running for good.
    await result({ ok: false, notes: [`It did not open: ${toError(error).message}`] });
    throw error;
  }
  if (output.failure) terminal.kill();
  const ended = terminal.ended.then(async (exit) => {
    await result({ ok: exit.exitCode === 0, exitCode: exit.exitCode });
    return exit;
  });
  return { ...terminal, ended };
}

/** @param command bash source; default: an interactive shell. Its end is the end of `output`. */
export async function startTerminal(
  kernel: Session,
  output: RecordedOutput,
  runId: string,
  size: TerminalSize,
  command?: string,
): Promise<OpenTerminal> {
  const options = { ...size, runId, ...(command === undefined ? {} : { command }) };
  const terminal = await kernel.openTerminal(output, options);
  const ended = terminal.exited.then(async (exit) => {
    await output.end();
    if (output.failure) throw output.failure;
    return exit;
  });
  return {
    ended,
    write: (text) => terminal.write(text),
    resize: (columns, rows) => terminal.resize(columns, rows),
    // A shell heeds the hang-up, most programs too; what heeds nothing is killed 4 s later.
    kill: () => {
      terminal.kill();
      void kernel.stopProcesses([terminal.pid]);
    },
  };
}
