// What is written of a run: the runbook it is of, its intent before it starts, what was left out, its result.

import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { RunResult } from '../kernel/types.ts';
import type { Planned } from './cellPlan.ts';
import type { GuardState } from './consent.ts';
import { targetFields } from './gatekeeper.ts';
import type { Runbook, RunbookCell } from './runbook.ts';

interface CellOfRunbook {
  readonly runbook: Runbook;
  readonly cell: RunbookCell;
}

export class RunEvents {
  readonly #writer: EvidenceWriter;
  readonly #opened = new Set<string>();

  constructor(writer: EvidenceWriter) {
    this.#writer = writer;
  }

  /** Once for each state of the document. */
  async runbook(runbook: Runbook): Promise<void> {
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

  /** `step`: only that one of the cell; all of it otherwise. */
  async skip({ runbook, cell }: CellOfRunbook, reason: string, step?: string): Promise<void> {
    await this.#writer.append({
      type: 'cell.skip',
      cell: { index: cell.index, headings: [...cell.cell.headings] },
      runbook: runbook.sha256,
      reason,
      ...(step === undefined ? {} : { extra: { step } }),
    });
  }

  async intent(
    run: string,
    { runbook, cell }: CellOfRunbook,
    { text, assessment, told }: Planned,
    { target, production }: GuardState,
    cwd: string,
  ): Promise<void> {
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
      cwd,
      alerts: cell.alerts.map((alert) => alert.name),
      ...(cell.severity ? { severity: cell.severity.raw } : {}),
      extra: { name: runbook.name, ...told },
    });
  }

  async result(run: string, result: RunResult): Promise<void> {
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
