// Programs that this machine has not, and scripts that the repository has not.

import type { Problem } from '../../base/problem.ts';
import type { LintInput, LintRule } from '../lintRule.ts';

const builtins = new Set(
  (
    '. : [ [[ alias bg bind break builtin caller case cd command compgen complete continue declare dirs disown echo enable ' +
    'eval exec exit export false fc fg for function getopts hash help history if jobs kill let local logout mapfile popd ' +
    'printf pushd pwd read readarray readonly return select set shift shopt source suspend test then time times trap ' +
    'true type typeset ulimit umask unalias unset until wait while'
  ).split(' '),
);

export const toolMissing: LintRule = {
  codes: ['tool-missing', 'script-missing'],
  async check(input) {
    const defined = functionNames(input);
    const seen = new Set<string>();
    const problems: Problem[] = [];
    for (const cell of input.cells) {
      for (const { tool, line, place } of cell.assessment?.commands ?? []) {
        if (place.kind !== 'here' || tool === '' || builtins.has(tool) || defined.has(tool) || seen.has(tool))
          continue;
        seen.add(tool);
        const missing = tool.includes('/')
          ? await missingScript(input, tool)
          : await missingTool(input, tool);
        const at = cell.text.indexOf(tool, startOfLine(cell.text, line));
        if (missing && at >= 0)
          problems.push({ ...missing, severity: 'info', range: cell.rangeOf(at, at + tool.length) });
      }
    }
    return problems;
  },
};

type Bare = Pick<Problem, 'code' | 'message'>;

async function missingTool({ tools }: LintInput, name: string): Promise<Bare | null> {
  if (!tools || !/^[\w.+-]+$/.test(name) || (await tools.has(name))) return null;
  return { code: 'tool-missing', message: `\`${name}\` is not installed here` };
}

async function missingScript({ files }: LintInput, path: string): Promise<Bare | null> {
  // A path without `./` and without a script's ending may be a metric, a ratio, an image.
  if (!files || !/^\.\.?\/|\.(sh|bash|py|rb|pl|js|ts)$/.test(path) || /^[/~]|[$<>{}]/.test(path)) return null;
  const kind = await files.kind(path.replace(/^\.\//, ''));
  return kind === 'file'
    ? null
    : { code: 'script-missing', message: `\`${path}\` is no file beside this runbook` };
}

function functionNames({ cells }: LintInput): Set<string> {
  const names = cells.flatMap(({ text }) =>
    [...text.matchAll(/(?:^|[\s;])(?:function\s+)?([\w-]+)\s*\(\)|\balias\s+([\w-]+)=/g)].map(
      (match) => match[1] ?? match[2]!,
    ),
  );
  return new Set(names);
}

function startOfLine(text: string, line: number): number {
  let at = 0;
  for (let count = 0; count < line; count++) at = text.indexOf('\n', at) + 1;
  return at;
}
