// Which lines of a cell run: all, one step, a selection, or one of its exclusive alternatives. Lines that do not
// run are blank, so that line numbers stay those of the cell.

import type { Assessment } from '../shell/assess.ts';
import { cuesOfStep, demandOf } from '../shell/cues.ts';
import type { Questioner } from './question.ts';
import { assessCell, type RunbookCell } from './runbook.ts';

/** `[start, end)` lines of the cell's text, from 0. */
export interface CellPart {
  readonly lines: readonly [number, number];
  /** What a person calls it: the step's title. */
  readonly title: string;
}

/**
 * Whether the cell runs beside the others: its author says so, or a command in it does not end by itself, such as
 * `port-forward` or `logs -f`. What follows that command in the cell waits for it.
 */
export async function runsBeside(cell: RunbookCell): Promise<boolean> {
  if (cell.cell.attributes.background !== undefined) return cell.cell.attributes.background;
  const assessment = await assessCell(cell);
  return assessment?.commands.some((command) => command.blocking !== null && !command.background) ?? false;
}

/** The text with only these lines. */
export function keepLines(text: string, keep: (line: number) => boolean): string {
  return text
    .split('\n')
    .map((line, index) => (keep(index) ? line : ''))
    .join('\n');
}

export function partText(text: string, part: CellPart | undefined): string {
  if (!part) return text;
  const [start, end] = part.lines;
  return keepLines(text, (line) => line >= start && line < end);
}

/** The step that a line stands in; undefined for a line between steps. */
export function stepAt(assessment: Assessment, line: number): CellPart | undefined {
  const step = assessment.steps.find(({ lines: [start, end] }) => line >= start && line < end);
  return step && { lines: step.lines, title: step.title };
}

export interface Alternative {
  /** `A`. */
  readonly option: string;
  readonly title: string;
}

/** The exclusive alternatives of a cell; fewer than two are none. */
export function alternativesOf(assessment: Assessment): Alternative[] {
  const found = new Map<string, Alternative>();
  for (const { option, title } of assessment.steps) {
    if (option !== null && !found.has(option)) found.set(option, { option, title });
  }
  return found.size > 1 ? [...found.values()] : [];
}

export interface Chosen {
  readonly text: string;
  readonly alternative: Alternative;
  readonly reason?: string;
}

/**
 * Asks which alternative to run. The text keeps the chosen one's steps and those that belong to none, such as a
 * last "Verify rollout". undefined where nobody chose.
 */
export async function chooseAlternative(
  text: string,
  assessment: Assessment,
  title: string,
  questioner: Questioner,
  signal?: AbortSignal,
  doubtOf?: (option: string) => string | undefined,
): Promise<Chosen | undefined> {
  const alternatives = alternativesOf(assessment);
  const doubts = alternatives.flatMap(({ title: option }): [string, string][] => {
    const doubt = doubtOf?.(option);
    return doubt ? [[option, doubt]] : [];
  });
  const choice = await questioner.chooseOption(
    title,
    alternatives.map((alternative) => alternative.title),
    signal,
    new Map(doubts),
  );
  const alternative = alternatives.find((one) => one.title === choice?.option);
  if (!choice || !alternative) return undefined;
  const dropped = assessment.steps.filter(({ option }) => option !== null && option !== alternative.option);
  const kept = keepLines(
    text,
    (line) => !dropped.some(({ lines: [start, end] }) => line >= start && line < end),
  );
  return { text: kept, alternative, ...(choice.reason ? { reason: choice.reason } : {}) };
}

/** What the document says near a command that raises what is asked: the step's own words, quoted. */
export function demandNear(line: number, steps: Assessment['steps']): string | undefined {
  const step = steps.find(({ lines: [start, end] }) => line >= start && line < end);
  return step && demandOf(cuesOfStep(step, steps));
}
