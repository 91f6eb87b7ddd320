// Random Markdown made of what breaks parsers: containers, fences, tabs, line endings, half-open constructs.

import fc from 'fast-check';

const prefixes = [
  '',
  '',
  '',
  '  ',
  '   ',
  '    ',
  '\t',
  '- ',
  '1. ',
  '10) ',
  '* ',
  '> ',
  '>',
  '-\t',
  '> - ',
  '  > ',
  '      ',
];
const contents = [
  '```bash',
  '```bash',
  '```sh {name=x}',
  '```',
  '```',
  '````',
  '~~~console',
  '~~~',
  '``` bash',
  '```Shell title="a b"',
  '```yaml',
  'ls',
  '$ ls -l',
  'kubectl get pods',
  '',
  '',
  '# Heading',
  'Title\n===',
  '---',
  '<!-- {name=y} -->',
  '<!--',
  '-->',
  '<details>',
  '</details>',
  'text',
  '\u00a0nbsp',
  '\ufeff',
  'nul \0 here',
  '[ref]: /url',
  'é\u{10FF90}',
  '`code`',
  '+++',
  '{',
]; // biome-ignore format: one list

const line = fc
  .tuple(fc.array(fc.constantFrom(...prefixes), { maxLength: 3 }), fc.constantFrom(...contents))
  .map(([before, content]) => before.join('') + content);

/** Lines with one line ending, or with any. */
export const markdownText: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '\n')), { maxLength: 25 }),
    fc.constantFrom('\n', '\r\n', 'mixed'),
    fc.boolean(),
  )
  .map(([lines, ending, finalEnding]) => {
    const ended = lines.map(([text, own], index) =>
      index === lines.length - 1 && !finalEnding ? text : text + (ending === 'mixed' ? own : ending),
    );
    return ended.join('');
  });
