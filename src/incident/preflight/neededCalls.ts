// What the cells of a runbook call, read from their syntax trees before anything runs: each call with its words as far
// as they are known, and its place.

import { oneLine } from '../../base/oneLine.ts';
import { type LintCell, lintCellOf } from '../../lint/lintCell.ts';
import { type AssessedCommand, assess } from '../../shell/assess.ts';
import type { ShellParser } from '../../shell/shellParser.ts';
import { unknownPart } from '../../shell/word.ts';
import type { Runbook } from '../runbook.ts';
import type { Where } from './preflightReport.ts';

export interface NeededCall {
  readonly name: string;
  /** Without the tool's name; null for a word that is known only at run time. */
  readonly words: readonly (string | null)[];
  /** As written. */
  readonly text: string;
  readonly where: Where;
}

export interface NeededCommand {
  readonly command: AssessedCommand;
  readonly where: Where;
}

/** A value that a cell leaves open, or a variable that nothing before it sets. */
export interface NeededValue {
  readonly text: string;
  readonly name: string;
  readonly isVariable: boolean;
  readonly cellText: string;
  readonly start: number;
  readonly end: number;
  readonly where: Where;
}

export interface Needs {
  readonly calls: readonly NeededCall[];
  readonly commands: readonly NeededCommand[];
  readonly values: readonly NeededValue[];
  /** Names of the functions and aliases that the cells define. */
  readonly defined: ReadonlySet<string>;
  /** What the cells write by themselves: no file that has to be there before. */
  readonly written: ReadonlySet<string>;
  whereOfLine(line: number): Where;
}

/** @param environment names that are set before the first cell runs. */
export function needsOf(runbook: Runbook, parser: ShellParser, environment: ReadonlySet<string>): Needs {
  const calls: NeededCall[] = [];
  const commands: NeededCommand[] = [];
  const values: NeededValue[] = [];
  const defined = new Set<string>();
  const written = new Set<string>();
  const held = new Map<string, string | null>([...environment].map((name) => [name, null]));
  const cells = runbook.cells.flatMap(({ cell, index, runnable }) =>
    runnable === '' ? [] : [lintCellOf(cell, index, parser)],
  );
  for (const cell of cells) {
    if (!cell.assessment) continue;
    // Read again with what the cells before it set, so that only what is really open is told.
    const assessment = assess(parser, cell.text, { variables: held });
    for (const call of cell.calls) calls.push(neededCall(cell, call));
    for (const command of assessment.commands) {
      commands.push({ command, where: whereIn(cell, command.line) });
      for (const file of command.writes) written.add(plainPath(file));
    }
    for (const { name, text, form, start, end, line } of assessment.placeholders)
      values.push({
        name,
        text,
        isVariable: form === 'variable',
        cellText: cell.text,
        start,
        end,
        where: whereIn(cell, line),
      });
    for (const name of assessment.assignedVariables) held.set(name, null);
    for (const match of cell.text.matchAll(functionOrAlias)) defined.add(match[1] ?? match[2]!);
  }
  return {
    calls,
    commands,
    values,
    defined,
    written,
    whereOfLine: (line) => {
      const cell = cells.findLast((one) => one.cell.lines[0] <= line);
      return cell ? whereIn(cell, line - cell.cell.textLine) : { cell: 0, line, option: null };
    },
  };
}

const functionOrAlias = /(?:^|[\s;])(?:function\s+)?([\w-]+)\s*\(\)|\balias\s+([\w-]+)=/g;

export function plainPath(file: string): string {
  return file.replace(/^(\.\/)+/, '');
}

function neededCall(cell: LintCell, call: LintCell['calls'][number]): NeededCall {
  const open = cell.assessment!.placeholders;
  const line = cell.text.slice(0, call.start).split('\n').length - 1;
  return {
    name: call.name,
    words: call.words.map(({ value, start, end }) => {
      const isOpen = open.some((one) => one.start < end && start < one.end);
      return isOpen || value.includes(unknownPart) ? null : value;
    }),
    text: oneLine(cell.text.slice(call.start, call.end).replace(/\\\n/g, ' '), 120),
    where: whereIn(cell, line),
  };
}

function whereIn({ cell, index, assessment }: LintCell, line: number): Where {
  const step = assessment?.steps.find(({ lines: [start, end] }) => line >= start && line < end);
  const options = new Set(assessment?.steps.flatMap(({ option }) => option ?? []));
  // Its first step names the option; a step between two options belongs to the one above.
  const head =
    step?.option != null && options.size > 1
      ? assessment!.steps.find(({ option }) => option === step.option)!.title
      : null;
  return { cell: index, line: cell.textLine + Math.max(0, line), option: head };
}
