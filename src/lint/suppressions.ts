// Suppressions in the file, as HTML comments: `<!-- lint-disable-next CODE… -->` for the next line or block,
// `<!-- lint-disable CODE… -->` up to `<!-- lint-enable CODE… -->` or the end, `<!-- lint-disable-file CODE… -->`.
// Words after `--` are the reason. Without a code nothing is suppressed: a blanket would hide what comes later.

import type { Problem } from '../base/problem.ts';
import { type LintInput, lineRange } from './lintRule.ts';
import { lintCodes } from './rules/lintRules.ts';

const comment = /<!--\s*lint-(disable-next|disable-file|disable|enable)\b([^>]*?)-->/;

interface Suppression {
  readonly code: string;
  /** Where it stands. */
  readonly at: number;
  readonly line: number;
  endLine: number;
  used: boolean;
}

/** The problems that stay, with those of the suppressions themselves: unknown codes, and ones that suppress nothing. */
export function applySuppressions(input: LintInput, problems: readonly Problem[]): Problem[] {
  const { suppressions, mistakes } = readSuppressions(input);
  const left = problems.filter((problem) => {
    const own = suppressions.filter(
      ({ code, line, endLine }) =>
        code === problem.code && line <= problem.range.line && problem.range.line < endLine,
    );
    for (const one of own) one.used = true;
    return own.length === 0;
  });
  const unused = suppressions
    .filter(({ used }) => !used)
    .map(({ code, at }): Problem => {
      const message = `\`${code}\` is suppressed here and does not occur`;
      return { code: 'unused-suppression', message, severity: 'hint', range: lineRange(input.lines, at) };
    });
  return [...left, ...mistakes, ...unused];
}

function readSuppressions(input: LintInput): { suppressions: Suppression[]; mistakes: Problem[] } {
  const { lines, outline } = input;
  const inFence = new Set(outline.fences.flatMap(({ line, endLine }) => range(line, endLine)));
  const suppressions: Suppression[] = [];
  const mistakes: Problem[] = [];
  lines.forEach((text, at) => {
    const match = inFence.has(at) ? null : comment.exec(text);
    if (!match) return;
    const codes = match[2]!
      .split(/\s--\s/)[0]!
      .split(/[\s,]+/)
      .filter((code) => code !== '');
    for (const code of codes) {
      if (!lintCodes.has(code)) {
        const message = `\`${code}\` is no code of a lint rule`;
        mistakes.push({
          code: 'unknown-suppression',
          message,
          severity: 'warning',
          range: lineRange(lines, at),
        });
      } else if (match[1] === 'enable') {
        for (const one of suppressions)
          if (one.code === code && one.endLine === lines.length) one.endLine = at;
      } else {
        suppressions.push({ code, at, used: false, ...reachOf(match[1]!, at, input) });
      }
    }
    if (codes.length === 0) {
      const message = `\`${match[0]}\` names no code, and suppresses nothing`;
      mistakes.push({
        code: 'unknown-suppression',
        message,
        severity: 'warning',
        range: lineRange(lines, at),
      });
    }
  });
  return { suppressions, mistakes };
}

function reachOf(word: string, at: number, { lines, outline }: LintInput): { line: number; endLine: number } {
  if (word === 'disable-file') return { line: 0, endLine: lines.length };
  if (word === 'disable') return { line: at, endLine: lines.length };
  let next = at + 1;
  while (next < lines.length && (lines[next]!.trim() === '' || comment.test(lines[next]!))) next += 1;
  const fence = outline.fences.find(({ line }) => line === next);
  return { line: at, endLine: fence ? fence.endLine : next + 1 };
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
