// Values for what a runbook's author left open, judged a step and not a cell: a step whose value nobody gives is
// left out, and the steps that don't need it run. A value is put in so that it can never become code.

import type { Assessment } from '../shell/assess.ts';
import type { Placeholder } from '../shell/placeholders.ts';
import type { Step } from '../shell/steps.ts';
import { substitute } from '../shell/substitute.ts';
import { keepLines } from './cellParts.ts';
import type { Questioner, ValuesGiven } from './question.ts';
import type { StepValues } from './stepValues.ts';

export interface LeftOut {
  /** The step's title. */
  readonly step: string;
  /** What it lacks. */
  readonly reason: string;
}

export type Filled =
  | {
      readonly ok: true;
      readonly text: string;
      /** Unset variables that the text takes as given, to be set in the session. */
      readonly variables: Readonly<Record<string, string>>;
      readonly placeholders: readonly Placeholder[];
      readonly leftOut: readonly LeftOut[];
      /** Somebody chose to leave them out; else the cell is not done when its first steps are. */
      readonly chosen: boolean;
    }
  | { readonly ok: false; readonly reason: string };

export interface Filling {
  readonly values: StepValues;
  readonly questioner: Questioner;
  readonly assess: (text: string) => Promise<Assessment | undefined>;
  readonly signal?: AbortSignal | undefined;
  /** How values are put into the cell's language; bash's way unless told. */
  readonly put?: (
    text: string,
    values: ReadonlyMap<string, string>,
  ) => {
    readonly text: string;
    readonly refused: readonly {
      readonly placeholder: Pick<Placeholder, 'name' | 'text'>;
      readonly why: string;
    }[];
  };
}

/** How often a value that can't stand where it should is asked for again. */
const mostTries = 3;

/** Asks at once for all that the text leaves open, leaves out the steps that stay open, and puts the rest in. */
export async function fillIn(text: string, filling: Filling): Promise<Filled> {
  const { values, assess, put: putInto = substitute } = filling;
  const leftOut: LeftOut[] = [];
  let chosen = true;
  let body = text;
  let notes = new Map<string, string>();
  for (let tries = 0; ; tries++) {
    const assessment = await assess(body);
    const placeholders = assessment?.placeholders ?? [];
    const done = (filled: string, variables = {}): Filled => ({
      ok: true,
      text: filled,
      variables,
      placeholders,
      leftOut,
      chosen,
    });
    if (!assessment || placeholders.length === 0) return done(body);
    for (const [name, why] of await values.check(placeholders, body)) notes.set(name, why);
    const given = await askFor(assessment, body, notes, filling);
    const open = openOf(assessment, values);
    if (given?.missing === 'cancel') return { ok: false, reason: lacking(open, notes, 'was given no value') };
    if (open.length > 0) {
      if (given?.missing !== 'skip') chosen = false;
      const rest = withoutSteps(body, assessment.steps, open, { chosen, notes });
      leftOut.push(...rest.leftOut);
      if (rest.text.trim() === '' || !hasCommands(await assess(rest.text)))
        return { ok: false, reason: lacking(open, notes) };
      body = rest.text;
      continue;
    }
    const used = values.of(placeholders);
    const put = putInto(body, used);
    if (put.refused.length === 0) {
      const variables = placeholders.filter(({ form }) => form === 'variable');
      const set = values.of(variables);
      return done(put.text, Object.fromEntries(set));
    }
    notes = new Map();
    for (const { placeholder, why } of put.refused) {
      notes.set(placeholder.name, `${used.get(placeholder.name)} can't stand there: ${why}`);
      values.forget(placeholder.name);
    }
    if (tries >= mostTries) return { ok: false, reason: [...notes.values()].join('; ') };
  }
}

async function askFor(
  assessment: Assessment,
  text: string,
  notes: ReadonlyMap<string, string>,
  { values, questioner, signal }: Filling,
): Promise<ValuesGiven | undefined> {
  const open = openOf(assessment, values);
  if (open.length === 0) return undefined;
  const requests = await values.requests(open, text, notes, signal);
  const told = requests.map((request) => ({ ...request, steps: stepsNeeding(request.name, assessment) }));
  const given = await questioner.askValues(told, signal);
  for (const [name, value] of given.values) if (value !== '') await values.keep(name, value);
  return given;
}

function openOf({ placeholders }: Assessment, values: StepValues): Placeholder[] {
  return placeholders.filter(({ name }) => !values.has(name));
}

function stepsNeeding(name: string, { placeholders, steps }: Assessment): string[] {
  const lines = placeholders.filter((one) => one.name === name).map(({ line }) => line);
  return steps.filter((step) => lines.some((line) => holds(step, line))).map(({ title }) => title);
}

const holds = ({ lines: [start, end] }: Step, line: number): boolean => line >= start && line < end;

/** Chosen: without the steps that lack something. Else also without all that comes after the first of them. */
function withoutSteps(
  text: string,
  steps: readonly Step[],
  open: readonly Placeholder[],
  { chosen, notes }: { readonly chosen: boolean; readonly notes: ReadonlyMap<string, string> },
): { text: string; leftOut: LeftOut[] } {
  const lacks = (step: Step): Placeholder[] => open.filter(({ line }) => holds(step, line));
  const first = steps.findIndex((step) => lacks(step).length > 0);
  // A placeholder that stands in no step can't be left out: nothing is kept.
  if (open.some(({ line }) => !steps.some((step) => holds(step, line)))) return { text: '', leftOut: [] };
  const dropped = steps.filter((step, index) => lacks(step).length > 0 || (!chosen && index > first));
  return {
    text: keepLines(text, (line) => !dropped.some((step) => holds(step, line))),
    leftOut: dropped.map((step) => ({
      step: step.title,
      reason: lacks(step).length > 0 ? lacking(lacks(step), notes) : 'a step above it was not run',
    })),
  };
}

function hasCommands(assessment: Assessment | undefined): boolean {
  return (assessment?.commands.length ?? 0) > 0;
}

/** @param otherwise where nothing else is known of it: by default for those who could not be asked. */
function lacking(
  open: readonly Placeholder[],
  notes: ReadonlyMap<string, string>,
  otherwise = 'has no value yet (--var NAME=VALUE, or answer when asked)',
): string {
  const told = [...new Set(open.flatMap(({ name }) => notes.get(name) ?? []))];
  if (told.length > 0) return told.join('; ');
  return `${named(open)} ${otherwise}`;
}

function named(open: readonly Placeholder[]): string {
  return [...new Set(open.map((one) => one.text))].join(', ');
}
