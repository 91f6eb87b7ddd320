// What of a cell runs: its part, one of exclusive alternatives, every value put in, steps that lack one left out.

import { fillPromql } from '../alerts/promql/promqlPlaceholders.ts';
import type { EvidenceWriter } from '../evidence/write/evidenceWriter.ts';
import type { Variable } from '../kernel/types.ts';
import type { Assessment } from '../shell/assess.ts';
import type { ProjectTools } from '../shell/resolve.ts';
import { assessPromql } from './assessPromql.ts';
import type { WrittenFile } from './cellArtifacts.ts';
import { alternativesOf, type CellPart, chooseAlternative, type Held, partText } from './cellParts.ts';
import { type Stages, stagesOf, textOfStages, whole } from './cellStages.ts';
import { fillIn, type LeftOut } from './cellValues.ts';
import type { Questioner } from './question.ts';
import { offerWritten } from './rewrittenName.ts';
import { assessText, isPromql, type RunbookCell } from './runbook.ts';
import { learnValues } from './sessionSecrets.ts';
import type { StepValues, ValuesTold } from './stepValues.ts';

/** What of a cell is run, read for what it would do. */
export interface Planned {
  readonly text: string;
  /** What a person calls it, where it is a part of the cell: the option, the step. */
  readonly title?: string | undefined;
  readonly assessment: Assessment | undefined;
  /** To be set in the session before it runs. */
  readonly variables: Readonly<Record<string, string>>;
  readonly leftOut: readonly LeftOut[];
  /** False where the cell is cut short because nobody gave a value, without anybody choosing it. */
  readonly whole: boolean;
  readonly stages: Stages;
  /** For its intent. */
  readonly told: ValuesTold;
}

export interface PlanContext {
  readonly values: StepValues;
  readonly questioner: Questioner;
  readonly writer: EvidenceWriter;
  readonly projectTools: ProjectTools;
  /** Why an option of the cell can't work here, where a preflight found that. */
  readonly doubtOf?: ((cell: RunbookCell, option: string) => string | undefined) | undefined;
  /** What the session holds. */
  readonly variables: () => Promise<readonly Variable[]>;
  /** Where the cell begins, and what earlier ones wrote. */
  readonly folder: string;
  readonly written: readonly WrittenFile[];
}

/** Why nothing of it runs, or what does. */
export async function planCell(
  run: string,
  { cell, part, query }: { readonly cell: RunbookCell; readonly part?: CellPart; readonly query?: string },
  context: PlanContext,
  signal?: AbortSignal,
): Promise<Planned | string> {
  const { values, questioner } = context;
  if (query !== undefined) return asItStands(query, assessPromql(query));
  const assess = (text: string, more?: Readonly<Record<string, string>>) => read(cell, text, context, more);
  const chosen = await choose(run, cell, part, context, signal);
  if (!chosen) return 'its options are alternatives and none was chosen';
  const { attributes } = cell.cell;
  const isQuery = isPromql(cell);
  const stages = (text: string, read: Assessment | undefined): Stages =>
    isQuery ? whole(text) : stagesOf(text, read, attributes);
  const body = isQuery ? chosen.text : await offerWritten(chosen.text, context, questioner, signal);
  const cut = stages(body, await assess(body));
  const held = both(cut.held, chosen.held, chosen.dropped);
  // What is held is not judged, and needs no value yet.
  const text = textOfStages(cut, body);
  const assessment = await assess(text);
  if (!assessment || assessment.placeholders.length === 0) {
    return { ...asItStands(text, assessment), title: chosen.title, stages: { ...cut, held } };
  }
  const filled = await fillIn(isQuery ? await withHeld(text, context) : text, {
    values,
    questioner,
    assess,
    signal,
    ...(isQuery ? { put: fillPromql } : {}),
  });
  if (!filled.ok) return filled.reason;
  learnValues(context.writer.redactor, values.of(filled.placeholders));
  const refilled = await assess(filled.text, filled.variables);
  return {
    text: filled.text,
    title: chosen.title,
    variables: filled.variables,
    leftOut: filled.leftOut,
    whole: filled.leftOut.length === 0 || filled.chosen,
    stages: { ...stages(filled.text, refilled), held },
    told: await values.told(filled.placeholders),
    assessment: refilled,
  };
}

function asItStands(text: string, assessment: Assessment | undefined): Planned {
  return { text, assessment, variables: {}, leftOut: [], whole: true, stages: whole(text), told: {} };
}

/** A query may name the session's variables, as bash does by itself. */
async function withHeld(text: string, { variables }: PlanContext): Promise<string> {
  const held = (await variables()).flatMap(({ name, value }) => (value ? [[name, value] as const] : []));
  return fillPromql(text, new Map(held)).text;
}

/** Read with what the session holds: a variable that an earlier cell set is known. */
async function read(
  cell: RunbookCell,
  text: string,
  { variables: held, projectTools }: PlanContext,
  more: Readonly<Record<string, string>> = {},
): Promise<Assessment | undefined> {
  const known = (await held()).map(({ name, value }) => [name, value] as const);
  const variables = new Map<string, string | null>([...known, ...Object.entries(more)]);
  return assessText(cell, text, { variables, projectTools });
}

interface Choice {
  readonly text: string;
  readonly title: string | undefined;
  /** Steps that come after the last alternative. */
  readonly held?: Held | undefined;
  readonly dropped: CellPart['without'];
}

async function choose(
  run: string,
  cell: RunbookCell,
  part: CellPart | undefined,
  context: PlanContext,
  signal?: AbortSignal,
): Promise<Choice | undefined> {
  const text = partText(cell.runnable, part);
  const assessment = await read(cell, text, context);
  if (!assessment || alternativesOf(assessment).length === 0) {
    return { text, title: part?.title, dropped: part?.without };
  }
  const title = cell.cell.headings.at(-1) ?? 'Alternatives';
  const doubtOf = (option: string) => context.doubtOf?.(cell, option);
  const chosen = await chooseAlternative(text, assessment, title, context.questioner, signal, doubtOf);
  if (!chosen) return undefined;
  await context.writer.append({
    type: 'cell.choice',
    run,
    cell: { index: cell.index, headings: [...cell.cell.headings] },
    option: chosen.alternative.title,
    ...(chosen.reason ? { extra: { reason: chosen.reason } } : {}),
  });
  return { ...chosen, title: chosen.alternative.title };
}

/** What comes after a command that does not end, and after the alternatives, as one offer. */
function both(
  first: Held | undefined,
  second: Held | undefined,
  dropped: CellPart['without'],
): Held | undefined {
  if (!first) return second;
  const without = dropped ? { without: dropped } : {};
  if (!second) return { ...first, ...without };
  return {
    ...first,
    ...without,
    lines: [first.lines[0], second.lines[1]],
    count: first.count + second.count,
  };
}
