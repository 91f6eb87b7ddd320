// Alerts that the runbook names and no known rule has.

import { nameKey } from '../../alerts/alertName.ts';
import type { Problem } from '../../base/problem.ts';
import { type LintRule, lineRange } from '../lintRule.ts';

/** A file's own name and title may be any words; what is written out as an alert's name is meant. */
const meant = new Set(['front-matter', 'label', 'alert-heading', 'table', 'command']);

export const unknownAlert: LintRule = {
  codes: ['unknown-alert'],
  check({ doc, told, knownAlerts, lines }) {
    if (knownAlerts.length === 0) return [];
    const preamble = doc.preamble.split(/\r\n|\n|\r/);
    const known = new Set(knownAlerts);
    const spelled = new Map(knownAlerts.map((name) => [nameKey(name), name]));
    const named = new Map(
      [...told.alerts, ...told.cells.flatMap(({ alerts }) => alerts)].map((link) => [
        `${link.name} ${link.line}`,
        link,
      ]),
    );
    return [...named.values()].flatMap(({ name, via, line: at }): Problem[] => {
      if (!meant.has(via) || known.has(name) || at === undefined) return [];
      const inFront = via === 'front-matter';
      const line = inFront ? frontMatterLine(preamble, name) : at;
      const rule = spelled.get(nameKey(name));
      const text = (inFront ? preamble : lines)[line] ?? '';
      const character = text.indexOf(name);
      const range =
        character < 0
          ? lineRange(lines, line)
          : { line, character, endLine: line, endCharacter: character + name.length };
      return [
        {
          code: 'unknown-alert',
          message: rule
            ? `\`${name}\` is spelled \`${rule}\` in its rule`
            : `no known rule is named \`${name}\``,
          severity: 'warning',
          range,
          ...(rule && character >= 0 && { fix: { title: `Write ${rule}`, range, text: rule } }),
        },
      ];
    });
  },
};

/** The line of the front matter that names it; its first one where none does, as behind an anchor. */
function frontMatterLine(preamble: readonly string[], name: string): number {
  return Math.max(
    0,
    preamble.findIndex((text) => text.includes(name)),
  );
}
