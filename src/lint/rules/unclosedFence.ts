// A fence that is never closed swallows the prose after it. Those of cells are told by the document itself.

import type { Problem } from '../../base/problem.ts';
import { type LintRule, lineRange, quoted } from '../lintRule.ts';

export const unclosedFence: LintRule = {
  codes: ['fence-unclosed'],
  check({ outline, lines, doc }) {
    const told = new Set(doc.problems.map(({ code, range }) => `${code} ${range.line}`));
    return outline.fences.flatMap((fence): Problem[] => {
      const marker = /(`{3,}|~{3,})/.exec(lines[fence.line] ?? '')?.[0];
      if (!marker || told.has(`fence-unclosed ${fence.line}`)) return [];
      const last = lines[fence.endLine - 1] ?? '';
      const closing = new RegExp(`^[\\s>]*\\${marker[0]}{${marker.length},}\\s*$`);
      if (fence.endLine - 1 > fence.line && closing.test(last)) return [];
      return [
        {
          code: 'fence-unclosed',
          message: `\`${quoted(lines[fence.line] ?? '')}\` is never closed: what follows is taken for its content`,
          severity: 'warning',
          range: lineRange(lines, fence.line),
        },
      ];
    });
  },
};
