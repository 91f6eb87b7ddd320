// A table's row `Severity | critical`; a column beside alerts' names is read with the alerts.

import { ownReach, type SeverityMatcher, widenedReach } from '../declaration.ts';
import { readSeverityWord } from './readSeverityWord.ts';

export const matchTableSeverity: SeverityMatcher = (context) =>
  context.outline.tables.flatMap((table) => {
    if (context.inScale(table.line) || table.header.length !== 2) return [];
    return [{ line: table.line, cells: table.header }, ...table.rows].flatMap(({ line, cells }) => {
      if (!/^(alert\s+)?severity\s*:?$/i.test(cells[0]?.trim() ?? '')) return [];
      const word = readSeverityWord(cells[1] ?? '');
      // `Severity | Description` is a header, not a severity.
      if (!word || /^(description|meaning|response|value|impact|alert)/i.test(word.raw)) return [];
      const reach = widenedReach(context, line);
      return [
        { ...word, via: 'table' as const, line, reach, own: ownReach(context, line), strength: 1 as const },
      ];
    });
  });
