// Variables of the front matter that no session takes from a file.

import type { Problem } from '../../base/problem.ts';
import { mayFileSet } from '../../shell/fileVariables.ts';
import type { LintRule } from '../lintRule.ts';

export const environmentNotTaken: LintRule = {
  codes: ['environment-not-taken'],
  check({ doc }) {
    const preamble = doc.preamble.split(/\r\n|\n|\r/);
    return Object.entries(doc.settings.env ?? {}).flatMap(([name, value]): Problem[] => {
      if (mayFileSet(name, value)) return [];
      const line = Math.max(
        0,
        preamble.findIndex((text) => text.includes(name)),
      );
      const character = Math.max(0, (preamble[line] ?? '').indexOf(name));
      return [
        {
          code: 'environment-not-taken',
          message: `\`${name}\` decides what runs or where calls go, so no session takes it from a runbook: set it where VS Code or \`runbook\` is started`,
          severity: 'warning',
          range: { line, character, endLine: line, endCharacter: character + name.length },
        },
      ];
    });
  },
};
