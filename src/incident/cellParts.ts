// Which lines of a cell run: all, one step, a selection, or one of its exclusive alternatives. Lines that do not
// run are blank, so that line numbers stay those of the cell.

import type { Assessment } from '../shell/assess.ts';
import { cuesOfStep, demandOf } from '../shell/cues.ts';
import { highestRisk } from '../shell/risk.ts';
import type { OptionFacts, Questioner } from './question.ts';

/** `[start, end)` lines of the cell's text, from 0. */
export interface CellPart {
  readonly lines: readonly [number, number];
  /** Lines inside that are left out. */
  readonly without?: readonly (readonly [number, number])[];
  /** What a person calls it: the step's title. */
  readonly title: string;
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
  const isIn = (line: number, [start, end]: readonly [number, number]): boolean =>
    line >= start && line < end;
  return keepLines(
    text,
    (line) => isIn(line, part.lines) && !part.without?.some((range) => isIn(line, range)),
  );
}

/** The step that a line stands in; undefined for a line between steps. */
export function stepAt(assessment: Assessment, line: number): CellPart | undefined {
  const step = assessment.steps.find(({ lines: [start, end] }) => line >= start && line < end);
  return step && { lines: step.lines, title: step.title };
}

/** What of a cell was not run, and is offered. */
export interface Held extends CellPart {
  /** How many commands, or steps, it has. */
  readonly count: number;
  /** What it comes after. */
  readonly after: string;
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
  /** Lines of the alternatives that were not chosen. */
  readonly dropped: readonly (readonly [number, number])[];
  /** Steps after the last alternative, such as "Verify rollout": offered when the chosen one has run. */
  readonly held: Held | undefined;
}

/**
 * Asks which alternative to run. The text keeps the chosen one's steps and those before the first alternative.
 * undefined where nobody chose.
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
  const facts = alternatives.map((one) => [one.title, factsOf(one, assessment, doubtOf)] as const);
  const choice = await questioner.chooseOption(
    title,
    alternatives.map((alternative) => alternative.title),
    signal,
    new Map(facts),
  );
  const alternative = alternatives.find((one) => one.title === choice?.option);
  if (!choice || !alternative) return undefined;
  const { steps } = assessment;
  const dropped = steps
    .filter(({ option }) => option !== null && option !== alternative.option)
    .map(({ lines }) => lines);
  const last = steps.findLastIndex(({ option }) => option !== null);
  const after = steps.slice(last + 1);
  const away = [...dropped, ...after.map(({ lines }) => lines)];
  const kept = keepLines(text, (line) => !away.some(([start, end]) => line >= start && line < end));
  const held: Held | undefined =
    after.length === 0
      ? undefined
      : {
          lines: [after[0]!.lines[0], after.at(-1)!.lines[1]],
          title: after.map((step) => step.title).join(', '),
          after: alternative.title,
          count: after.length,
        };
  return { text: kept, alternative, dropped, held, ...(choice.reason ? { reason: choice.reason } : {}) };
}

function factsOf(
  { option, title }: Alternative,
  { steps, commands }: Assessment,
  doubtOf?: (option: string) => string | undefined,
): OptionFacts {
  const own = steps.filter((step) => step.option === option);
  const isOwn = ({ line, parent }: Assessment['commands'][number]): boolean =>
    parent === null && own.some(({ lines: [start, end] }) => line >= start && line < end);
  const found = commands.filter(isOwn);
  const risk = highestRisk(found.map((command) => command.risk));
  const doubt = doubtOf?.(title) ?? found.find(({ fails }) => fails !== null)?.fails;
  return {
    risk,
    commands: found.map(({ text }) => text.replace(/\\\n/g, ' ').replace(/\s+/g, ' ')),
    grave: risk === 'destroy' || own.some((step) => demandOf(cuesOfStep(step, steps)) !== undefined),
    ...(doubt ? { doubt } : {}),
  };
}
