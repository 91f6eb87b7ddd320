// A terminal of the session as a run of its own: intent before it opens, output as it comes, result when it ends.

import { randomBytes } from 'node:crypto';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { Session } from '../kernel/session.ts';
import type { TerminalExit } from '../kernel/terminal.ts';
import type { CellDisplay } from './cellOutcome.ts';
import { RecordedOutput } from './recordedOutput.ts';

export interface OpenTerminal {
  readonly run: string;
  write(text: string): void;
  resize(columns: number, rows: number): void;
  kill(): void;
  /** Resolves when the result is in the log. */
  readonly ended: Promise<TerminalExit>;
}

export async function openRecordedTerminal(
  kernel: Session,
  writer: EvidenceWriter,
  display: CellDisplay,
  size: { readonly columns?: number; readonly rows?: number },
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
  const output = new RecordedOutput(writer, run, startedAt, display, () => terminal.kill());
  const terminal = await kernel.openTerminal(output, size);
  const ended = terminal.exited.then(async (exit) => {
    await output.end();
    await writer.append({
      type: 'cell.result',
      run,
      ok: exit.exitCode === 0,
      exitCode: exit.exitCode,
      durationMs: Date.now() - startedAt,
    });
    return exit;
  });
  return {
    run,
    ended,
    write: (text) => terminal.write(text),
    resize: (columns, rows) => terminal.resize(columns, rows),
    kill: () => terminal.kill(),
  };
}
