// A scale laid down by a table whose rows are levels, one column naming them and others telling of them.

import { type DocumentOutline, headingAt, type OutlineTable } from '../outline/documentOutline.ts';
import { type DetailKind, detailKind } from './levelDetails.ts';
import { type LevelHead, readLevelHead } from './levelHead.ts';
import { isScale, type LevelDraft, type ScaleDraft } from './scaleDraft.ts';

const levelColumn = /\b(severity|sev|priority|level|urgency|class|classification|tier)\b/i;

export function tableScales(outline: DocumentOutline): ScaleDraft[] {
  return outline.tables.flatMap((table) => {
    const name = headingAt(outline, table.line)?.text ?? 'Severity';
    const draft = readTable(table, name);
    return draft ? [draft] : [];
  });
}

function readTable(table: OutlineTable, name: string): ScaleDraft | null {
  const column = Math.max(
    table.header.findIndex((text) => levelColumn.test(text)),
    0,
  );
  const kinds = table.header.map((text, index) => (index === column ? null : detailKind(text)));
  if (!levelColumn.test(table.header[column] ?? '') && !kinds.includes('response')) return null;
  const nameColumn = table.header.findIndex(
    (text, index) => index !== column && /^(name|label|title|severity|level)$/i.test(text.trim()),
  );
  const levels: LevelDraft[] = [];
  for (const row of table.rows) {
    const head = readHead(row.cells[column] ?? '', nameColumn < 0 ? null : (row.cells[nameColumn] ?? null));
    if (!head) return null;
    levels.push({ head, line: row.line, details: rowDetails(row.cells, kinds) });
  }
  // Words alone are a scale only where the table tells what they mean; else it is a list of alerts with severities.
  if (!isScale(levels) || (levels[0]!.head.family === 'WORD' && kinds.every((kind) => kind === null)))
    return null;
  return { name, line: table.line, endLine: table.rows.at(-1)!.line + 1, levels };
}

/** The level's cell; a bare number counts here, the column having said what it is. */
function readHead(cell: string, label: string | null): LevelHead | null {
  const head = readLevelHead(/^\d$/.test(cell.trim()) ? `Severity ${cell.trim()}` : cell);
  if (!head) return null;
  const raw = /^\d$/.test(cell.trim()) ? cell.trim() : head.raw;
  return { ...head, raw, label: head.label ?? (label || null) };
}

function rowDetails(cells: readonly string[], kinds: readonly (DetailKind | null)[]): LevelDraft['details'] {
  const of = (kind: DetailKind): string | null => {
    const index = kinds.indexOf(kind);
    return index < 0 ? null : cells[index]?.trim() || null;
  };
  const examples = (of('examples') ?? '').split(/\s*[,;]\s*/).filter((example) => example !== '');
  return {
    responseText: of('response'),
    escalation: of('escalation'),
    definition: of('definition'),
    examples,
  };
}
