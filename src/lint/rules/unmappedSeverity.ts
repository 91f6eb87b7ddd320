// A severity that no scale of the document and none of the general words maps to a level.

import type { Problem } from '../../base/problem.ts';
import { type LintRule, lineRange } from '../lintRule.ts';

export const unmappedSeverity: LintRule = {
  codes: ['unmapped-severity'],
  check({ told, lines }) {
    const seen = new Set<string>();
    return [told.severity, ...told.cells.map(({ severity }) => severity)].flatMap((severity): Problem[] => {
      if (!severity || severity.level !== null || severity.line === undefined) return [];
      const key = `${severity.line} ${severity.raw}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [
        {
          code: 'unmapped-severity',
          message: `\`${severity.raw}\` is no known severity: lay down the scale in this document, or say critical, high, warning or info`,
          severity: 'info',
          range: lineRange(lines, severity.line),
        },
      ];
    });
  },
};
