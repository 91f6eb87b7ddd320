// The answer of `runbook explain --json`, and the parts of `runbook cells --json` that the shell tells.

import type { AssessedCommand, Assessment } from './assess.ts';
import type { Risk } from './risk.ts';

export interface ExplainedCommand {
  readonly text: string;
  /** From 0. */
  readonly line: number;
  readonly tool: string;
  readonly verb: string | null;
  readonly risk: Risk;
  readonly reasons: readonly string[];
  readonly where: string;
  readonly target: { readonly context: string | null; readonly namespace: string | null };
}

export interface Explanation {
  readonly risk: Risk;
  readonly commands: readonly ExplainedCommand[];
}

export function explain(assessment: Assessment): Explanation {
  return { risk: assessment.risk, commands: assessment.commands.map(explainCommand) };
}

function explainCommand(command: AssessedCommand): ExplainedCommand {
  const { text, line, tool, verb, risk, reasons, where, target } = command;
  const notes = [
    ...command.ungated.map((gap) => `not seen by the gate: ${gap}`),
    ...(command.blocking ? [`does not end by itself: ${command.blocking}`] : []),
    ...(command.interactive ? [`needs a terminal: ${command.interactive}`] : []),
  ];
  return {
    text,
    line,
    tool,
    verb,
    risk,
    reasons: [...reasons, ...notes],
    where,
    target: { context: target.context, namespace: target.namespace },
  };
}

/** `steps` and `placeholders` of one cell, as `runbook cells --json` prints them; `firstLine` is the text's in the file. */
export function describeCell(assessment: Assessment, firstLine = 0) {
  return {
    risk: assessment.risk,
    steps: assessment.steps.map(({ title, lines: [start, end], option }) => ({
      title,
      lines: [firstLine + start, firstLine + end],
      option,
    })),
    placeholders: assessment.placeholders.map(({ text, name }) => ({ text, name })),
  };
}
