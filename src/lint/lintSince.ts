// What a change of a runbook brought: new problems, and cells whose risk it raised.

import type { Problem } from '../base/problem.ts';
import type { RunbookDocument } from '../document/documentCell.ts';
import { compareRisk, type Risk } from '../shell/risk.ts';
import { beyond, countsOf } from './baseline.ts';
import type { LintCell } from './lintCell.ts';
import { type LintOptions, lintDocument, lintInput } from './lintDocument.ts';
import { lineRange, quoted } from './lintRule.ts';

/** `before` is null for a new file. */
export async function lintSince(
  before: RunbookDocument | null,
  after: RunbookDocument,
  options: LintOptions,
): Promise<Problem[]> {
  const now = await lintDocument(after, options);
  const old = before ? await lintDocument(before, options) : [];
  const found = [...beyond(now, countsOf(old)), ...raisedRisks(before, after, options)];
  return found.sort((a, b) => a.range.line - b.range.line || a.range.character - b.range.character);
}

/** Cells of equal text are the same, wherever they went; of the others those under the same headings, in their order. */
function raisedRisks(
  before: RunbookDocument | null,
  after: RunbookDocument,
  options: LintOptions,
): Problem[] {
  const input = lintInput(after, options);
  const old = before ? lintInput(before, options).cells : [];
  const left = [...old];
  const changed = input.cells.filter((cell) => {
    const same = left.findIndex(
      (other) => other.text === cell.text && other.cell.language === cell.cell.language,
    );
    if (same >= 0) left.splice(same, 1);
    return same < 0;
  });
  return changed.flatMap((cell): Problem[] => {
    const key = cell.cell.headings.join('\n');
    const at = left.findIndex((other) => other.cell.headings.join('\n') === key);
    const was = at >= 0 ? left.splice(at, 1)[0] : undefined;
    const risk = riskOf(cell);
    const oldRisk = was ? riskOf(was) : null;
    if (!risk || compareRisk(risk, oldRisk ?? 'secret') <= 0) return [];
    const worst = cell.assessment!.commands.find((command) => command.risk === risk);
    const history = was
      ? `this cell was ${oldRisk ?? 'not run'} and is now ${risk}`
      : `this new cell is ${risk}`;
    return [
      {
        code: 'risk-raised',
        message: `${history}: \`${quoted(worst?.text ?? cell.text)}\`${worst ? ` (${worst.reasons.join(', ')})` : ''}`,
        severity: 'warning',
        range: lineRange(input.lines, cell.cell.textLine + (worst?.line ?? 0)),
      },
    ];
  });
}

function riskOf(cell: LintCell): Risk | null {
  return cell.assessment?.risk ?? null;
}
