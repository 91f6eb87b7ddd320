// Links to files that are not there, and anchors that no heading has.

import { normaliseName } from '../../alerts/alertName.ts';
import { headingAnchors, slugOf } from '../../alerts/rules/headingAnchors.ts';
import type { Problem, SourceRange } from '../../base/problem.ts';
import { type LintFiles, type LintInput, type LintRule, lineRange } from '../lintRule.ts';

export const deadLink: LintRule = {
  codes: ['dead-link', 'dead-anchor'],
  async check(input) {
    const own = new Set(headingAnchors(input.outline).keys());
    for (const id of input.outline.ids) own.add(id.toLowerCase());
    const problems: Problem[] = [];
    for (const { line, href } of input.outline.links) {
      const [path = '', anchor = ''] = href.split('#', 2);
      if (/^[a-z][a-z0-9+.-]*:|^\/\/|^\{|\{\{/i.test(href)) continue;
      const range = hrefRange(input, line, href);
      const file = decode(path.replace(/\?.*$/, ''));
      if (file === '') {
        if (anchor !== '') problems.push(...judgeAnchor(decode(anchor), own, 'this document', range, input));
      } else if (input.files && !file.startsWith('/')) {
        problems.push(...(await judgeFile(input.files, file, decode(anchor), href, range, input)));
      }
    }
    return problems;
  },
};

async function judgeFile(
  files: LintFiles,
  file: string,
  anchor: string,
  href: string,
  range: SourceRange,
  input: LintInput,
): Promise<Problem[]> {
  const kind = await files.kind(file);
  if (kind === 'none') {
    return [
      { code: 'dead-link', message: `\`${decode(href)}\` leads to no file`, severity: 'warning', range },
    ];
  }
  if (anchor === '' || kind === 'folder' || !/\.(md|markdown)$/i.test(file)) return [];
  const anchors = await files.anchors(file);
  return anchors ? judgeAnchor(anchor, anchors, file, range, input) : [];
}

function judgeAnchor(
  anchor: string,
  anchors: ReadonlySet<string>,
  where: string,
  range: SourceRange,
  { lines }: LintInput,
): Problem[] {
  if (anchors.has(anchor.toLowerCase()) && anchors.has(anchor)) return [];
  const lower = anchor.toLowerCase();
  const meant = [lower, slugOf(anchor)].find((one) => anchors.has(one));
  const near = meant ?? [...anchors].find((one) => normaliseName(one) === normaliseName(anchor));
  const source = (lines[range.line] ?? '').slice(range.character, range.endCharacter);
  const at = range.character + source.lastIndexOf(`#`) + 1;
  const spot = { line: range.line, character: at, endLine: range.line, endCharacter: range.endCharacter };
  return [
    {
      code: 'dead-anchor',
      message: `\`#${anchor}\` is no heading of ${where}${near ? `; \`#${near}\` is` : ''}`,
      severity: 'warning',
      range,
      ...(near && source.includes('#') && { fix: { title: `Write #${near}`, range: spot, text: near } }),
    },
  ];
}

/** Where the link's target stands on its line, else the line. */
function hrefRange({ lines }: LintInput, line: number, href: string): SourceRange {
  const text = lines[line] ?? '';
  for (const form of [href, decode(href)]) {
    const character = text.indexOf(form);
    if (character >= 0) return { line, character, endLine: line, endCharacter: character + form.length };
  }
  return lineRange(lines, line);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
