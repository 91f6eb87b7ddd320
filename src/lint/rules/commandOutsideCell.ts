// Commands that make no cell: in a fence without a tag, in an indented block, or in HTML.

import type { Problem } from '../../base/problem.ts';
import { startsLikeCommand } from '../../document/commandWords.ts';
import { type LintInput, type LintRule, lineRange, quoted } from '../lintRule.ts';

export const commandOutsideCell: LintRule = {
  codes: ['command-outside-cell'],
  check(input) {
    return [...untagged(input), ...blocks(input)];
  },
};

function untagged({ doc, lines }: LintInput): Problem[] {
  return doc.cells.flatMap(({ offers }) =>
    (offers ?? []).map(({ lines: [line], tag, text }): Problem => {
      const marker = lines[line] ?? '';
      const end = marker.trimEnd().length;
      return {
        code: 'command-outside-cell',
        message: `\`${quoted(firstCommand(text))}\` stands in a fence without a tag and is no cell`,
        severity: 'info',
        range: lineRange(lines, line),
        fix: {
          title: `Tag the fence "${tag}"`,
          range: { line, character: end, endLine: line, endCharacter: marker.length },
          text: tag,
        },
      };
    }),
  );
}

function blocks({ outline, lines }: LintInput): Problem[] {
  return outline.blocks.flatMap(({ kind, line, endLine }): Problem[] => {
    for (let at = line; at < endLine; at++) {
      const text = (lines[at] ?? '').trim();
      const isFence = kind === 'html' && /^(`{3,}|~{3,})\s*(bash|sh|shell|zsh|console)\b/.test(text);
      const isCommand =
        kind === 'indented' ? startsLikeCommand(text) && /\s/.test(text) : kind === 'one-line' && text !== '';
      if (!isFence && !isCommand) continue;
      const where = {
        html: 'inside HTML',
        indented: 'in an indented block',
        'one-line': 'between backticks on one line',
      };
      return [
        {
          code: 'command-outside-cell',
          message: `\`${quoted(text.replaceAll('`', ''))}\` stands ${where[kind]} and is no cell`,
          severity: 'info',
          range: lineRange(lines, at),
        },
      ];
    }
    return [];
  });
}

function firstCommand(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '' && !/^\s*#/.test(line)) ?? text;
}
