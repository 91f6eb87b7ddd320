// A runbook that names different alerts in different places.

import { type LintRule, lineRange } from '../lintRule.ts';

export const alertConflict: LintRule = {
  codes: ['alert-conflict'],
  check: ({ told, lines }) =>
    told.conflicts.map(({ message, line = 0 }) => ({
      code: 'alert-conflict',
      message: `this runbook names two alerts: ${message}`,
      severity: 'warning',
      range: lineRange(lines, line),
    })),
};
