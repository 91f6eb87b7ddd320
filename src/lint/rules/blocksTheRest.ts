// A command that does not end by itself, with others after it in the same cell: they never run.

import type { Problem } from '../../base/problem.ts';
import { type LintRule, quoted } from '../lintRule.ts';

export const blocksTheRest: LintRule = {
  codes: ['blocks-the-rest'],
  check({ cells }) {
    return cells.flatMap((cell) => {
      const commands = cell.assessment?.commands ?? [];
      return commands.flatMap((command): Problem[] => {
        if (!command.blocking || command.background || command.parent !== null) return [];
        const next = commands.find((other) => other.line >= Math.max(command.endLine, command.line + 1));
        if (!next) return [];
        const starts =
          cell.text.split('\n').slice(0, command.line).join('\n').length + (command.line > 0 ? 1 : 0);
        const at = Math.max(cell.text.indexOf(command.text, starts), starts);
        return [
          {
            code: 'blocks-the-rest',
            message: `\`${quoted(command.text)}\` ${command.blocking} until it is stopped: \`${quoted(next.text, 40)}\` never runs`,
            severity: 'warning',
            range: cell.rangeOf(at, at + command.text.length),
          },
        ];
      });
    });
  },
};
