// What stands under a cell for as long as it lasts: a countdown, that it runs beside the others or has been silent,
// what of it is held and can be run, and what it left running.

import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { formatDuration } from '../base/duration.ts';
import { Emitter } from '../base/emitter.ts';
import type { RunState } from '../incident/cellOutcome.ts';
import type { Held } from '../incident/cellParts.ts';
import { short } from '../incident/cellStages.ts';
import { notebookType } from './openAs.ts';

interface Mark {
  beside?: { readonly command: string; readonly why: string };
  sleep?: { readonly untilMs: number; readonly totalMs: number };
  /** Epoch milliseconds of the last output. */
  silentSince?: number;
  held?: Held;
  jobs?: readonly number[];
}

const tickMs = 1000;

export class RunMarks implements vscode.NotebookCellStatusBarItemProvider, Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = new Emitter<void>();
  readonly onDidChangeCellStatusBarItems = this.#changed.event as vscode.Event<void>;
  readonly #marks = new Map<vscode.NotebookCell, Mark>();
  readonly #anyLives: (cell: vscode.NotebookCell, pids: readonly number[]) => boolean;
  #timer: NodeJS.Timeout | undefined;

  /** @param anyLives whether a cell's processes are still there. */
  constructor(anyLives: (cell: vscode.NotebookCell, pids: readonly number[]) => boolean) {
    this.#anyLives = anyLives;
    this.#store.add(this.#changed);
    this.#store.add(vscode.notebooks.registerNotebookCellStatusBarItemProvider(notebookType, this));
    this.#store.add(
      vscode.workspace.onDidCloseNotebookDocument((notebook) => {
        for (const cell of this.#marks.keys()) if (cell.notebook === notebook) this.#marks.delete(cell);
      }),
    );
  }

  /** A run of the whole cell starts: what an earlier one left to do is no longer offered. */
  begin(cell: vscode.NotebookCell): void {
    const jobs = this.#marks.get(cell)?.jobs;
    this.#set(cell, jobs ? { jobs } : {});
  }

  /** Another cell was put in its place while it runs. */
  move(from: vscode.NotebookCell, to: vscode.NotebookCell): void {
    const mark = this.#marks.get(from);
    this.#marks.delete(from);
    if (mark) this.#set(to, mark);
  }

  state(cell: vscode.NotebookCell, state: RunState): void {
    const mark = { ...this.#marks.get(cell) };
    if (state.type === 'beside') mark.beside = state;
    else if (state.type === 'sleep') mark.sleep = state;
    else if (state.type === 'awake') delete mark.sleep;
    else if (state.type === 'silence') mark.silentSince = Date.now() - state.silentMs;
    else if (state.type === 'held') mark.held = state.held;
    else mark.jobs = [...(mark.jobs ?? []), ...state.pids];
    this.#set(cell, mark);
  }

  /** Output came. */
  heard(cell: vscode.NotebookCell): void {
    const mark = this.#marks.get(cell);
    if (mark?.silentSince === undefined) return;
    const { silentSince: _, ...rest } = mark;
    this.#set(cell, rest);
  }

  /** Nothing of the cell runs any more, but for the jobs that it left. */
  end(cell: vscode.NotebookCell): void {
    const { held, jobs } = this.#marks.get(cell) ?? {};
    this.#set(cell, { ...(held ? { held } : {}), ...(jobs ? { jobs } : {}) });
  }

  /** What is held of the cell; it is no longer. */
  takeHeld(cell: vscode.NotebookCell): Held | undefined {
    const { held, ...rest } = this.#marks.get(cell) ?? {};
    if (held) this.#set(cell, rest);
    return held;
  }

  holds(cell: vscode.NotebookCell): boolean {
    return this.#marks.get(cell)?.held !== undefined;
  }

  jobsOf(cell: vscode.NotebookCell): readonly number[] {
    return this.#marks.get(cell)?.jobs ?? [];
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    const mark = this.#marks.get(cell);
    return mark ? itemsOf(mark) : [];
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#store.dispose();
  }

  #set(cell: vscode.NotebookCell, mark: Mark): void {
    if (Object.keys(mark).length === 0) this.#marks.delete(cell);
    else this.#marks.set(cell, mark);
    const ticks = [...this.#marks.values()].some(
      ({ sleep, silentSince, jobs }) => sleep || silentSince !== undefined || jobs,
    );
    if (ticks) this.#timer ??= setInterval(() => this.#tick(), tickMs);
    else this.#timer = void clearInterval(this.#timer);
    this.#changed.fire();
  }

  #tick(): void {
    for (const [cell, { jobs, ...rest }] of this.#marks) {
      if (jobs && !this.#anyLives(cell, jobs)) this.#set(cell, rest);
    }
    this.#changed.fire();
  }
}

function itemsOf({ beside, sleep, silentSince, held, jobs }: Mark): vscode.NotebookCellStatusBarItem[] {
  const items: vscode.NotebookCellStatusBarItem[] = [];
  const add = (text: string, tooltip: string, command?: string): void => {
    const item = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left);
    item.tooltip = tooltip;
    if (command) item.command = command;
    item.accessibilityInformation = { label: text.replace(/\$\([^)]*\)\s*/g, ''), role: 'button' };
    item.priority = 200 - items.length;
    items.push(item);
  };
  if (held) {
    const what = held.count === 1 ? '1 command' : `${held.count} commands`;
    add(
      `$(debug-continue) Run what follows (${what})`,
      `Held, since they come after “${short(held.after)}”: lines ${held.lines[0] + 1} to ${held.lines[1]} of this cell.`,
      'runbook.runHeld',
    );
  }
  if (beside) {
    add(
      '$(split-horizontal) beside the others',
      `“${short(beside.command)}” does not end by itself: ${beside.why}.\nIt runs beside the other cells until it is stopped with the cell's Stop, or the notebook or the incident is closed.`,
    );
  }
  if (sleep)
    add(`$(watch) ${left(sleep.untilMs)} left`, `It waits ${formatDuration(sleep.totalMs)} in a sleep.`);
  if (silentSince !== undefined) {
    add(
      `$(clock) no output for ${formatDuration(Math.floor((Date.now() - silentSince) / 1000) * 1000)}`,
      'It still runs; nothing was stopped.',
    );
  }
  if (jobs) {
    add(
      `$(server-process) ${jobs.length === 1 ? '1 process' : `${jobs.length} processes`} in the background · Stop`,
      `The cell has ended, what it started has not (process ${jobs.join(', ')}). Click to stop it.`,
      'runbook.stopJobs',
    );
  }
  return items;
}

/** `4:05`, `1:00:00`. */
function left(untilMs: number): string {
  const seconds = Math.max(0, Math.ceil((untilMs - Date.now()) / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number: number): string => String(number).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
