// What is written of a run: the runbook it is of, its intent before it starts, what was left out, its result.

import { printDocument } from '../document/printDocument.ts';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { RunResult } from '../kernel/types.ts';
import type { Undo } from './beforeChange.ts';
import type { Planned } from './cellPlan.ts';
import type { GuardState } from './consent.ts';
import { actingOn } from './gatekeeper.ts';
import { jobsTold } from './leftJobs.ts';
import type { Runbook, RunbookCell } from './runbook.ts';
import type { UndoWish } from './undoCell.ts';

interface CellOfRunbook {
  readonly runbook: Runbook;
  readonly cell: RunbookCell;
  readonly undo?: UndoWish;
}

export class RunEvents {
  readonly #writer: EvidenceWriter;
  /** By the document's hash: how the log names it. */
  readonly #opened = new Map<string, string>();

  constructor(writer: EvidenceWriter) {
    this.#writer = writer;
  }

  /** Once for each state of the document: its text, credentials cut out. */
  async runbook(runbook: Runbook): Promise<void> {
    if (this.#opened.has(runbook.sha256)) return;
    const first = this.#opened.size === 0;
    const text = Buffer.from(printDocument(runbook.document)).toString('utf8');
    const { blob, cuts } = await this.#writer.putText(text);
    // A digest of uncut bytes would let anybody try short passwords against it.
    const named = cuts.length === 0 ? runbook.sha256 : blob.sha256;
    this.#opened.set(runbook.sha256, named);
    const extra = { name: runbook.name, path: runbook.path, ...(cuts.length > 0 ? { cuts } : {}) };
    const common = { runbook: named, blob, extra };
    await this.#writer.append(
      first
        ? { type: 'runbook.opened', title: runbook.name, ...common }
        : { type: 'runbook.amended', ...common },
    );
  }

  #named(runbook: Runbook): string {
    return this.#opened.get(runbook.sha256) ?? runbook.sha256;
  }

  /** `step`: only that one of the cell; all of it otherwise. */
  async skip({ runbook, cell }: CellOfRunbook, reason: string, step?: string): Promise<void> {
    await this.#writer.append({
      type: 'cell.skip',
      cell: { index: cell.index, headings: [...cell.cell.headings] },
      runbook: this.#named(runbook),
      reason,
      ...(step === undefined ? {} : { extra: { step } }),
    });
  }

  async intent(
    run: string,
    { runbook, cell, undo }: CellOfRunbook,
    { text, assessment, told }: Planned,
    { target, production }: GuardState,
    cwd: string,
  ): Promise<void> {
    await this.#writer.append({
      type: 'cell.intent',
      run,
      runbook: this.#named(runbook),
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
      ...(target ? { target: actingOn(target, production) } : {}),
      cwd,
      alerts: cell.alerts.map((alert) => alert.name),
      ...(cell.severity ? { severity: cell.severity.raw } : {}),
      extra: { name: runbook.name, ...told, ...(undo ? { undoOf: undo.run } : {}) },
    });
  }

  async result(run: string, result: RunResult, undo?: Undo, revertWithinMs?: number): Promise<void> {
    const { ok, exitCode, signal, interrupted, timedOut, sessionEnded, durationMs, cwd } = result;
    const extra = {
      ...(undo ? undoTold(undo) : {}),
      ...(revertWithinMs ? { revertWithinMs } : {}),
      ...jobsTold(result.backgroundPids),
    };
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
      ...(Object.keys(extra).length > 0 ? { extra } : {}),
    });
  }
}

/** For whoever comes later: the way back, as commands. */
function undoTold({ steps, notes }: Undo): object {
  return { undo: steps.map(({ title, command }) => ({ title, command })), undoNotes: [...notes] };
}
