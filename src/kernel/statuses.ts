// What became of each command of a cell: from the ERR trap as it happens, and from the report that ends a piece.

import type { BashExit, BashRecord } from './bashProcess.ts';
import { type DriverPaths, tailReport } from './driver.ts';
import { signalNumber } from './signals.ts';
import type { Snapshot } from './snapshot.ts';
import type { CommandStatus, RunEvent } from './types.ts';

/** A complete top-level command, with the lines it stands on, counted from 0 in the run's text. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** False where it may end within a quote or a here-document: nothing can be put after it. */
  readonly complete: boolean;
}

/** A false condition, not a failure: `[ -f x ] && …`, `grep -q …`, `! …`. */
const condition = /^\s*(?:\[\[?\s|test\s|\(\(|!\s|if\s|while\s|until\s|(?:e|f|z)?grep\s+(?:-\w*q|--quiet))/;

export class StatusCollector {
  readonly commands: CommandStatus[] = [];
  readonly #firstLine: number;
  readonly #tell: (event: RunEvent) => void;
  #piece: Piece = { text: '', start: 0, end: 0, complete: true };
  #inner: CommandStatus[] = [];
  #report: number[] | undefined;
  readonly #answered = new Set<CommandStatus>();
  exitCode: number | undefined;

  constructor(firstLine: number, tell: (event: RunEvent) => void) {
    this.#firstLine = firstLine;
    this.#tell = tell;
  }

  get unansweredFailures(): readonly CommandStatus[] {
    const known = [...this.commands, ...this.#inner];
    return known.filter((command) => command.failed && !this.#answered.has(command));
  }

  answered(): void {
    for (const command of this.unansweredFailures) this.#answered.add(command);
  }

  begin(piece: Piece): void {
    this.#piece = piece;
    this.#inner = [];
    this.#report = undefined;
  }

  /**
   * The file that bash sources: blank lines before, so that line numbers are those of the cell. With
   * `passStatus` the file's own status is that of its last command, as a user's ERR trap expects it. */
  textOf(piece: Piece, paths: DriverPaths, passStatus: boolean): string {
    const tail = piece.complete ? `${tailReport(paths, passStatus)}\n` : '';
    return `${'\n'.repeat(piece.start + this.#firstLine)}${piece.text}\n${tail}`;
  }

  record({ tag, fields }: BashRecord): void {
    const texts = fields.map((field) => field.toString());
    if (tag === 'status') {
      const [status, ...stages] = texts.map(Number);
      // bash 3.2 leaves the stages of its ERR trap, which succeeded; a negated command's own differ from its status.
      const ofTrap = stages.length === 1 && stages[0] === 0 && !/^\s*!/m.test(this.#piece.text);
      this.#report = stages.length > 0 && !ofTrap ? stages : [status!];
      this.exitCode = status;
    } else if (tag === 'failure') {
      const [status, line, text, ...stages] = texts;
      if (/^\\?\. \S*\/cell$/.test(text ?? '')) return;
      const command: CommandStatus = {
        line: Math.max(0, Number(line) - 1),
        text: text ?? '',
        exitCode: Number(status),
        pipeline: stages.length > 1 ? stages.map(Number) : [Number(status)],
        failed: true,
      };
      this.#inner.push(command);
      this.#tell({ type: 'failure', command });
    }
  }

  /** The piece is over. False when what follows must not run: it did not parse, or it said `return`. */
  finish(status: number): boolean {
    const complete = this.#report !== undefined;
    if (!complete) this.exitCode = status;
    this.#add(this.exitCode ?? status, this.#report ?? [status]);
    return complete;
  }

  /** bash ended in the middle. */
  ended(exit: BashExit, last: Snapshot | undefined): void {
    this.exitCode =
      exit.code ?? (exit.signal ? 128 + signalNumber(exit.signal) : Number(last?.sections.status ?? 1));
    this.#add(this.exitCode, [this.exitCode]);
  }

  #add(exitCode: number, pipeline: readonly number[]): void {
    const { text, start } = this.#piece;
    const lines = text.split('\n');
    const skipped = lines.findIndex((line) => !/^\s*(?:#|$)/.test(line));
    if (skipped < 0) return;
    const single = lines.filter((line) => !/^\s*(?:#|$)/.test(line)).length === 1;
    const last = this.#inner.at(-1);
    const trapped = last?.exitCode === exitCode;
    // On one line the ERR trap told of the very command that ends the piece (of a pipeline, perhaps twice).
    if (single) while (this.#inner.at(-1)?.exitCode === exitCode) this.#inner.pop();
    this.commands.push(...this.#inner);
    const whole = lines.slice(skipped).join('\n').trimEnd().slice(0, 1000);
    const command: CommandStatus = {
      line: start + skipped + this.#firstLine,
      text: whole,
      exitCode,
      pipeline,
      ...(trapped && last.text !== whole ? { failedPart: last.text } : {}),
      failed: exitCode !== 0 && (trapped || !(exitCode === 1 && condition.test(lines[skipped]!))),
    };
    this.commands.push(command);
    this.#tell({ type: 'command', command });
  }
}
