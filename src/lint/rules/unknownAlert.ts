// Alerts that the runbook names and no known rule has.

import { nameKey } from '../../alerts/alertName.ts';
import type { Problem } from '../../base/problem.ts';
import { type LintRule, lineRange } from '../lintRule.ts';

/** A file's own name and title may be any words; what is written out as an alert's name is meant. */
const meant = new Set(['front-matter', 'label', 'alert-heading', 'table', 'command']);

export const unknownAlert: LintRule = {
  codes: ['unknown-alert'],
  check({ told, knownAlerts, lines }) {
    if (knownAlerts.length === 0) return [];
    const known = new Set(knownAlerts);
    const spelled = new Map(knownAlerts.map((name) => [nameKey(name), name]));
    const named = new Map(
      [...told.alerts, ...told.cells.flatMap(({ alerts }) => alerts)].map((link) => [
        `${link.name} ${link.line}`,
        link,
      ]),
    );
    return [...named.values()].flatMap(({ name, via, line }): Problem[] => {
      if (!meant.has(via) || known.has(name) || line === undefined) return [];
      const rule = spelled.get(nameKey(name));
      const text = lines[line] ?? '';
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
