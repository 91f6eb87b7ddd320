// An unquoted variable in a destructive command: empty it vanishes, with a space in it it becomes two arguments.

import type { Problem } from '../../base/problem.ts';
import type { CallSite, CallWord } from '../callSite.ts';
import type { LintCell } from '../lintCell.ts';
import { type LintInput, type LintRule, quoted } from '../lintRule.ts';

export const unquotedVariable: LintRule = {
  codes: ['unquoted-variable'],
  check(input) {
    const several = severalWords(input);
    return input.cells.flatMap((cell) =>
      cell.calls
        .filter((call) => isDestructive(cell, call))
        .flatMap((call) =>
          call.words.filter(({ bare }) => bare.length > 0).map((word) => problem(cell, call, word, several)),
        ),
    );
  },
};

function problem(cell: LintCell, call: CallSite, word: CallWord, several: ReadonlySet<string>): Problem {
  const range = cell.rangeOf(word.start, word.end);
  const text = quotedWord(word);
  const isSure =
    text !== null && !word.bare.some(({ name }) => several.has(name) || /(S|ARGS|OPTS|FLAGS|s)$/.test(name));
  return {
    code: 'unquoted-variable',
    message: `\`${quoted(word.text)}\` is not quoted in \`${quoted(cell.text.slice(call.start, call.end))}\`, which destroys`,
    severity: 'warning',
    range,
    ...(isSure && { fix: { title: `Write ${quoted(text)}`, range, text } }),
  };
}

/** The whole word in quotes, or, where the shell shall expand a `*` in it, only the variables. */
function quotedWord(word: CallWord): string | null {
  if (/["'`\\]|\$\(/.test(word.text)) return null;
  if (!/[*?[{~]/.test(word.text.replace(/\$\{[^}]*\}/g, ''))) return `"${word.text}"`;
  let out = '';
  let at = word.start;
  for (const { start, end } of word.bare) {
    out += `${word.text.slice(at - word.start, start - word.start)}"${word.text.slice(start - word.start, end - word.start)}"`;
    at = end;
  }
  return out + word.text.slice(at - word.start);
}

function isDestructive(cell: LintCell, call: CallSite): boolean {
  const line = cell.text.slice(0, call.start).split('\n').length - 1;
  return (cell.assessment?.commands ?? []).some(
    (command) =>
      command.risk === 'destroy' &&
      command.tool.split('/').at(-1) === call.name &&
      command.line <= line &&
      line < Math.max(command.endLine, command.line + 1),
  );
}

/** Variables that are meant to become several words: quotes would break them. */
function severalWords({ cells }: LintInput): Set<string> {
  const names = new Set<string>();
  for (const { text } of cells) {
    for (const [, name] of text.matchAll(/\b([A-Za-z_]\w*)=(?:"[^"\n]*\s[^"\n]*"|'[^'\n]*\s[^'\n]*'|\()/g)) {
      // A substitution with spaces in its command is one value as often as not: only literal lists count.
      const value = new RegExp(`\\b${name}=["'][^"'\\n]*\\$\\(`).test(text);
      if (!value) names.add(name!);
    }
  }
  return names;
}
