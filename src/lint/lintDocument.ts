// What is wrong with a runbook before anybody runs it.

import { declarationsOf } from '../alerts/declarationsOf.ts';
import { outlineOf } from '../alerts/outline/outlineOf.ts';
import { sourceLines } from '../alerts/sourceText.ts';
import type { Problem } from '../base/problem.ts';
import type { RunbookDocument } from '../document/documentCell.ts';
import type { ShellParser } from '../shell/shellParser.ts';
import { lintCellOf } from './lintCell.ts';
import type { LintFiles, LintInput, LintTools } from './lintRule.ts';
import { lintRules } from './rules/lintRules.ts';
import { applySuppressions } from './suppressions.ts';

export interface LintOptions {
  readonly fileName: string;
  readonly parser: ShellParser;
  /** Names of the rules that are known, spelled as they are there. */
  readonly knownAlerts?: readonly string[];
  readonly files?: LintFiles;
  readonly tools?: LintTools;
}

/** All problems in the order of the file, those of the document itself among them, without what the file suppresses. */
export async function lintDocument(doc: RunbookDocument, options: LintOptions): Promise<Problem[]> {
  const input = lintInput(doc, options);
  const found: Problem[] = [...doc.problems];
  for (const rule of lintRules) found.push(...(await rule.check(input)));
  return applySuppressions(input, found).sort(
    (a, b) => a.range.line - b.range.line || a.range.character - b.range.character,
  );
}

export function lintInput(doc: RunbookDocument, options: LintOptions): LintInput {
  const lines = sourceLines(doc);
  const knownAlerts = options.knownAlerts ?? [];
  return {
    doc,
    lines,
    outline: outlineOf(lines),
    told: declarationsOf(doc, options.fileName, { knownAlerts }),
    cells: doc.cells.flatMap((cell, index) =>
      cell.kind === 'code' ? [lintCellOf(cell, index, options.parser)] : [],
    ),
    knownAlerts,
    files: options.files ?? null,
    tools: options.tools ?? null,
  };
}
