// A table that names alerts: a row `Alert name | X`, or a column `Alert` with an alert a row, its severity beside it.

import { isHumpedName, normaliseName, splitNames } from '../alertName.ts';
import {
  type AlertDeclaration,
  type AlertMatcher,
  type MatchContext,
  type SeverityWord,
  widenedReach,
} from '../declaration.ts';
import type { OutlineTable } from '../outline/documentOutline.ts';
import { readSeverityWord } from '../severity/readSeverityWord.ts';

const nameCell = /^(alert(\s*name)?s?|alertname)\s*:?$/i;
const severityCell = /^(severity|priority|level)\s*:?$/i;

export const matchTable: AlertMatcher = (context) =>
  context.outline.tables.flatMap((table) =>
    context.inScale(table.line) ? [] : [...keyRows(context, table), ...columns(context, table)],
  );

function keyRows(context: MatchContext, table: OutlineTable): AlertDeclaration[] {
  const rows = [{ line: table.line, cells: table.header }, ...table.rows];
  if (rows.some((row) => row.cells.length !== 2)) return [];
  const row = rows.find(({ cells }) => nameCell.test(cells[0]!) && !severityCell.test(cells[1]!));
  if (!row || (row.line === table.line && table.rows.some(({ cells }) => isHumpedName(cells[0]!)))) return [];
  return declare(context, row.cells[1]!, row.line, undefined);
}

function columns(context: MatchContext, table: OutlineTable): AlertDeclaration[] {
  const nameColumn = table.header.findIndex((text) => nameCell.test(text));
  if (nameColumn < 0) return [];
  const severityColumn = table.header.findIndex((text) => severityCell.test(text));
  return table.rows.flatMap(({ line, cells }) => {
    const word = severityColumn < 0 ? null : readSeverityWord(cells[severityColumn] ?? '');
    const severity = word ? { ...word, via: 'table' as const, line } : undefined;
    return declare(context, cells[nameColumn] ?? '', line, severity);
  });
}

function declare(
  context: MatchContext,
  value: string,
  line: number,
  severity: SeverityWord | undefined,
): AlertDeclaration[] {
  return splitNames(value)
    .filter((name) => isHumpedName(name) || context.known.has(normaliseName(name)))
    .map((name) => ({
      name,
      via: 'table',
      confidence: 0.9,
      line,
      reach: widenedReach(context, line),
      tier: 'declared',
      ...(severity && { severity }),
    }));
}
