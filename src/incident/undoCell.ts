// The way back as a cell of its own: it runs through the same guard, gate and evidence as what it takes back.

import type { UndoStep } from '../cluster/undoPlan.ts';
import type { RunbookCell } from './runbook.ts';

export interface UndoWish {
  /** The run that is taken back. */
  readonly run: string;
  readonly steps: readonly Pick<UndoStep, 'title' | 'command'>[];
}

/** `cell` with the undo's commands in place of its own. */
export function undoCell(cell: RunbookCell, { steps }: UndoWish): RunbookCell {
  const text = steps.map(({ title, command }) => `# ${title.replaceAll('\n', ' ')}\n${command}\n`).join('\n');
  const {
    approval: _approval,
    option: _option,
    background: _background,
    ...attributes
  } = cell.cell.attributes;
  const heading = `Take back: ${cell.cell.headings.at(-1) ?? 'a change'}`;
  return {
    ...cell,
    runnable: text,
    cell: { ...cell.cell, text, language: 'bash', attributes, headings: [...cell.cell.headings, heading] },
  };
}
